import { AcceptedFeed } from "./accepted-feed.ts";
import { bytesOf, type StagedRecord, type StagedWrites } from "./commit-queue.ts";
import { Commits } from "./commits.ts";
import type { Database } from "./database.ts";
import type { DiskWrite } from "./disk-write.ts";
import { DurableRecords } from "./durable-records.ts";
import { WriteFailedError } from "./errors.ts";
import { Fifo } from "./fifo.ts";
import type { Group } from "./journal/group-codec.ts";
import {
  countStreams,
  entriesTo,
  type IndexEntries,
  namesBehind,
  removeEntries,
  type RevisionSpan,
  streamOf,
} from "./log-tables.ts";
import { decodeRecord, encodeRecord } from "./record-codec.ts";
import { type LogRecord, type NewRecord, TOMBSTONE_REVISION } from "./record.ts";
import { type IdPlace, RecentIds } from "./recent-ids.ts";
import { GIVES_BACK } from "./space-needed.ts";
import { type Location, openStorage, type Storage } from "./storage.ts";
import { type StreamHead, StreamHeads, takeBack, unindexedAt } from "./stream-heads.ts";

/** Records of a stream that are to go, as the index has them, and their bytes. */
export interface OldRecords extends IndexEntries {
  readonly stream: string;
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
export interface RevisionRange extends RevisionSpan {
  /** The reading ends, too, with the record that makes the bodies this large. Default: no such end. */
  readonly maxBytes?: number;
}

const RECENT_IDS = 200_000;
const HEADS = 50_000;

/**
 * All records in one order, on disk.
 *
 * A write is accepted at once in memory (`stage`), so that the next decision already counts on it, and goes to disk
 * in a group with whatever else was accepted while the disk was busy: into the journal, by one write and one flush. Then it is
 * answered. The tables, by which everything is found again, are brought up to it afterwards (`durable-records.ts`); what they lack is in
 * memory meanwhile, and after a crash it comes back from the journal. Readers see all that is on disk, and nothing else.
 */
export class Log {
  readonly #storage: Storage;
  readonly #database: Database;
  readonly #now: () => number;
  readonly #heads = new StreamHeads(HEADS);
  readonly #recentIds: RecentIds;
  readonly #durable: DurableRecords;
  readonly #listeners = new Set<(records: readonly LogRecord[]) => void>();
  readonly #commits: Commits;
  readonly #accepted = new AcceptedFeed();
  #lastStaged: Promise<unknown> = Promise.resolve();
  #stagedEnd: number;
  #streams: number;
  #isClosed = false;

  private constructor(storage: Storage, { now, onDiskWrite }: Omit<LogOptions, "location">) {
    this.#storage = storage;
    this.#database = storage.database;
    this.#now = now;
    const durable = new DurableRecords(storage);
    this.#durable = durable;
    this.#commits = new Commits({
      storage,
      durable,
      onWritten: (group) => this.#publish(group),
      onRefused: (writes, error) => this.#takeBack(writes, error),
      onDiskWrite,
    });
    this.#recentIds = new RecentIds(RECENT_IDS, () => durable.ids());
    this.#streams = countStreams(this.#database);
    for (const group of storage.tail) this.#recover(group);
    this.#stagedEnd = durable.end;
  }

  /** @throws DataDirectoryInUseError, DataDirectoryNotWritableError, DataDirectoryUnreadableError, DiskFullError */
  static open(options: LogOptions): Log {
    return Log.on(openStorage(options.location), options);
  }

  /** On a storage that is open already; it is closed with the log. */
  static on(storage: Storage, options: Omit<LogOptions, "location">): Log {
    return new Log(storage, options);
  }

  /** Position right behind the last durable record. */
  get end(): number {
    return this.#durable.end;
  }

  /** The head of a stream, whether it exists or not. Good for this turn of the event loop only. */
  head(stream: string): Readonly<StreamHead> {
    return this.#head(stream);
  }

  placeOfId(id: string): IdPlace | undefined {
    return this.#recentIds.get(id);
  }

  /** Records accepted that are not on disk, in order. */
  *inFlight(): Iterable<LogRecord> {
    for (const { records } of this.#commits.inFlight) for (const { record } of records) yield record;
  }

  /** Something was accepted that is not on disk. */
  get hasInFlight(): boolean {
    return this.#stagedEnd > this.#durable.end;
  }

  /** Settles when all that was accepted so far is on disk. */
  async settled(): Promise<void> {
    if (this.hasInFlight) await this.#lastStaged;
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
      // The disk is busy with it before projections look at it, and they work while it is.
      this.#commits.push({ records: staged, bytes, done: (error) => (error ? reject(error) : resolve(records)) });
    });
    this.#lastStaged = onDisk;
    this.#accepted.add(records);
    return onDisk;
  }

  /** A record that was accepted, on disk or on its way. */
  acceptedRecord(stream: string, revision: number): LogRecord | undefined {
    const head = this.#head(stream);
    if (revision > head.indexed) return unindexedAt(head, revision);
    if (head.number === undefined || revision < 0) return undefined;
    const position = this.#database.index.get([head.number, revision]);
    return position === undefined ? undefined : this.recordAt(position);
  }

  /** Like {@link acceptedRecord}, quick for one that was written lately. */
  record(stream: string, revision: number): LogRecord | undefined {
    if (revision > this.#head(stream).durable) return this.acceptedRecord(stream, revision);
    return this.readStream(stream, { first: revision, last: revision, reverse: false, limit: 1 })[0];
  }

  /** The newest record of a stream, on disk or on its way. */
  lastAccepted(stream: string): LogRecord | undefined {
    const head = this.#head(stream);
    return head.staged < 0 ? undefined : this.acceptedRecord(stream, head.staged);
  }

  recordAt(position: number): LogRecord | undefined {
    return this.#durable.at(position);
  }

  /** Durable records of one stream, by revision. Revisions that were scavenged are passed over. */
  readStream(stream: string, range: RevisionRange): LogRecord[] {
    const head = this.#head(stream);
    const last = Math.min(range.last, head.durable);
    if (head.number === undefined || last < range.first || range.limit <= 0) return [];
    const records: LogRecord[] = [];
    let bytes = 0;
    for (const record of this.#durable.ofStream(head, { ...range, last })) {
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
    for (const record of reverse ? this.#durable.before(from, limit) : this.#durable.from(from, limit)) {
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

  /** Calls `listener` with what is accepted from now on, in order and ahead of the disk. */
  onAccepted(listener: (records: readonly LogRecord[]) => void): () => void {
    return this.#accepted.onAccepted(listener);
  }

  /** Calls `listener` where the disk has refused all that was in flight. */
  onTakenBack(listener: () => void): () => void {
    return this.#accepted.onTakenBack(listener);
  }

  /** Settles when the tables have all that is on disk now: what follows goes by them alone. */
  indexed(): Promise<void> {
    return this.#durable.flush();
  }

  /** Names of streams in the order of their bytes, `limit` of them behind the place where the last answer ended; of those in the tables. */
  streamNames(
    behind: Buffer | undefined,
    limit: number,
  ): { readonly names: readonly string[]; readonly place: Buffer | undefined } {
    return namesBehind(this.#database, behind, limit);
  }

  /** Up to `limit` records of a stream before `revision`, the oldest first. Its last one in the tables is none of them: its number is the stream's memory. */
  recordsBefore(stream: string, revision: number, limit: number): OldRecords {
    const head = this.#head(stream);
    const last = Math.min(revision, head.indexed) - 1;
    if (head.number === undefined || last < 0) return { stream, entries: [], bytes: 0 };
    return { stream, ...entriesTo(this.#database, head.number, last, limit) };
  }

  /** Takes records of several streams away for ever, all at once. */
  async remove(records: readonly OldRecords[]): Promise<void> {
    this.#storage.space.require(GIVES_BACK.bytes, GIVES_BACK.spare);
    await this.#database.write((writes) => {
      for (const one of records) removeEntries(this.#database, writes, one);
    });
    this.#database.refresh();
    for (const { stream } of records) this.#durable.forgetStream(stream);
  }

  /** Writes what was accepted, then gives the files back. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#commits.done();
    await this.#durable.close();
    await this.#storage.close();
  }

  #head(name: string): StreamHead {
    const known = this.#heads.get(name);
    if (known !== undefined) return known;
    const { number, last } = streamOf(this.#database, name) ?? { number: undefined, last: -1 };
    const head = { name, number, staged: last, durable: last, indexed: last, unindexed: new Fifo<LogRecord>() };
    this.#heads.add(head);
    return head;
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
    head.unindexed.push(record);
    return { record, bytes, head, isFirst };
  }

  #publish(group: readonly StagedWrites[]): void {
    // A log in memory is done within the turn, before what was accepted has been handed on by itself.
    this.#accepted.handOn();
    const staged = group.flatMap(({ records }) => records);
    for (const { record, head } of staged) head.durable = record.revision;
    this.#durable.add(staged, bytesOf(group));
    const records = staged.map(({ record }) => record);
    if (records.length > 0) for (const listener of this.#listeners) listener(records);
    for (const { done } of group) done(undefined);
    this.#durable.told();
  }

  /** In memory it is as if they had never been accepted. */
  #takeBack(writes: readonly StagedWrites[], error: WriteFailedError): void {
    for (const { head, isFirst } of writes.flatMap(({ records }) => records)) {
      if (isFirst) this.#streams = Math.min(this.#streams, head.number ?? this.#streams);
      takeBack(head);
    }
    this.#recentIds.clear();
    this.#stagedEnd = this.#durable.end;
    for (const { done } of writes) done(error);
    this.#accepted.takeBack();
  }

  /** Takes in what the journal has and the tables lack. */
  #recover({ start, records }: Group): void {
    let position = start;
    const staged = records.map((view): StagedRecord => {
      // The views are of the whole segment, which they would keep alive.
      const bytes = Buffer.from(view);
      const record = decodeRecord(position, bytes);
      const head = this.#head(record.stream);
      const isFirst = head.number === undefined;
      head.number ??= this.#streams++;
      head.staged = record.revision;
      head.durable = record.revision;
      head.unindexed.push(record);
      position += bytes.length;
      return { record, bytes, head, isFirst };
    });
    this.#durable.add(staged, position - start);
    this.#durable.told();
  }
}
