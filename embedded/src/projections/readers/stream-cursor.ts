import type { LogRecord } from "../../log/record.ts";
import type { EventStore } from "../../streams/event-store.ts";

/** Events that the server's readers take at a time (spec 3.2). */
const PAGE = 111;

/**
 * Reads one stream onwards as the server's projection readers do: where truncation has left a gap before the next event, the
 * rest of that page is lost; a stream that is truncated from its beginning is read from its first event left, and a gap as
 * long as a page goes unnoticed (spec 3.2, golden `projection-faults/source-truncated-above-the-checkpoint`).
 */
export class StreamCursor {
  readonly stream: string;
  readonly #store: EventStore;
  readonly #losesAtGaps: boolean;
  #next: number;
  #isAtEnd = false;

  /** Begins behind the event `last`. Without `losesAtGaps` everything that is left is read. */
  constructor(store: EventStore, stream: string, last: number, losesAtGaps = true) {
    this.#store = store;
    this.stream = stream;
    this.#losesAtGaps = losesAtGaps;
    this.#next = last + 1;
  }

  /** Nothing more was there after the last read. */
  get isAtEnd(): boolean {
    return this.#isAtEnd;
  }

  /** From 0 to 100. */
  get progress(): number {
    const last = this.#store.lastRevision(this.stream);
    return last < 0 || this.#isAtEnd ? 100 : Math.min(100, (this.#next / (last + 1)) * 100);
  }

  read(): readonly LogRecord[] {
    const from = this.#next;
    const page = this.#store.readStream({ stream: this.stream, from, direction: "forwards", maxCount: PAGE });
    // A stream that is missing, deleted or tombstoned may come, or come back: the projection waits (spec 3.2).
    this.#isAtEnd = page.outcome !== "read" || page.isEnd;
    if (page.outcome !== "read") return [];
    const kept: LogRecord[] = [];
    let isLosing = false;
    for (const record of page.records) {
      const gap = record.revision - this.#next;
      if (this.#losesAtGaps && gap > 0 && this.#next > 0) isLosing = true;
      if (isLosing && record.revision >= from + PAGE) isLosing = false;
      if (!isLosing) kept.push(record);
      this.#next = record.revision + 1;
    }
    if (page.records.length === 0) this.#next = Math.max(this.#next, page.next);
    return kept;
  }
}
