import type { LogRecord } from "../log/record.ts";
import type { Group } from "./group.ts";
import type { GroupSettings } from "./group-settings.ts";
import type { GroupSource } from "./group-source.ts";

/** Records looked at before everybody else in the process gets a turn. */
const TURN = 1024;

/**
 * Feeds a group with what its source holds: batch by batch while it is behind, as it comes while it is live
 * (spec 2.3). More than fits into the buffer makes it fall behind; it catches up as room comes.
 */
export class GroupReader {
  readonly #source: GroupSource;
  readonly #group: Group;
  readonly #settings: GroupSettings;
  #next: number;
  #isLive = false;
  #isGone = false;
  #lastKnown: number | undefined;
  #liveCount = 0;

  /** `live` where it begins at the end of what there is, so that what comes next is none of its history. */
  constructor(source: GroupSource, group: Group, settings: GroupSettings, from: number, live: boolean) {
    this.#source = source;
    this.#group = group;
    this.#settings = settings;
    this.#next = from;
    this.#isLive = live;
  }

  /** All that is there has been read. */
  get isLive(): boolean {
    return this.#isLive;
  }

  /** The stream was tombstoned before the group had come to its end: nothing will ever be read again. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** There may be more to read, and there is room for a batch of it. */
  get isHungry(): boolean {
    return !this.#isLive && !this.#isGone && this.#hasRoom;
  }

  /** Place of the last record that went into the group. */
  get lastKnown(): number | undefined {
    return this.#lastKnown;
  }

  /** Live messages since the group caught up, as far as the live buffer counts them (golden `persistent/broken-links`). */
  get liveCount(): number {
    return this.#liveCount;
  }

  /** Reads what there is and what there is room for. True when there is more of both, for another turn. */
  advance(now: number): boolean {
    let looked = 0;
    while (!this.#isGone) {
      if (this.#isLive) {
        if (this.#source.end <= this.#next) return false;
        if (this.#group.room === 0) this.#isLive = false;
      }
      if (!this.#isLive && !this.#hasRoom) return false;
      if (looked >= TURN) return true;
      looked += this.#readPage(now);
    }
    return false;
  }

  /** For a batch and more. Neither a batch nor a buffer of less than nothing is refused (corrections 2.2): they are none. */
  get #hasRoom(): boolean {
    return this.#group.room > Math.max(0, this.#settings.readBatchSize);
  }

  /** How many records it looked at, at least 1. */
  #readPage(now: number): number {
    const live = this.#isLive;
    const count = live ? this.#group.room : Math.max(1, this.#settings.readBatchSize);
    const page = this.#source.read(this.#next, Math.min(count, TURN), live);
    if (page === "gone") {
      this.#isGone = true;
      this.#isLive = false;
      return 1;
    }
    const window = live ? 1 : Math.max(1, this.#settings.maxCheckpointCount);
    for (let at = 0; at < page.records.length; at += window) {
      const refused = this.#readWindow(page.records.slice(at, at + window), live, now);
      if (refused !== undefined) {
        this.#next = this.#source.placeOf(refused);
        this.#isLive = false;
        return page.records.length;
      }
    }
    this.#next = page.next;
    if (page.isEnd) {
      // What truncation hides at the end of history is never live: it lies before what comes from now on.
      this.#next = Math.max(page.next, this.#source.end);
      if (!live) this.#liveCount = 0;
      this.#isLive = true;
    }
    return Math.max(1, page.records.length);
  }

  /**
   * Takes in some records. History counts what a filter passes over by windows, as the real server searches it: one that
   * holds anything wanted counts none of the rest. Answers the record that there was no room for.
   */
  #readWindow(records: readonly LogRecord[], live: boolean, now: number): LogRecord | undefined {
    let passed = 0;
    let lastPassed = -1;
    let isWanted = false;
    for (const record of records) {
      const seen = this.#source.see(record, live);
      if (seen === "hide") continue;
      const place = this.#source.placeOf(record);
      if (seen === "pass") {
        passed++;
        lastPassed = place;
        continue;
      }
      if (this.#group.room === 0) return record;
      isWanted = true;
      this.#group.read(seen, record, place);
      this.#lastKnown = place;
      if (!live) continue;
      this.#liveCount = Math.min(this.#liveCount + 1, this.#settings.liveBufferSize);
      // Live it goes out before the next record is looked at: what is passed over behind it must find it under way.
      this.#group.pump(now);
    }
    if (passed > 0 && !isWanted) this.#group.passOver(lastPassed, passed, now);
    return undefined;
  }
}
