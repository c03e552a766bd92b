import type { ProjectionEvent } from "../handler.ts";
import type { EventPlace } from "../tags/tagger.ts";

/** An event as a source met it. */
export interface SourceEvent {
  readonly event: ProjectionEvent;
  readonly place: EventPlace;
  /** When it, or the link to it, was written; milliseconds since 1970-01-01 UTC. */
  readonly created: number;
  /** The stream whose deletion this event is. */
  readonly deletedStream?: string;
}

export interface SourcePage {
  readonly events: readonly SourceEvent[];
  /** Nothing more is there now. */
  readonly isAtEnd: boolean;
  /** Place in the log up to which everything was looked at, wanted or not; absent where only a source's own events were. */
  readonly scannedTo?: number;
  /** Something is held back for that many milliseconds. */
  readonly retryAfter?: number;
}

/**
 * Reads a source from where a projection stands, page after page. Reading never waits: an empty page at the end means that
 * there is nothing until the watcher wakes.
 */
export interface SourceReader {
  read(): SourcePage;
  /** Place in the log of the last record ahead of the disk that was read; -1 where none was. */
  readonly readAheadTo: number;
  /** How far it has come, from 0 to 100. */
  readonly progress: number;
  /** To be woken also when the log has grown past `position`, even by what the source does not want. */
  remindAt(position: number): void;
  /** Calls `wake` when more may be there. Returns how to stop. */
  watch(wake: () => void): () => void;
}
