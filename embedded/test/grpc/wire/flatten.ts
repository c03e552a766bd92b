/** A message as `path` → text, so that two libraries' idea of it can be compared by name and value. */
export type Flat = Record<string, string>;

const bare = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
const join = (path: string, name: string): string => (path === "" ? bare(name) : `${path}.${bare(name)}`);
const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array;

/** What one of our own codecs takes. */
export function flattenOwn(value: unknown, path = "", into: Flat = {}): Flat {
  if (value === undefined) return into;
  if (isBytes(value)) into[path] = Buffer.from(value).toString("base64");
  else if (Array.isArray(value)) value.forEach((one, i) => flattenOwn(one, `${path}.${i}`, into));
  else if (value instanceof Map) flattenOwn([...value], path, into);
  else if (typeof value === "object" && value !== null) {
    if ("case" in value) {
      // The generated classes know the cases of a oneof, not the oneof itself.
      const inner = join(path.replace(/(^|\.)[a-z0-9]+$/, ""), String(value.case).replace("_21_10_0", ""));
      flattenOwn("value" in value ? value.value : {}, inner, into);
      return into;
    }
    if (Object.values(value).every((one) => one === undefined)) into[path] = "{}";
    for (const [name, one] of Object.entries(value)) flattenOwn(one, join(path, name), into);
  } else into[path] = String(value);
  return into;
}

/** What `toObject()` of a generated class gives; what proto3 leaves out is left out here, too. */
export function flattenGenerated(value: unknown, path = "", into: Flat = {}): Flat {
  if (value === undefined || value === null) return into;
  if (Array.isArray(value)) value.forEach((one, i) => flattenGenerated(one, `${path}.${i}`, into));
  else if (typeof value === "object") {
    if ("streamName" in value) {
      into[path] = Buffer.from(String(value.streamName), "base64").toString("utf8");
    } else if ("structured" in value && "string" in value && typeof value.string === "string" && value.string !== "") {
      into[path] = value.string;
    } else {
      if (Object.keys(value).length === 0) into[path] = "{}";
      for (const [name, one] of Object.entries(value)) {
        flattenGenerated(one, join(path, name.replace(/(List|Map)$/, "").replace(/^pb(?=_|transient)/, "")), into);
      }
    }
  } else into[path] = String(value);
  return into;
}
