import type { StreamAcl } from "../topology/access.ts";

/** Metadata of a stream as it was read: the JSON object in its last metadata event. */
export type MetadataDocument = Readonly<Record<string, unknown>>;

/** `$tb` of a stream that was deleted; new metadata would let it live again (spec 1.8). */
const DELETED = 2n ** 63n - 1n;

/**
 * Reads metadata of a stream; undefined for what is no JSON object, which the server takes for none. Numbers beyond what a double
 * holds are kept, digit by digit.
 */
export function readMetadata(data: Uint8Array): MetadataDocument | undefined {
  try {
    const document: unknown = JSON.parse(Buffer.from(data).toString("utf8"), exactly);
    return typeof document === "object" && document !== null && !Array.isArray(document)
      ? (document as MetadataDocument)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Metadata as it is stored. */
export const metadataText = (document: MetadataDocument): string =>
  JSON.stringify(document, (_key, value: unknown) =>
    typeof value === "bigint" ? `${MARK}${value}` : value,
  ).replaceAll(MARKED, "$1");

/** Other rights in metadata; all else in it stays. @param maxCount events that are kept, where nothing is said of that yet. */
export const withAcl = (
  document: MetadataDocument | undefined,
  acl: StreamAcl,
  maxCount: number | undefined,
): MetadataDocument => ({
  ...(maxCount === undefined ? {} : { $maxCount: maxCount }),
  ...document,
  $acl: Object.fromEntries(
    Object.entries(acl).map(([right, names]: [string, readonly string[]]) => [right, short(names)]),
  ),
});

/** Whether metadata gives just these rights, in whatever order and form names are written. */
export function hasAcl(document: MetadataDocument | undefined, acl: StreamAcl): boolean {
  const found: Readonly<Record<string, unknown>> = Object(document?.["$acl"]);
  return Object.entries(acl).every(([right, names]: [string, readonly string[]]) => {
    const there = namesIn(found[right]);
    return there !== undefined && there.size === new Set(names).size && names.every((name) => there.has(name));
  });
}

export const isDeleted = (document: MetadataDocument | undefined): boolean => document?.["$tb"] === DELETED;

/** What stands of a user in the last event of `$user-<login>`. */
export function metadataOfUser(data: Uint8Array): {
  readonly isDisabled: boolean;
  readonly groups: ReadonlySet<unknown>;
} {
  const { disabled, groups }: Readonly<Record<string, unknown>> = Object(readMetadata(data));
  return { isDisabled: disabled === true, groups: new Set(Array.isArray(groups) ? groups : []) };
}

function namesIn(value: unknown): ReadonlySet<unknown> | undefined {
  if (typeof value === "string") return new Set([value]);
  return Array.isArray(value) ? new Set(value) : undefined;
}

/** One name is written without a list, as the server itself does. */
const short = (names: readonly string[]): string | readonly string[] =>
  names.length === 1 && names[0] !== undefined ? names[0] : names;

/** No text of JSON holds this character unescaped. */
const MARK = "\u0001#";
const MARKED = /"\\u0001#(-?\d+)"/g;

/** The engine tells how a number was written, which this library's types do not know yet. */
function exactly(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const { source } = context ?? {};
  const isLong = typeof value === "number" && source !== undefined && /^-?\d+$/.test(source);
  return isLong && !Number.isSafeInteger(value) ? BigInt(source) : value;
}
