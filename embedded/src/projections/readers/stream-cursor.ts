import { TOMBSTONE_REVISION, type LogRecord } from "../../log/record.ts";
import type { EventStore } from "../../streams/event-store.ts";

/** Events that the server's readers take at a time (spec 3.2). */
const PAGE = 111;

/** What lies between where a cursor stood and the first event that is left of its page. */
export interface Gap {
  readonly stream: string;
  readonly expected: number;
  readonly found: number;
}

/**
 * What becomes of a page that begins behind a gap: the rest of it is lost, it is read all the same, or `onGap` throws.
 */
export type GapRule = "lose" | "read" | ((gap: Gap) => never);

/**
 * Reads one stream onwards as the server's projection readers do: truncation may have left a gap before the next event. A
 * stream that is truncated from its beginning is read from its first event left, and a gap as long as a page goes unnoticed
 * (spec 3.2, golden `projection-faults/source-truncated-above-the-checkpoint`).
 *
 * Once it has gone live it reads what was written, whatever truncation or deletion hides of it.
 */
export class StreamCursor {
  readonly stream: string;
  readonly #store: EventStore;
  readonly #atGaps: GapRule;
  #next: number;
  /** The stream's last revision when it was read to its end. */
  #endedAt: number | undefined;
  #isLive = false;

  /** Begins behind the event `last`. */
  constructor(store: EventStore, stream: string, last: number, atGaps: GapRule) {
    this.#store = store;
    this.stream = stream;
    this.#atGaps = atGaps;
    this.#next = last + 1;
  }

  /** Nothing was written since it was read to its end. */
  get isAtEnd(): boolean {
    return this.#endedAt === this.#store.lastRevision(this.stream);
  }

  /** From 0 to 100. */
  get progress(): number {
    const last = this.#store.lastRevision(this.stream);
    return last < 0 || this.isAtEnd ? 100 : Math.min(100, (this.#next / (last + 1)) * 100);
  }

  /** All was read that a reader sees: what truncation hides of it is history. */
  goLive(): void {
    this.#isLive = true;
    this.passed(this.#store.lastRevision(this.stream));
  }

  /** Goes on behind that event, if it does not stand behind it already. */
  passed(revision: number): void {
    if (revision !== TOMBSTONE_REVISION) this.#next = Math.max(this.#next, revision + 1);
  }

  read(): readonly LogRecord[] {
    const from = this.#next;
    const page = this.#store.readStream({
      stream: this.stream,
      from,
      direction: "forwards",
      maxCount: PAGE,
      ignoreTruncation: this.#isLive,
    });
    // A stream that is missing, deleted or tombstoned may come, or come back: the projection waits (spec 3.2).
    const isAtEnd = page.outcome !== "read" || page.isEnd;
    this.#endedAt = isAtEnd ? this.#store.lastRevision(this.stream) : undefined;
    if (page.outcome !== "read") return [];
    if (page.records.length === 0) this.#next = Math.max(this.#next, page.next);
    return this.#isLive ? this.#asWritten(page.records) : this.#asSeen(page.records, from);
  }

  #asWritten(records: readonly LogRecord[]): readonly LogRecord[] {
    const events = records.filter(({ revision }) => revision !== TOMBSTONE_REVISION);
    this.passed(events.at(-1)?.revision ?? -1);
    return events;
  }

  #asSeen(records: readonly LogRecord[], from: number): readonly LogRecord[] {
    const kept: LogRecord[] = [];
    let isLosing = false;
    for (const record of records) {
      const isGap = record.revision > this.#next && this.#next > 0;
      const isNoticed = record.revision < from + PAGE;
      if (isGap && isNoticed) isLosing = this.#losesAt(record.revision);
      if (isLosing && !isNoticed) isLosing = false;
      if (!isLosing) kept.push(record);
      this.#next = record.revision + 1;
    }
    return kept;
  }

  #losesAt(found: number): boolean {
    if (typeof this.#atGaps !== "string") this.#atGaps({ stream: this.stream, expected: this.#next, found });
    return this.#atGaps === "lose";
  }
}
