import type { Log } from "../log/log.ts";
import { TOMBSTONE_REVISION } from "../log/record.ts";
import { describedBy, type StreamMetadata } from "./stream-metadata.ts";

export interface StreamEnd {
  readonly metadata: StreamMetadata;
  /** Its last revision. */
  readonly last: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: number;
}

/** First revision of a stream that its metadata leaves readable. */
export function firstReadable(log: Log, stream: string, { metadata, last, now }: StreamEnd): number {
  const first = firstVisible(metadata, last);
  if (metadata.maxAge === undefined || first > last) return first;
  const createdAt = (revision: number) => log.acceptedRecord(stream, revision)?.created;
  return firstWrittenSince(first, last, now - metadata.maxAge, createdAt);
}

/** Metadata of metadata that is looked through. Two steps are recorded (corrections 1.8); names are long enough for 30,000. */
const MOST_STEPS = 16;

/** Whether the stream that this one describes is tombstoned, directly or through metadata of metadata (corrections 1.8). */
export function describesTombstoned(stream: string, lastRevision: (described: string) => number): boolean {
  let described = describedBy(stream);
  for (let step = 0; step < MOST_STEPS && described !== undefined; step++) {
    if (lastRevision(described) === TOMBSTONE_REVISION) return true;
    described = describedBy(described);
  }
  return false;
}

/** First revision that `$tb` and `$maxCount` leave readable, in a stream whose last revision is `last`. */
export function firstVisible(metadata: StreamMetadata, last: number): number {
  const { truncateBefore = 0, maxCount } = metadata;
  return Math.max(0, truncateBefore, maxCount === undefined ? 0 : last - maxCount + 1);
}

/**
 * First revision in `[first, last]` that was written at or after `since`, or `last + 1`.
 * Time does not go back along a stream, so halving finds it. A revision that is gone is older than any other.
 */
export function firstWrittenSince(
  first: number,
  last: number,
  since: number,
  createdAt: (revision: number) => number | undefined,
): number {
  let low = first;
  let high = last + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((createdAt(middle) ?? -Infinity) < since) low = middle + 1;
    else high = middle;
  }
  return low;
}
