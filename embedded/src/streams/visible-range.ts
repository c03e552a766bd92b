import type { StreamMetadata } from "./stream-metadata.ts";

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
