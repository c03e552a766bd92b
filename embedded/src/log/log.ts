import { CommitQueue, type StagedRecord, type StagedWrites } from "./commit-queue.ts";
import { type Database, type Location, openDatabase, type Writes } from "./database.ts";
import { type DiskWrite, diskWriteOf } from "./disk-write.ts";
import { WriteFailedError } from "./errors.ts";
import { Fifo } from "./fifo.ts";
import { type IndexKey, isPlainNameKey, nameKey } from "./keys.ts";
import { decodeRecord, encodeRecord } from "./record-codec.ts";
import { type LogRecord, type NewRecord, TOMBSTONE_REVISION } from "./record.ts";
import { type IdPlace, RecentIds } from "./recent-ids.ts";
import { RecentRecords } from "./recent-records.ts";
import { countStreams, endOf, newestIds } from "./recovery.ts";
import { GIVES_BACK, spaceFor } from "./space-needed.ts";
import { type StreamHead, StreamHeads } from "./stream-heads.ts";

/** Records of a stream that are to go, as the index has them, and their bytes. */
export interface OldRecords {
  readonly stream: string;
  readonly entries: readonly { readonly key: IndexKey; readonly value: number }[];
  readonly bytes: number;
}

/** Events for the end of one stream, or its tombstone. */
export interface StreamWrite {
  readonly stream: string;
  readonly events: readonly NewRecord[];
  /** The one event ends the stream for ever. Default false. */
  readonly isTombstone?: boolean;
}

export interface LogOptions {
  readonly location: Location;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
  /** Told of each group of writes that the disk has taken or refused. */
  readonly onDiskWrite?: (write: DiskWrite) => void;
}

/** Bytes of what an event carries. */
export function bodyBytes({ data, metadata }: LogRecord): number {
  return data.length + metadata.length;
}

/** Revisions of one stream that are wanted, both ends included. */
export interface RevisionRange {
  readonly first: number;
  readonly last: number;
  readonly reverse: boolean;
  readonly limit: number;
  /** The reading ends, too, with the record that makes the bodies this large. Default: no such end. */
  readonly maxBytes?: number;
}

const RECENT_IDS = 200_000;
const RECENT_IDS_AT_START = 20_000;
const RECENT_BYTES = 16 * 1024 * 1024;
const HEADS = 50_000;
/**
 * All records in one order, on disk.
 *
 * A write is accepted at once in memory (`stage`), so that the next decision already counts on it, and goes to disk
 * in a group with whatever else was accepted while the disk was busy. Readers see only what is on disk.
 */
export class Log {
  readonly #database: Database;
  readonly #now: () => number;
  readonly #onDiskWrite: LogOptions["onDiskWrite"];
  readonly #heads = new StreamHeads(HEADS);
  readonly #recentIds = new RecentIds(RECENT_IDS, () => newestIds(this.#database, this.#end, RECENT_IDS_AT_START));
  readonly #recent = new RecentRecords(RECENT_BYTES);
  readonly #listeners = new Set<(records: readonly LogRecord[]) => void>();
  readonly #queue = new CommitQueue();
  #lastStaged: Promise<unknown> = Promise.resolve();
  #commits: Promise<void> | undefined;
  #end: number;
  #stagedEnd: number;
  #streams: number;
  #isClosed = false;

  private constructor(database: Database, { now, onDiskWrite }: LogOptions) {
    this.#database = database;
    this.#now = now;
    this.#onDiskWrite = onDiskWrite;
    this.#end = endOf(database);
    this.#stagedEnd = this.#end;
    this.#streams = countStreams(this.#database);
  }

  /** @throws DataDirectoryInUseError, DataDirectoryNotWritableError, DataDirectoryUnreadableError, DiskFullError */
  static open(options: LogOptions): Log {
    return new Log(openDatabase(options.location), options);
  }

  /** Position right behind the last durable record. */
  get end(): number {
    return this.#end;
  }

  /** The head of a stream, whether it exists or not. Good for this turn of the event loop only. */
  head(stream: string): Readonly<StreamHead> {
    return this.#head(stream);
  }

  placeOfId(id: string): IdPlace | undefined {
    return this.#recentIds.get(id);
  }

  /** Settles when all that was accepted so far is on disk. */
  async settled(): Promise<void> {
    await this.#lastStaged;
  }

  /**
   * Accepts the writes, all or none, and settles when they are on disk. Their places are decided before this returns.
   * @throws WriteFailedError when the disk refused; nothing of them is visible then.
   */
  stage(writes: readonly StreamWrite[]): Promise<readonly LogRecord[]> {
    if (this.#isClosed) return Promise.reject(new WriteFailedError({ cause: new Error("the log is closed") }));
    const created = this.#now();
    const staged: StagedRecord[] = [];
    const records: LogRecord[] = [];
    const begin = this.#stagedEnd;
    for (const { stream, events, isTombstone = false } of writes) {
      for (const event of events) {
        const one = this.#accept(stream, event, isTombstone, created);
        staged.push(one);
        records.push(one.record);
      }
    }
    const bytes = this.#stagedEnd - begin;
    const onDisk = new Promise<readonly LogRecord[]>((resolve, reject) => {
      this.#queue.push({ records: staged, bytes, done: (error) => (error ? reject(error) : resolve(records)) });
    });
    this.#lastStaged = onDisk;
    this.#commits ??= this.#commitAll();
    return onDisk;
  }

  /** A record that was accepted, on disk or on its way. */
  acceptedRecord(stream: string, revision: number): LogRecord | undefined {
    const head = this.#head(stream);
    if (revision > head.durable) {
      const ahead = revision === TOMBSTONE_REVISION ? head.onTheirWay.length - 1 : revision - head.durable - 1;
      const waiting = head.onTheirWay.at(ahead);
      return waiting?.revision === revision ? waiting : undefined;
    }
    const position = this.#positionAt(head, revision);
    return position === undefined ? undefined : this.recordAt(position);
  }

  /** The newest record of a stream, on disk or on its way. */
  lastAccepted(stream: string): LogRecord | undefined {
    const head = this.#head(stream);
    return head.staged < 0 ? undefined : this.acceptedRecord(stream, head.staged);
  }

  recordAt(position: number): LogRecord | undefined {
    const recent = this.#recent.get(position);
    if (recent !== undefined) return recent;
    const bytes = this.#database.records.get(position);
    return bytes === undefined ? undefined : decodeRecord(position, bytes);
  }

  /** Durable records of one stream, by revision. Revisions that were scavenged are passed over. */
  readStream(stream: string, range: RevisionRange): LogRecord[] {
    const head = this.#head(stream);
    const last = Math.min(range.last, head.durable);
    if (head.number === undefined || last < range.first || range.limit <= 0) return [];
    const records: LogRecord[] = [];
    let bytes = 0;
    for (const record of this.#recordsOf(head.name, head.number, { ...range, last })) {
      records.push(record);
      bytes += bodyBytes(record);
      if (bytes >= (range.maxBytes ?? Number.POSITIVE_INFINITY)) break;
    }
    return records;
  }

  /** Durable records from `from` on, or, in reverse, before it; up to the one that makes the bodies `maxBytes` large. */
  readAll(from: number, reverse: boolean, limit: number, maxBytes = Number.POSITIVE_INFINITY): LogRecord[] {
    if (limit <= 0) return [];
    const records: LogRecord[] = [];
    let bytes = 0;
    // A commit may be on disk before those who wait for it are told; until then nobody meets its records.
    const entries = this.#database.records.getRange(
      reverse
        ? { start: Math.max(0, Math.min(from, this.#end) - 1), end: 0, reverse: true, limit }
        : { start: Math.max(0, from), end: this.#end, limit },
    );
    for (const { key: position, value } of entries) {
      const record = this.#recent.get(position) ?? decodeRecord(position, value);
      records.push(record);
      bytes += bodyBytes(record);
      if (bytes >= maxBytes) break;
    }
    return records;
  }

  /** Calls `listener` with the records of each commit, in order, before those who wrote them are answered. */
  onCommit(listener: (records: readonly LogRecord[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Names of streams in the order of their bytes, `limit` of them behind the place where the last answer ended. */
  streamNames(
    behind: Buffer | undefined,
    limit: number,
  ): { readonly names: readonly string[]; readonly place: Buffer | undefined } {
    const names: string[] = [];
    let place = behind;
    const range = behind === undefined ? { limit } : { start: behind, exclusiveStart: true, limit };
    for (const { key, value } of this.#database.names.getRange(range)) {
      place = Buffer.from(key);
      const name = isPlainNameKey(key) ? key.toString() : this.#nameOfStream(value);
      if (name !== undefined) names.push(name);
    }
    return { names, place: names.length === 0 ? undefined : place };
  }

  /** Up to `limit` records of a stream before `revision`, the oldest first. Its last one is none of them: its number is the stream's memory. */
  recordsBefore(stream: string, revision: number, limit: number): OldRecords {
    const head = this.#head(stream);
    const last = Math.min(revision, head.durable) - 1;
    if (head.number === undefined || last < 0) return { stream, entries: [], bytes: 0 };
    const start: IndexKey = [head.number, 0];
    const end: IndexKey = [head.number, last];
    const entries = [...this.#database.index.getRange({ start, end, inclusiveEnd: true, limit })];
    const bytes = entries.reduce((sum, { value }) => sum + (this.#database.records.get(value)?.length ?? 0), 0);
    return { stream, entries, bytes };
  }

  /** Takes records of several streams away for ever, all at once. */
  async remove(records: readonly OldRecords[]): Promise<void> {
    await this.#database.write((writes) => {
      for (const { key, value } of records.flatMap(({ entries }) => entries)) {
        writes.remove(this.#database.records, value);
        writes.remove(this.#database.index, key);
      }
    }, GIVES_BACK);
    this.#database.refresh();
    for (const { stream } of records) this.#recent.forgetStream(stream);
  }

  /** Writes what was accepted, then gives the files back. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#commits;
    await this.#database.close();
  }

  #head(name: string): StreamHead {
    const known = this.#heads.get(name);
    if (known !== undefined) return known;
    const number = this.#database.names.get(nameKey(name));
    const last = number === undefined ? -1 : this.#lastRevision(number);
    const head = { name, number, staged: last, durable: last, onTheirWay: new Fifo<LogRecord>() };
    this.#heads.add(head);
    return head;
  }

  /** Name of a stream whose key holds only a part of it. */
  #nameOfStream(streamNumber: number): string | undefined {
    const start: IndexKey = [streamNumber, 0];
    const end: IndexKey = [streamNumber, TOMBSTONE_REVISION];
    for (const { value } of this.#database.index.getRange({ start, end, inclusiveEnd: true, limit: 1 })) {
      return this.recordAt(value)?.stream;
    }
    return undefined;
  }

  #recordsOf(stream: string, number: number, range: RevisionRange): Iterable<LogRecord> {
    const { first, last, reverse, limit } = range;
    const low = reverse ? Math.max(first, last - limit + 1) : first;
    const high = reverse ? last : Math.min(last, first + limit - 1);
    const recent = this.#recent.inStream(stream, low, high);
    return recent === undefined ? this.#readIndex(number, range) : reverse ? recent.toReversed() : recent;
  }

  *#readIndex(number: number, { first, last, reverse, limit }: RevisionRange): Iterable<LogRecord> {
    const low: IndexKey = [number, first];
    const high: IndexKey = [number, last];
    const entries = this.#database.index.getRange(
      reverse
        ? { start: high, end: low, inclusiveEnd: true, reverse: true, limit }
        : { start: low, end: high, inclusiveEnd: true, limit },
    );
    for (const { value } of entries) {
      const record = this.recordAt(value);
      if (record !== undefined) yield record;
    }
  }

  #lastRevision(streamNumber: number): number {
    const keys = this.#database.index.getKeys({
      start: [streamNumber, TOMBSTONE_REVISION],
      end: [streamNumber, 0],
      inclusiveEnd: true,
      reverse: true,
      limit: 1,
    });
    for (const [, revision] of keys) return revision;
    return -1;
  }

  #positionAt(head: StreamHead, revision: number): number | undefined {
    if (head.number === undefined || revision > head.durable || revision < 0) return undefined;
    return this.#database.index.get([head.number, revision]);
  }

  #accept(stream: string, event: NewRecord, isTombstone: boolean, created: number): StagedRecord {
    const head = this.#head(stream);
    const isFirst = head.number === undefined;
    head.number ??= this.#streams++;
    const revision = isTombstone ? TOMBSTONE_REVISION : head.staged + 1;
    const { id, type, isJson, data, metadata } = event;
    const place = { stream: head.name, revision, position: this.#stagedEnd, created };
    const bytes = encodeRecord({ ...place, id, type, isJson, data, metadata });
    // What came in may be a small view of a large message, which the record must not keep alive.
    const dataAt = bytes.length - data.length;
    const record: LogRecord = {
      ...place,
      id,
      type,
      isJson,
      data: bytes.subarray(dataAt),
      metadata: bytes.subarray(dataAt - metadata.length, dataAt),
    };
    this.#stagedEnd += bytes.length;
    head.staged = revision;
    this.#recentIds.add(id, head.name, revision);
    head.onTheirWay.push(record);
    return { record, bytes, head, isFirst };
  }

  async #commitAll(): Promise<void> {
    // What arrives in the same turn of the event loop shares the first commit.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (!this.#queue.isEmpty) {
      await this.#queue.gathered();
      const group = this.#queue.nextGroup();
      const begin = performance.now();
      try {
        await this.#database.write((writes) => {
          for (const { records } of group) for (const record of records) this.#put(writes, record);
        }, spaceFor(group));
      } catch (error) {
        this.#onDiskWrite?.(diskWriteOf(group, begin, true));
        this.#takeBack(group, new WriteFailedError({ cause: error }));
        continue;
      }
      this.#onDiskWrite?.(diskWriteOf(group, begin, false));
      this.#queue.committed(group.length, performance.now() - begin);
      this.#publish(group);
    }
    this.#commits = undefined;
  }

  #put(writes: Writes, { record, bytes, head, isFirst }: StagedRecord): void {
    const { records, index, names } = this.#database;
    const streamNumber = head.number ?? 0;
    writes.put(records, record.position, bytes);
    writes.put(index, [streamNumber, record.revision], record.position);
    if (isFirst) writes.put(names, nameKey(record.stream), streamNumber);
  }

  #publish(group: readonly StagedWrites[]): void {
    this.#database.refresh();
    const records: LogRecord[] = [];
    for (const { records: staged } of group) {
      for (const { record, bytes, head } of staged) {
        this.#end = record.position + bytes.length;
        head.durable = record.revision;
        head.onTheirWay.shift();
        this.#recent.add(record);
        records.push(record);
      }
    }
    if (records.length > 0) for (const listener of this.#listeners) listener(records);
    for (const { done } of group) done(undefined);
  }

  /** Whatever was accepted after a write that failed was decided on a state that never came to be, so it fails too. */
  #takeBack(group: readonly StagedWrites[], error: WriteFailedError): void {
    const all = [...group, ...this.#queue.takeAll()];
    this.#database.refresh();
    this.#heads.clear();
    this.#recentIds.clear();
    this.#stagedEnd = this.#end;
    this.#streams = countStreams(this.#database);
    for (const { done } of all) done(error);
  }
}
