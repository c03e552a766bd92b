import type { Database, Writes } from "./database.ts";
import type { Group } from "./journal/group-codec.ts";
import { type IndexKey, isPlainNameKey, nameKey } from "./keys.ts";
import { decodeRecord } from "./record-codec.ts";
import { type LogRecord, TOMBSTONE_REVISION } from "./record.ts";
import type { IdPlace } from "./recent-ids.ts";

/* What is asked of the tables of a log, and what is written into them. They lag behind its end (indexer.ts). */

/** The first record lies behind 0, so that position 0 is before everything. */
const FIRST_POSITION = 64;
/** Behind any place. */
const LAST = Number.MAX_SAFE_INTEGER;

/** Revisions of one stream that are wanted, both ends included, in either direction. */
export interface RevisionSpan {
  readonly first: number;
  readonly last: number;
  readonly reverse: boolean;
  readonly limit: number;
}

/** Entries of the index, with the bytes of what they lead to. */
export interface IndexEntries {
  readonly entries: readonly { readonly key: IndexKey; readonly value: number }[];
  readonly bytes: number;
}

/** Position right behind the last record. A scavenge leaves the last record of each stream, and so that of the log. */
export function endOf({ records }: Database): number {
  for (const { key, value } of records.getRange({ start: LAST, end: 0, reverse: true, limit: 1 })) {
    return key + value.length;
  }
  return FIRST_POSITION;
}

/** How many numbers of streams are taken. */
export function countStreams({ index }: Database): number {
  const range = {
    start: [LAST, LAST] as IndexKey,
    end: [0, 0] as IndexKey,
    inclusiveEnd: true,
    reverse: true,
    limit: 1,
  };
  for (const [streamNumber] of index.getKeys(range)) return streamNumber + 1;
  return 0;
}

/** Ids of the last records with their places, the oldest first. */
export function newestIds({ records }: Database, limit: number): readonly (readonly [id: string, place: IdPlace])[] {
  const ids: [string, IdPlace][] = [];
  for (const { key, value } of records.getRange({ start: LAST, end: 0, reverse: true, limit })) {
    const { id, stream, revision } = decodeRecord(key, value);
    ids.push([id, { stream, revision }]);
  }
  return ids.reverse();
}

/** A stream's number and its last revision; undefined where the tables do not know it. */
export function streamOf(
  { names, index }: Database,
  name: string,
): { readonly number: number; readonly last: number } | undefined {
  const number = names.get(nameKey(name));
  if (number === undefined) return undefined;
  const range = { start: [number, TOMBSTONE_REVISION] as IndexKey, end: [number, 0] as IndexKey };
  for (const [, last] of index.getKeys({ ...range, inclusiveEnd: true, reverse: true, limit: 1 }))
    return { number, last };
  return { number, last: -1 };
}

/** Records from `from` on and before `to`, or, in reverse, those before `to` and not before `from`. */
export function* recordsBetween(
  { records }: Database,
  from: number,
  to: number,
  reverse: boolean,
  limit: number,
): Iterable<LogRecord> {
  if (to <= from) return;
  const range = reverse
    ? { start: to - 1, end: from, inclusiveEnd: true, reverse: true, limit }
    : { start: from, end: to, limit };
  for (const { key, value } of records.getRange(range)) yield decodeRecord(key, value);
}

/** Positions of a stream's records, by revision. */
export function* positionsOf({ index }: Database, streamNumber: number, span: RevisionSpan): Iterable<number> {
  const { first, last, reverse, limit } = span;
  const low: IndexKey = [streamNumber, first];
  const high: IndexKey = [streamNumber, last];
  const range = reverse ? { start: high, end: low, reverse: true } : { start: low, end: high };
  for (const { value } of index.getRange({ ...range, inclusiveEnd: true, limit })) yield value;
}

/** Names of streams in the order of their bytes, `limit` of them behind the place where the last answer ended. */
export function namesBehind(
  database: Database,
  behind: Buffer | undefined,
  limit: number,
): { readonly names: readonly string[]; readonly place: Buffer | undefined } {
  const names: string[] = [];
  let place = behind;
  const range = behind === undefined ? { limit } : { start: behind, exclusiveStart: true, limit };
  for (const { key, value } of database.names.getRange(range)) {
    place = Buffer.from(key);
    const name = isPlainNameKey(key) ? key.toString() : longNameOf(database, value);
    if (name !== undefined) names.push(name);
  }
  return { names, place: names.length === 0 ? undefined : place };
}

/** Name of a stream whose key holds only a part of it. */
function longNameOf(database: Database, streamNumber: number): string | undefined {
  const span = { first: 0, last: TOMBSTONE_REVISION, reverse: false, limit: 1 };
  for (const position of positionsOf(database, streamNumber, span)) {
    const bytes = database.records.get(position);
    return bytes && decodeRecord(position, bytes).stream;
  }
  return undefined;
}

/** Up to `limit` entries of a stream, from its first to that of the revision `last`. */
export function entriesTo(
  { index, records }: Database,
  streamNumber: number,
  last: number,
  limit: number,
): IndexEntries {
  const start: IndexKey = [streamNumber, 0];
  const end: IndexKey = [streamNumber, last];
  const entries = [...index.getRange({ start, end, inclusiveEnd: true, limit })];
  const bytes = entries.reduce((sum, { value }) => sum + (records.get(value)?.length ?? 0), 0);
  return { entries, bytes };
}

/** A record as it goes into the tables. */
export interface NewEntry {
  readonly record: LogRecord;
  readonly bytes: Buffer;
  readonly streamNumber: number;
  /** The stream's name has to be entered too. */
  readonly isFirst: boolean;
}

export function putEntry(database: Database, writes: Writes, { record, bytes, streamNumber, isFirst }: NewEntry): void {
  const { records, index, names } = database;
  writes.put(records, record.position, bytes);
  writes.put(index, [streamNumber, record.revision], record.position);
  if (isFirst) writes.put(names, nameKey(record.stream), streamNumber);
}

/** Puts a group into tables that nobody uses meanwhile. */
export async function putTail(database: Database, { start, records }: Group): Promise<void> {
  const numbers = new Map<string, number>();
  let streams = countStreams(database);
  let position = start;
  const entries = records.map((bytes): NewEntry => {
    const record = decodeRecord(position, bytes);
    const known = numbers.get(record.stream) ?? streamOf(database, record.stream)?.number;
    const streamNumber = known ?? streams++;
    numbers.set(record.stream, streamNumber);
    position += bytes.length;
    return { record, bytes, streamNumber, isFirst: known === undefined };
  });
  await database.write((writes) => {
    for (const entry of entries) putEntry(database, writes, entry);
  });
  database.refresh();
}

export function removeEntries({ records, index }: Database, writes: Writes, { entries }: IndexEntries): void {
  for (const { key, value } of entries) {
    writes.remove(records, value);
    writes.remove(index, key);
  }
}
