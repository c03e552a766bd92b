import { recordText } from "../record-text.ts";
import { parseTag } from "../tags/parse.ts";
import type { Tag } from "../tags/tag.ts";
import { parseVersion, type ProjectionVersion } from "../version.ts";

/** What the metadata of an event in a projection's output say: who wrote it, and at which place of its source. */
export type Stamp =
  | { readonly kind: "stamped"; readonly version: ProjectionVersion; readonly tag: Tag }
  /** No metadata at all: no projection wrote it. */
  | { readonly kind: "unstamped" }
  /** Metadata that the server stumbles over: no JSON object, or one with a stamp of the wrong form. */
  | { readonly kind: "unreadable" };

/**
 * Reads the stamp of an event. Metadata without a version count as the asking projection's own from before its first version
 * (spec 3.6, case 6).
 */
export function readStamp(metadata: Uint8Array, reader: ProjectionVersion): Stamp {
  if (metadata.length === 0) return { kind: "unstamped" };
  const members = parseObject(metadata);
  const tag = members && parseTag(members);
  if (members === undefined || tag === undefined) return { kind: "unreadable" };
  const text = members["$v"];
  if (text === undefined) return { kind: "stamped", version: { id: reader.id, epoch: 0, version: 0 }, tag };
  const version = typeof text === "string" ? parseVersion(text) : undefined;
  return version === undefined ? { kind: "unreadable" } : { kind: "stamped", version, tag };
}

function parseObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(recordText(bytes));
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
