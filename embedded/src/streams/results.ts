import type { LogRecord, NewRecord } from "../log/record.ts";
import type { ExpectedRevision } from "./expected-revision.ts";
import type { Conflict } from "./multi-append-rule.ts";

/** The stream is not where the writer believed it to be. `current` is its last revision, -1 where it has none. */
export interface WrongExpectedRevision {
  readonly outcome: "wrong-expected-revision";
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly current: number;
}

/** The stream (or the stream whose metastream this is) was tombstoned, or asked to exist while soft-deleted. */
export interface StreamDeleted {
  readonly outcome: "stream-deleted";
  readonly stream: string;
}

/** Written, or recognized as written before; durable either way. */
export interface Appended {
  readonly outcome: "appended";
  /** Revision of the last event; -1 where the stream never had one and nothing was written. */
  readonly revision: number;
  /** Position of the last event, where one is known and visible. */
  readonly position: number | undefined;
}

export type AppendResult = Appended | WrongExpectedRevision | StreamDeleted;

/** What becomes of a write, said before it is on disk. */
export type Acceptance =
  | {
      readonly outcome: "accepted";
      /** Revision of the last event. */
      readonly revision: number;
      /** Settles when it is on disk; rejects with a `WriteFailedError` where the disk refuses. */
      readonly onDisk: Promise<readonly LogRecord[]>;
    }
  /** Recognized as written before, or on its way. */
  | { readonly outcome: "already-written"; readonly revision: number }
  | WrongExpectedRevision
  | StreamDeleted;

/** An event and where it is to go. */
export interface RoutedRecord {
  readonly stream: string;
  readonly event: NewRecord;
}

export type MultiAppendResult =
  | {
      readonly outcome: "appended";
      /** Of each stream the revision of its last event. */
      readonly revisions: ReadonlyMap<string, number>;
      /** Position of the last event, where one is known and visible. */
      readonly position: number | undefined;
    }
  | { readonly outcome: "stream-deleted"; readonly stream: string }
  | { readonly outcome: "conflict"; readonly conflicts: readonly Conflict[] };

export type DeleteResult =
  | { readonly outcome: "deleted"; readonly position: number }
  | WrongExpectedRevision
  | StreamDeleted;

export type Direction = "forwards" | "backwards";

export interface StreamRead {
  readonly stream: string;
  /** First revision wanted, inclusive in both directions. */
  readonly from: number | "start" | "end";
  readonly direction: Direction;
  /** At most this many events in this page; at least 1. Large events make it end sooner. */
  readonly maxCount: number;
  /**
   * Reads what `$tb`, `$maxCount` and `$maxAge` hide, and of a tombstoned stream all up to the tombstone itself, as
   * live subscriptions do (corrections 1.10). Default false.
   */
  readonly ignoreTruncation?: boolean;
}

export type StreamPage =
  | { readonly outcome: "not-found" }
  | { readonly outcome: "deleted" }
  | {
      readonly outcome: "read";
      readonly records: readonly LogRecord[];
      /** Where the next page begins; -1 backwards past the start. */
      readonly next: number;
      /** Nothing more in this direction now. */
      readonly isEnd: boolean;
      readonly lastRevision: number;
      /** First revision that truncation leaves readable. */
      readonly firstRevision: number;
    };

export interface AllRead {
  /** Forwards: records at or after it. Backwards: records before it. */
  readonly from: number;
  readonly direction: Direction;
  readonly maxCount: number;
}

export interface AllPage {
  readonly records: readonly LogRecord[];
  /** What `from` is for the next page. */
  readonly next: number;
  readonly isEnd: boolean;
}

/** A record as a reader with link resolution meets it. A link that leads nowhere has no `event`. */
export interface ResolvedRecord {
  readonly event: LogRecord | undefined;
  readonly link: LogRecord | undefined;
}
