import type { ExpectedRevision } from "./expected-revision.ts";

/** What the rule has to know of a stream. */
export interface StreamView {
  /** Revision of the last event, -1 for none. */
  readonly last: number;
  readonly isTombstoned: boolean;
  readonly isSoftDeleted: boolean;
  readonly hasMetadata: boolean;
  /** Id of the event at a revision, undefined where there is none. */
  idAt(revision: number): string | undefined;
  /** Revision in this stream at which an id was first seen, as far as it is remembered. */
  revisionOfId(id: string): number | undefined;
}

export type Verdict =
  | { readonly decision: "write" }
  /** All was written before; `revision` is where the last event listed stands. */
  | { readonly decision: "already-written"; readonly revision: number }
  | { readonly decision: "wrong-expected-revision" }
  | { readonly decision: "deleted" };

const WRITE: Verdict = { decision: "write" };
const WRONG: Verdict = { decision: "wrong-expected-revision" };
const DELETED: Verdict = { decision: "deleted" };

/** Whether events with these ids may be appended: expected revisions and idempotency (spec 1.7 with its corrections). */
export function judgeAppend(stream: StreamView, expected: ExpectedRevision, ids: readonly string[]): Verdict {
  if (stream.isTombstoned) return DELETED;
  switch (expected) {
    case "stream_exists":
      if (stream.isSoftDeleted) return DELETED;
      return stream.last < 0 && !stream.hasMetadata ? WRONG : judgeByMemory(stream, ids);
    case "any":
      return judgeByMemory(stream, ids);
    case "no_stream":
      return judgeByRevision(stream, -1, ids);
    default:
      return judgeByRevision(stream, expected, ids);
  }
}

/** Without an exact revision a repeat is recognized by where each id was seen first. */
function judgeByMemory(stream: StreamView, ids: readonly string[]): Verdict {
  const places = ids.map((id) => stream.revisionOfId(id));
  const last = places.at(-1);
  if (places.length === 0 || places[0] === undefined) return WRITE;
  return places.includes(undefined) || last === undefined ? WRONG : { decision: "already-written", revision: last };
}

function judgeByRevision(stream: StreamView, expected: number, ids: readonly string[]): Verdict {
  if (expected === stream.last) return WRITE;
  if (expected > stream.last || ids.length === 0) return WRONG;
  const differing = ids.findIndex((id, i) => stream.idAt(expected + 1 + i) !== id);
  if (differing < 0) return { decision: "already-written", revision: expected + ids.length };
  return differing === 0 && expected === -1 && stream.isSoftDeleted ? WRITE : WRONG;
}

/** Whether a stream may be deleted or tombstoned: no ids take part (spec 1.8). */
export function judgeDelete(stream: StreamView, expected: ExpectedRevision, canBeMissing: boolean): Verdict {
  if (stream.isTombstoned) return DELETED;
  const exists = stream.last >= 0 || stream.hasMetadata;
  if (!exists && !canBeMissing) return WRONG;
  switch (expected) {
    case "stream_exists":
      if (stream.isSoftDeleted) return DELETED;
      return exists ? WRITE : WRONG;
    case "any":
      return WRITE;
    case "no_stream":
      return stream.last < 0 || stream.isSoftDeleted ? WRITE : WRONG;
    default:
      return expected === stream.last ? WRITE : WRONG;
  }
}
