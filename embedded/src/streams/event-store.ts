import type { LogRecord, NewRecord } from "../log/record.ts";
import type { ExpectedRevision } from "./expected-revision.ts";
import type { AllPage, AllRead, AppendResult, DeleteResult, ResolvedRecord, StreamPage, StreamRead } from "./results.ts";
import type { StreamMetadata } from "./stream-metadata.ts";

/**
 * Streams over the log: what may be written where, and what a reader sees.
 *
 * Writes answer once they are on disk. Reads are synchronous and see exactly what is on disk.
 * Everything in the server that stores anything (projections, persistent subscriptions, users) goes through here.
 */
export interface EventStore {
  /** Appends all `events` or none. */
  append(stream: string, expected: ExpectedRevision, events: readonly NewRecord[]): Promise<AppendResult>;
  /** Soft delete: hides all events; the stream can be written again and goes on counting (spec 1.8). */
  delete(stream: string, expected: ExpectedRevision): Promise<DeleteResult>;
  /** Hard delete: nobody can ever read or write the stream again. */
  tombstone(stream: string, expected: ExpectedRevision): Promise<DeleteResult>;

  readStream(read: StreamRead): StreamPage;
  readAll(read: AllRead): AllPage;
  /** Follows a link one step; any other record is its own event. */
  resolve(record: LogRecord): ResolvedRecord;
  metadataOf(stream: string): StreamMetadata;
  /** Revision of the last durable event, whether visible or not: -1 for none, TOMBSTONE_REVISION once tombstoned. */
  lastRevision(stream: string): number;

  /** Position right behind the last durable record. */
  readonly end: number;
  /** Calls `wake` after each commit that wrote to `stream` (its metadata stream not included). Returns how to stop. */
  watchStream(stream: string, wake: () => void): () => void;
  /** Calls `wake` after each commit. Returns how to stop. */
  watchAll(wake: () => void): () => void;
}
