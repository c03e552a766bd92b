import type { DiskWrite } from "../log/disk-write.ts";
import { bodyBytes, Log, type StreamWrite } from "../log/log.ts";
import type { Location, Storage } from "../log/storage.ts";
import { type LogRecord, type NewRecord, NO_DATA, TOMBSTONE_REVISION } from "../log/record.ts";
import { AcceptedStreams } from "./accepted-streams.ts";
import { judgeAppend, judgeDelete, type StreamView } from "./append-rule.ts";
import type { ExpectedRevision } from "./expected-revision.ts";
import { parseLink } from "./link.ts";
import { type Belief, judgeMultiAppend } from "./multi-append-rule.ts";
import { MetadataMemory } from "./metadata-memory.ts";
import type {
  Acceptance,
  AllPage,
  AllRead,
  AppendResult,
  DeleteResult,
  MultiAppendResult,
  ResolvedRecord,
  RoutedRecord,
  StreamPage,
  StreamRead,
} from "./results.ts";
import { scavenge, type ScavengeOptions, type ScavengeResult } from "./scavenge.ts";
import {
  describedBy,
  isSoftDeleted,
  METADATA_TYPE,
  metastreamOf,
  NO_METADATA,
  revivedMetadata,
  type StreamMetadata,
} from "./stream-metadata.ts";
import { describesTombstoned, firstReadable } from "./visible-range.ts";
import { Watchers } from "./watchers.ts";

export interface EventStoreOptions {
  readonly location: Location;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
  /** Ids of the events that the server itself writes. */
  readonly newId: () => string;
  /** Told of each group of writes that the disk has taken or refused. */
  readonly onDiskWrite?: (write: DiskWrite) => void;
}

/** A page ends with the event that makes it this large, so that a reader who waits in the middle of one holds little more. */
const PAGE_BYTES = 1024 * 1024;
const STREAM_DELETED_TYPE = "$streamDeleted";
const SOFT_DELETE_DOCUMENT = '{"$tb":9223372036854775807}';

/**
 * Streams over the log: what may be written where, and what a reader sees.
 *
 * Writes answer once they are on disk. Reads are synchronous and see exactly what is on disk.
 * Everything in the server that stores anything (projections, persistent subscriptions, users) goes through here.
 */
export class EventStore {
  readonly #log: Log;
  readonly #now: () => number;
  readonly #newId: () => string;
  readonly #metadata: MetadataMemory;
  readonly #watchers = new Watchers();
  /** What is accepted, for those who go ahead of the disk. */
  readonly accepted: AcceptedStreams;

  private constructor(log: Log, options: Omit<EventStoreOptions, "location">) {
    this.#log = log;
    this.#metadata = new MetadataMemory(log);
    this.accepted = new AcceptedStreams(log, this.#metadata, options.now);
    this.#now = options.now;
    this.#newId = options.newId;
    log.onCommit((records) => this.#watchers.wake(records));
  }

  /** @throws DataDirectoryInUseError, DataDirectoryNotWritableError, DataDirectoryUnreadableError, DiskFullError */
  static open(options: EventStoreOptions): EventStore {
    return new EventStore(Log.open(options), options);
  }

  /** On a storage that is open already; it is closed with the store. */
  static on(storage: Storage, options: Omit<EventStoreOptions, "location">): EventStore {
    return new EventStore(Log.on(storage, options), options);
  }

  /** Position right behind the last durable record. */
  get end(): number {
    return this.#log.end;
  }

  /** Settles when all that was accepted so far is on disk. Rejects with a `WriteFailedError` where the disk refuses it. */
  settled(): Promise<void> {
    return this.#log.settled();
  }

  /** Writes what was accepted and closes the files. */
  close(): Promise<void> {
    return this.#log.close();
  }

  /**
   * Appends all `events` or none.
   * @throws WriteFailedError when the disk refuses.
   */
  async append(stream: string, expected: ExpectedRevision, events: readonly NewRecord[]): Promise<AppendResult> {
    const accepted = this.accept(stream, expected, events);
    // What the answer rests on may still be on its way to disk. Whoever is answered must be able to read it: a writer who is
    // refused reads again and decides anew, and without this would meet the same old state over and over.
    if (accepted.outcome !== "accepted") await this.#log.settled();
    if (accepted.outcome === "already-written") {
      const { revision } = accepted;
      return { outcome: "appended", revision, position: this.#visiblePosition(stream, revision) };
    }
    if (accepted.outcome !== "accepted") return accepted;
    const { revision } = accepted;
    const records = await accepted.onDisk;
    const position = events.length === 0 ? this.#log.end : records[events.length - 1]?.position;
    return { outcome: "appended", revision, position };
  }

  /**
   * Like {@link append}, and says at once what becomes of it: by what is accepted, which may still be on its way to disk. For those
   * who do not wait for the disk before they write more.
   */
  accept(stream: string, expected: ExpectedRevision, events: readonly NewRecord[]): Acceptance {
    const view = this.#view(stream);
    const verdict = judgeAppend(
      view,
      expected,
      events.map(({ id }) => id),
    );
    if (verdict.decision === "deleted") return { outcome: "stream-deleted", stream };
    if (verdict.decision === "wrong-expected-revision") return this.#wrong(stream, expected, view);
    if (verdict.decision === "already-written") return { outcome: "already-written", revision: verdict.revision };
    const writes: StreamWrite[] = [{ stream, events }];
    const revival = view.isSoftDeleted
      ? this.#revival(stream, this.#log.lastAccepted(metastreamOf(stream)))
      : undefined;
    if (revival !== undefined) writes.push(revival);
    const described = describedBy(stream);
    const last = events.at(-1);
    if (described !== undefined && last !== undefined && this.#view(described).isSoftDeleted) {
      const rewritten = this.#revival(described, last);
      if (rewritten !== undefined) writes.push(rewritten);
    }
    return { outcome: "accepted", revision: view.last + events.length, onDisk: this.#log.stage(writes) };
  }

  /**
   * Appends to several streams, all events or none, in one commit and in the order given; at least one event.
   * @param beliefs what has to hold of streams, whether they are written or not; any state will do where there is none.
   * @throws WriteFailedError when the disk refuses.
   */
  async appendToSeveral(events: readonly RoutedRecord[], beliefs: readonly Belief[]): Promise<MultiAppendResult> {
    const byStream = Map.groupBy(events, ({ stream }) => stream);
    const views = new Map<string, StreamView>();
    const viewOf = (stream: string): StreamView => {
      const view = views.get(stream) ?? this.#view(stream);
      views.set(stream, view);
      return view;
    };
    const idsOf = new Map([...byStream].map(([stream, own]) => [stream, own.map(({ event }) => event.id)]));
    const verdict = judgeMultiAppend(viewOf, idsOf, beliefs);
    if (verdict.decision !== "write") await this.#log.settled();
    if (verdict.decision === "tombstoned") return { outcome: "stream-deleted", stream: verdict.stream };
    if (verdict.decision === "conflict") return { outcome: "conflict", conflicts: verdict.conflicts };
    if (verdict.decision === "already-written") {
      const { revisions } = verdict;
      const last = events.at(-1)?.stream ?? "";
      return { outcome: "appended", revisions, position: this.#visiblePosition(last, revisions.get(last) ?? -1) };
    }
    const writes: StreamWrite[] = events.map(({ stream, event }) => ({ stream, events: [event] }));
    for (const stream of byStream.keys()) {
      // Written to while soft-deleted, or described by metadata that is written: it lives again (spec 1.8).
      const revived = viewOf(stream).isSoftDeleted ? stream : describedBy(stream);
      if (revived === undefined || !viewOf(revived).isSoftDeleted) continue;
      const metastream = metastreamOf(revived);
      if (revived !== stream && byStream.has(revived)) continue;
      const current = byStream.get(metastream)?.at(-1)?.event ?? this.#log.lastAccepted(metastream);
      const revival = this.#revival(revived, current);
      if (revival !== undefined) writes.push(revival);
    }
    const revisions = new Map([...byStream].map(([stream, own]) => [stream, viewOf(stream).last + own.length]));
    const records = await this.#log.stage(writes);
    return { outcome: "appended", revisions, position: records[events.length - 1]?.position };
  }

  /** Soft delete: hides all events; the stream can be written again and goes on counting (spec 1.8). */
  async delete(stream: string, expected: ExpectedRevision): Promise<DeleteResult> {
    const view = this.#view(stream);
    const { decision } = judgeDelete(view, expected, false);
    if (decision !== "write") await this.#log.settled();
    if (decision === "deleted") return { outcome: "stream-deleted", stream };
    if (decision !== "write") return this.#wrong(stream, expected, view);
    return this.#deleted(this.#metadataWrite(stream, SOFT_DELETE_DOCUMENT));
  }

  /** Hard delete: nobody can ever read or write the stream again. */
  async tombstone(stream: string, expected: ExpectedRevision): Promise<DeleteResult> {
    const view = this.#view(stream);
    const { decision } = judgeDelete(view, expected, true);
    if (decision !== "write") await this.#log.settled();
    if (decision === "deleted") return { outcome: "stream-deleted", stream };
    if (decision !== "write") return this.#wrong(stream, expected, view);
    const event = { id: this.#newId(), type: STREAM_DELETED_TYPE, isJson: false, data: NO_DATA, metadata: NO_DATA };
    return this.#deleted({ stream, events: [event], isTombstone: true });
  }

  readStream(read: StreamRead): StreamPage {
    const { stream, direction } = read;
    const size = { limit: read.maxCount, maxBytes: PAGE_BYTES };
    const last = this.lastRevision(stream);
    if (last === TOMBSTONE_REVISION && read.ignoreTruncation !== true) return { outcome: "deleted" };
    if (this.#describesTombstoned(stream)) return { outcome: "deleted" };
    const metadata = read.ignoreTruncation === true ? NO_METADATA : this.metadataOf(stream);
    if (last < 0 || isSoftDeleted(metadata)) return { outcome: "not-found" };
    const first = firstReadable(this.#log, stream, { metadata, last, now: this.#now() });
    if (direction === "forwards") {
      const asked = read.from === "start" ? 0 : read.from === "end" ? last + 1 : read.from;
      const from = Math.max(asked, first);
      const records = this.#log.readStream(stream, { first: from, last, reverse: false, ...size });
      const next = (records.at(-1)?.revision ?? Math.max(from, last + 1) - 1) + 1;
      return { outcome: "read", records, next, isEnd: next > last, lastRevision: last, firstRevision: first };
    }
    const from = Math.min(read.from === "start" ? 0 : read.from === "end" ? last : read.from, last);
    const records = this.#log.readStream(stream, { first, last: from, reverse: true, ...size });
    const next = (records.at(-1)?.revision ?? 0) - 1;
    return { outcome: "read", records, next, isEnd: next < first, lastRevision: last, firstRevision: first };
  }

  readAll(read: AllRead): AllPage {
    const reverse = read.direction === "backwards";
    const records = this.#log.readAll(read.from, reverse, read.maxCount, PAGE_BYTES);
    const last = records.at(-1);
    const isCut = records.reduce((bytes, record) => bytes + bodyBytes(record), 0) >= PAGE_BYTES;
    const isEnd = records.length < read.maxCount && !isCut;
    if (reverse) return { records, next: last?.position ?? read.from, isEnd };
    // Positions are byte offsets, so the next record begins somewhere behind this one's place.
    return { records, next: last === undefined ? Math.max(read.from, this.end) : last.position + 1, isEnd };
  }

  /** Follows a link one step; any other record is its own event. */
  resolve(record: LogRecord): ResolvedRecord {
    const target = parseLink(record);
    if (target === undefined) return { event: record, link: undefined };
    const from = target.revision === -1 ? "end" : target.revision;
    if (from !== "end" && (from < 0 || from === TOMBSTONE_REVISION)) return { event: undefined, link: record };
    const page = this.readStream({ stream: target.stream, from, direction: "backwards", maxCount: 1 });
    const found = page.outcome === "read" ? page.records[0] : undefined;
    const isTarget = found !== undefined && (from === "end" || found.revision === from);
    return { event: isTarget ? found : undefined, link: record };
  }

  /** What the stream's durable metadata says. */
  metadataOf(stream: string): StreamMetadata {
    return this.#metadata.durable(stream);
  }

  /** Revision of the last durable event, whether visible or not: -1 for none, TOMBSTONE_REVISION once tombstoned. */
  lastRevision(stream: string): number {
    return this.#log.head(stream).durable;
  }

  /**
   * Gives back the space of what no reader can ever see again: truncated, expired and deleted events (spec 1.8).
   * Goes stream by stream in small steps, so the server works on meanwhile. What it has done stays done when it is stopped.
   */
  async scavenge(options: ScavengeOptions = {}): Promise<ScavengeResult> {
    return scavenge(this.#log, (stream, last) => this.#firstKept(stream, last), options);
  }

  /** Calls `wake` after each commit that wrote to `stream` (its metadata stream not included). Returns how to stop. */
  watchStream(stream: string, wake: () => void): () => void {
    return this.#watchers.watchStream(stream, wake);
  }

  /** Calls `wake` after each commit. Returns how to stop. */
  watchAll(wake: () => void): () => void {
    return this.#watchers.watchAll(wake);
  }

  /** Whether the stream that this one describes is tombstoned, directly or through metadata of metadata (corrections 1.8). */
  #describesTombstoned(stream: string): boolean {
    return describesTombstoned(stream, (described) => this.lastRevision(described));
  }

  /** The stream as the next write must see it: with what is still on its way to disk. */
  #view(stream: string): StreamView {
    const log = this.#log;
    const { staged } = log.head(stream);
    return {
      last: staged,
      isTombstoned: staged === TOMBSTONE_REVISION,
      isSoftDeleted: isSoftDeleted(this.#metadata.accepted(stream)),
      hasMetadata: log.head(metastreamOf(stream)).staged >= 0,
      idAt: (revision) => log.acceptedRecord(stream, revision)?.id,
      revisionOfId: (id) => {
        const place = log.placeOfId(id);
        return place?.stream === stream ? place.revision : undefined;
      },
    };
  }

  #wrong(stream: string, expected: ExpectedRevision, view: StreamView): AppendResult & DeleteResult {
    return { outcome: "wrong-expected-revision", stream, expected, current: view.last };
  }

  #metadataWrite(stream: string, document: string): StreamWrite {
    const data = Buffer.from(document);
    const event = { id: this.#newId(), type: METADATA_TYPE, isJson: true, data, metadata: NO_DATA };
    return { stream: metastreamOf(stream), events: [event] };
  }

  /** The metadata with which a soft-deleted stream lives again, its events hidden up to now. */
  #revival(stream: string, current: NewRecord | undefined): StreamWrite | undefined {
    const document = current && revivedMetadata(current, this.#log.head(stream).staged + 1);
    return document === undefined ? undefined : this.#metadataWrite(stream, document);
  }

  async #deleted(write: StreamWrite): Promise<DeleteResult> {
    const [record] = await this.#log.stage([write]);
    return { outcome: "deleted", position: record?.position ?? this.#log.end };
  }

  /** First revision that a scavenge leaves; the log itself keeps the last record of every stream. */
  #firstKept(stream: string, last: number): number {
    const described = describedBy(stream);
    if (last === TOMBSTONE_REVISION) return TOMBSTONE_REVISION;
    if (described !== undefined && this.lastRevision(described) === TOMBSTONE_REVISION) return last;
    return Math.min(
      last,
      firstReadable(this.#log, stream, { metadata: this.metadataOf(stream), last, now: this.#now() }),
    );
  }

  #visiblePosition(stream: string, revision: number): number | undefined {
    const page = this.readStream({ stream, from: revision, direction: "backwards", maxCount: 1 });
    const record = page.outcome === "read" ? page.records[0] : undefined;
    return record?.revision === revision ? record.position : undefined;
  }
}
