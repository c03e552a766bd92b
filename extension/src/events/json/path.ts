/** The steps from a value to one inside it: names of members, indexes of elements. */
export type JsonPath = readonly (string | number)[];

/** What lies at the end of a path; numbers as they were written where a JS number would lose digits. */
export type JsonScalar = string | number | bigint | boolean | null;

const STEP = /\.(?<name>[\p{L}\p{N}_$-]+)|\[(?<index>\d+)\]|\["(?<quoted>(?:[^"\\]|\\.)*)"\]/uy;

/** Reads `$.order.lines[0]["a name"]`; answers the steps and how many characters they took, undefined where none begins. */
export function parsePath(text: string): { path: JsonPath; length: number } | undefined {
  if (!text.startsWith("$")) {
    return undefined;
  }
  const path: (string | number)[] = [];
  STEP.lastIndex = 1;
  let length = 1;
  for (let found = STEP.exec(text); found !== null; found = STEP.exec(text)) {
    const { name, index, quoted } = found.groups ?? {};
    path.push(name ?? (index !== undefined ? Number(index) : unescaped(quoted ?? "")));
    length = STEP.lastIndex;
  }
  return path.length === 0 ? undefined : { path, length };
}

export function formatPath(path: JsonPath): string {
  return `$${path
    .map((step) =>
      typeof step === "number"
        ? `[${step}]`
        : /^[\p{L}\p{N}_$-]+$/u.test(step)
          ? `.${step}`
          : `[${JSON.stringify(step)}]`,
    )
    .join("")}`;
}

/** What lies at the path, undefined where nothing does; an object or a list as such. */
export function valueAt(json: string, path: JsonPath): JsonScalar | object | undefined {
  const value = follow(JSON.parse(json), path);
  // Parsing plainly is several times faster; only where digits may have been lost the text is asked.
  return typeof value === "number" && !Number.isSafeInteger(value) ? exactNumber(json, path) : value;
}

function exactNumber(json: string, path: JsonPath): JsonScalar | object | undefined {
  const exact: unknown = JSON.parse(
    json,
    function (this: unknown, _key, value: unknown, context?: { source?: string }) {
      return typeof value === "number" && context?.source !== undefined && /^-?\d+$/.test(context.source)
        ? BigInt(context.source)
        : value;
    },
  );
  return follow(exact, path);
}

function follow(value: unknown, path: JsonPath): JsonScalar | object | undefined {
  let at = value;
  for (const step of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) {
      return undefined;
    }
    at = (at as Record<string | number, unknown>)[step];
  }
  return at as JsonScalar | object;
}

function unescaped(quoted: string): string {
  try {
    return String(JSON.parse(`"${quoted}"`));
  } catch {
    // An escape that JSON does not know is meant as it stands.
    return quoted;
  }
}
