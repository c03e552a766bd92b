import type { Database } from "./database.ts";
import { decodeRecord } from "./record-codec.ts";
import type { IdPlace } from "./recent-ids.ts";

/* What a log learns of itself from its tables. */

/** The first record lies behind 0, so that position 0 is before everything. */
const FIRST_POSITION = 64;
/** Behind any place. */
const LAST = Number.MAX_SAFE_INTEGER;

/** Position right behind the last record. */
export function endOf({ records }: Database): number {
  for (const { key, value } of records.getRange({ start: LAST, end: 0, reverse: true, limit: 1 })) {
    return key + value.length;
  }
  return FIRST_POSITION;
}

/** How many numbers of streams are taken. */
export function countStreams({ index }: Database): number {
  for (const [streamNumber] of index.getKeys({
    start: [LAST, LAST],
    end: [0, 0],
    inclusiveEnd: true,
    reverse: true,
    limit: 1,
  }))
    return streamNumber + 1;
  return 0;
}

/** Ids of the last records before `end` with their places, the oldest first. */
export function newestIds(
  { records }: Database,
  end: number,
  limit: number,
): readonly (readonly [id: string, place: IdPlace])[] {
  const ids: [string, IdPlace][] = [];
  for (const { key, value } of records.getRange({ start: end - 1, end: 0, reverse: true, limit })) {
    const { id, stream, revision } = decodeRecord(key, value);
    ids.push([id, { stream, revision }]);
  }
  return ids.reverse();
}
