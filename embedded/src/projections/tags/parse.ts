import { PHASE_TAG, type Tag } from "./tag.ts";

/** Reads the tag that the members of a metadata object hold; undefined where one of them is of the wrong type. */
export function parseTag(metadata: Readonly<Record<string, unknown>>): Tag | undefined {
  const { $c: commit, $p: prepare, $s: streams } = metadata;
  const revisions = streams === undefined ? undefined : parseRevisions(streams);
  if (streams !== undefined && revisions === undefined) return undefined;
  if (commit !== undefined || prepare !== undefined) {
    if (!isNumber(commit) || !isNumber(prepare)) return undefined;
    if (revisions === undefined) return { mode: "Position", commit, prepare };
    return { mode: "EventTypeIndex", commit, prepare, types: revisions };
  }
  if (revisions === undefined) return PHASE_TAG;
  const [only, ...others] = revisions;
  if (only === undefined) return PHASE_TAG;
  if (others.length > 0) return { mode: "MultiStream", streams: revisions };
  return { mode: "Stream", stream: only[0], revision: only[1] };
}

function parseRevisions(value: unknown): ReadonlyMap<string, number> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  return entries.every((entry): entry is [string, number] => isNumber(entry[1])) ? new Map(entries) : undefined;
}

const isNumber = (value: unknown): value is number => typeof value === "number";
