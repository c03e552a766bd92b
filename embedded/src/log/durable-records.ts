import type { StagedRecord } from "./commit-queue.ts";
import type { Database } from "./database.ts";
import { Indexer } from "./indexer.ts";
import { endOf, newestIds, positionsOf, putEntry, recordsBetween, type RevisionSpan } from "./log-tables.ts";
import { decodeRecord } from "./record-codec.ts";
import type { LogRecord } from "./record.ts";
import type { IdPlace } from "./recent-ids.ts";
import { RecentRecords } from "./recent-records.ts";
import { spaceToIndex } from "./space-needed.ts";
import type { Storage } from "./storage.ts";
import { type StreamHead, unindexedOf } from "./stream-heads.ts";
import { Unindexed, type UnindexedGroup } from "./unindexed.ts";

const RECENT_BYTES = 16 * 1024 * 1024;
const IDS_AT_START = 20_000;

/**
 * All records that are on disk, to be read. By the journal alone nothing can be found, so it goes on into the tables, behind the
 * answers; what they lack is in memory meanwhile.
 */
export class DurableRecords {
  readonly #database: Database;
  readonly #storage: Storage;
  readonly #recent = new RecentRecords(RECENT_BYTES);
  readonly #unindexed = new Unindexed();
  readonly #indexer: Indexer;
  /** Position right behind what the tables have. */
  #indexedEnd: number;
  #end: number;

  constructor(storage: Storage) {
    this.#storage = storage;
    this.#database = storage.database;
    this.#indexer = new Indexer({
      unindexed: this.#unindexed,
      write: (groups) => this.#write(groups),
      onIndexed: (groups) => this.#indexed(groups),
    });
    this.#indexedEnd = endOf(storage.database);
    this.#end = this.#indexedEnd;
  }

  /** Position right behind the last one. */
  get end(): number {
    return this.#end;
  }

  /** Bytes that the tables lag behind. */
  get unindexedBytes(): number {
    return this.#unindexed.bytes;
  }

  /** Takes in a group that has become durable. Its streams' heads know its records already. */
  add(records: readonly StagedRecord[], bytes: number): void {
    for (const { record } of records) this.#recent.add(record);
    this.#unindexed.add({ records, bytes });
    this.#end += bytes;
  }

  /** To be called when those have been told who wait for a group: its way into the tables may begin. */
  told(): void {
    this.#indexer.wake();
  }

  /** Settles when the tables have all that is durable now; rejects when the disk refuses. */
  flush(): Promise<void> {
    return this.#indexer.flush();
  }

  /** Brings the tables up to date where the disk lets it. */
  close(): Promise<void> {
    return this.#indexer.close();
  }

  at(position: number): LogRecord | undefined {
    const known = this.#recent.get(position) ?? this.#unindexed.at(position);
    if (known !== undefined) return known;
    const bytes = this.#database.records.get(position);
    return bytes === undefined ? undefined : decodeRecord(position, bytes);
  }

  /** Of one stream. Revisions that were scavenged are passed over. */
  ofStream(head: StreamHead, span: RevisionSpan): Iterable<LogRecord> {
    const { first, last, reverse, limit } = span;
    const low = reverse ? Math.max(first, last - limit + 1) : first;
    const high = reverse ? last : Math.min(last, first + limit - 1);
    const recent = this.#recent.inStream(head.name, low, high);
    return recent === undefined ? this.#fromBoth(head, span) : reverse ? recent.toReversed() : recent;
  }

  /** From a position on. */
  *from(position: number, limit: number): Iterable<LogRecord> {
    const from = Math.max(0, position);
    let left = limit;
    for (const record of recordsBetween(this.#database, from, this.#indexedEnd, false, limit)) {
      left--;
      yield record;
    }
    if (left > 0) yield* this.#unindexed.between(Math.max(from, this.#indexedEnd), this.#end, false, left);
  }

  /** Before a position, the last one first. */
  *before(position: number, limit: number): Iterable<LogRecord> {
    const to = Math.min(position, this.#end);
    const inMemory = this.#unindexed.between(this.#indexedEnd, to, true, limit);
    yield* inMemory;
    const left = limit - inMemory.length;
    if (left > 0) yield* recordsBetween(this.#database, 0, Math.min(to, this.#indexedEnd), true, left);
  }

  /** Ids of the last ones with their places, the oldest first. */
  *ids(): Iterable<readonly [id: string, place: IdPlace]> {
    yield* newestIds(this.#database, IDS_AT_START);
    for (const { id, stream, revision } of this.#unindexed) yield [id, { stream, revision }];
  }

  /** Some records of the stream were taken away. */
  forgetStream(stream: string): void {
    this.#recent.forgetStream(stream);
  }

  *#fromBoth(head: StreamHead, { first, last, reverse, limit }: RevisionSpan): Iterable<LogRecord> {
    const unindexed = unindexedOf(head, first, last);
    const inMemory = reverse ? unindexed.toReversed() : unindexed;
    let left = limit;
    if (reverse) {
      yield* inMemory.slice(0, left);
      left -= inMemory.length;
    }
    const high = Math.min(last, head.indexed);
    if (left > 0 && high >= first && head.number !== undefined) {
      for (const position of positionsOf(this.#database, head.number, { first, last: high, reverse, limit: left })) {
        const record = this.at(position);
        if (record === undefined) continue;
        left--;
        yield record;
      }
    }
    if (!reverse && left > 0) yield* inMemory.slice(0, left);
  }

  async #write(groups: readonly UnindexedGroup[]): Promise<void> {
    const { bytes, spare } = spaceToIndex(groups.reduce((sum, group) => sum + group.bytes, 0));
    this.#storage.space.require(bytes, spare);
    await this.#database.write((writes) => {
      for (const { record, bytes, head, isFirst } of groups.flatMap(({ records }) => records)) {
        putEntry(this.#database, writes, { record, bytes, streamNumber: head.number ?? 0, isFirst });
      }
    });
  }

  #indexed(groups: readonly UnindexedGroup[]): void {
    this.#database.refresh();
    this.#unindexed.shift(groups.length);
    for (const { record, bytes, head } of groups.flatMap(({ records }) => records)) {
      head.indexed = record.revision;
      head.unindexed.shift();
      this.#indexedEnd = record.position + bytes.length;
    }
    this.#storage.journal.release(this.#indexedEnd);
  }
}
