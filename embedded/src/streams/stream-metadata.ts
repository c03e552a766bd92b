import type { NewRecord } from "../log/record.ts";

/** What `$metadata` says of a stream; keys that are absent, void or out of range are undefined (spec 1.8). */
export interface StreamMetadata {
  readonly maxCount?: number;
  /** Milliseconds. */
  readonly maxAge?: number;
  /** First revision that is not truncated away; {@link SOFT_DELETED} hides everything. */
  readonly truncateBefore?: number;
  readonly acl?: StreamAcl;
}

/** Who may do what; each list holds user and group names, `$all` meaning everybody. */
export interface StreamAcl {
  readonly read?: readonly string[];
  readonly write?: readonly string[];
  readonly delete?: readonly string[];
  readonly metaRead?: readonly string[];
  readonly metaWrite?: readonly string[];
}

/** `$tb` of a soft-deleted stream: 2^63 - 1 on the wire, which parses to this double. */
export const SOFT_DELETED = 2 ** 63;

export const NO_METADATA: StreamMetadata = {};

/** A metastream's own metadata: nobody can make it keep more than one visible event (corrections 1.8). */
export const METASTREAM_METADATA: StreamMetadata = { maxCount: 1 };

export const METADATA_TYPE = "$metadata";

export function metastreamOf(stream: string): string {
  return `$$${stream}`;
}

/** The stream that a metastream describes, undefined for any other stream. */
export function describedBy(stream: string): string | undefined {
  return stream.startsWith("$$") ? stream.slice(2) : undefined;
}

export function isSoftDeleted(metadata: StreamMetadata): boolean {
  return metadata.truncateBefore === SOFT_DELETED;
}

/**
 * Reads a metadata event. One value of the wrong JSON type in a known key makes the whole document void;
 * a number out of its range only that key (corrections 1.8). The event's type does not matter, its JSON flag does.
 */
export function parseStreamMetadata(record: NewRecord): StreamMetadata {
  const document = metadataDocument(record, exactly);
  if (document === undefined) return NO_METADATA;
  try {
    const maxCount = wholeNumber(document["$maxCount"], 1);
    const maxAge = wholeNumber(document["$maxAge"], 1);
    const truncateBefore = wholeNumber(document["$tb"], 0);
    wholeNumber(document["$cacheControl"], 1);
    const acl = parseAcl(document["$acl"]);
    return {
      ...(maxCount === undefined ? {} : { maxCount }),
      ...(maxAge === undefined ? {} : { maxAge: maxAge * 1000 }),
      ...(truncateBefore === undefined ? {} : { truncateBefore }),
      ...(acl === undefined ? {} : { acl }),
    };
  } catch (error) {
    if (error instanceof VoidMetadata) return NO_METADATA;
    throw error;
  }
}

/** The JSON object in a metadata event, undefined where there is none. */
export function metadataDocument(record: NewRecord, reviver?: Reviver): Readonly<Record<string, unknown>> | undefined {
  if (!record.isJson) return undefined;
  const document = parseJson(record.data, reviver);
  return isObject(document) ? document : undefined;
}

/**
 * What metadata must become for a soft-deleted stream to live again with `truncateBefore` as its first revision;
 * undefined when it stays as it is. Metadata that is JSON without being an object is left alone (corrections 1.8).
 */
export function revivedMetadata(current: NewRecord, truncateBefore: number): string | undefined {
  if (!current.isJson) return JSON.stringify({ $tb: truncateBefore });
  const document = metadataDocument(current, asWritten);
  return document === undefined ? undefined : JSON.stringify({ ...document, $tb: truncateBefore });
}

class VoidMetadata extends Error {}

/** The engine tells how a number was written, which this library's types do not know yet. */
type Reviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown;

/**
 * The server takes whole numbers of 64 bits as they are written. `1.0` is none, nor is 2^63, which as a double could not be
 * told from the 2^63 - 1 of a soft delete: they become NaN, which no key can be.
 */
function exactly(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== "number" || source === undefined) return value;
  return /^-?\d{1,19}$/.test(source) && BigInt.asIntN(64, BigInt(source)) === BigInt(source) ? value : NaN;
}

/** Numbers that are written again as they came: some have more digits than a double holds. */
function asWritten(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === "number" && context?.source !== undefined ? rawJson(context.source) : value;
}

/** Nor do they know how to write one that way. */
const { rawJSON: rawJson } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };

function parseJson(bytes: Uint8Array, reviver: Reviver | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8"), reviver);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wholeNumber(value: unknown, least: number): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "number" || !Number.isInteger(value)) throw new VoidMetadata();
  return value < least ? undefined : value;
}

/** An ACL as JSON has it, for settings that hold one elsewhere; undefined for one of the wrong form. */
export function parseStreamAcl(value: unknown): StreamAcl | undefined {
  try {
    return parseAcl(value);
  } catch (error) {
    if (error instanceof VoidMetadata) return undefined;
    throw error;
  }
}

const ROLES: readonly (readonly [key: string, role: keyof StreamAcl])[] = [
  ["$r", "read"],
  ["$w", "write"],
  ["$d", "delete"],
  ["$mr", "metaRead"],
  ["$mw", "metaWrite"],
];

function parseAcl(value: unknown): StreamAcl | undefined {
  if (value === undefined) return undefined;
  if (!isObject(value)) throw new VoidMetadata();
  return Object.fromEntries(
    ROLES.flatMap(([key, role]) => (value[key] === undefined ? [] : [[role, parseRoles(value[key])]])),
  );
}

function parseRoles(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (!Array.isArray(value) || !value.every((role): role is string => typeof role === "string"))
    throw new VoidMetadata();
  return value;
}
