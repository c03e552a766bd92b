import { CommitPace } from "./commit-pace.ts";
import type { WriteFailedError } from "./errors.ts";
import type { LogRecord } from "./record.ts";
import type { StreamHead } from "./stream-heads.ts";

/** A record that was accepted, as it goes to disk. */
export interface StagedRecord {
  readonly record: LogRecord;
  readonly bytes: Buffer;
  readonly head: StreamHead;
  /** The stream's name has to be entered too. */
  readonly isFirst: boolean;
}

/** What one writer waits for. */
export interface StagedWrites {
  readonly records: readonly StagedRecord[];
  readonly bytes: number;
  /** Whoever waits for it is likely to write again once it is answered. */
  readonly comesBack: boolean;
  readonly done: (error: WriteFailedError | undefined) => void;
}

/** Of all records of a group, as encoded. */
export function bytesOf(group: readonly StagedWrites[]): number {
  return group.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Encoded bytes that one commit takes at most, unless a single write is larger: keeps the latency of a commit bounded. */
const COMMIT_BYTES = 4 * 1024 * 1024;

/** Writes in the order in which they were accepted, to be committed in groups. */
export class CommitQueue {
  readonly #pace: CommitPace;
  #waiting: StagedWrites[] = [];
  /** Of them those that come back. */
  #comingBack = 0;
  #lastPush = 0;
  #onPush: (() => void) | undefined;

  constructor(pace = new CommitPace()) {
    this.#pace = pace;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** What is to be written, in order. */
  get waiting(): readonly StagedWrites[] {
    return this.#waiting;
  }

  push(writes: StagedWrites): void {
    this.#waiting.push(writes);
    if (!writes.comesBack) return;
    const now = performance.now();
    if (this.#comingBack > 0) this.#pace.came(now - this.#lastPush);
    this.#lastPush = now;
    this.#comingBack++;
    this.#onPush?.();
  }

  /** Settles when the next group is worth a commit. */
  async gathered(): Promise<void> {
    const patience = this.#pace.patience(this.#comingBack);
    if (patience === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, patience);
      this.#onPush = () => {
        if (this.#pace.patience(this.#comingBack) > 0) return;
        clearTimeout(timer);
        resolve();
      };
    });
    this.#onPush = undefined;
  }

  /** The group took so many milliseconds to get to disk. */
  committed(group: readonly StagedWrites[], milliseconds: number): void {
    this.#pace.committed(comingBack(group), this.#comingBack, milliseconds);
  }

  /** Takes out what the next commit writes. */
  nextGroup(): readonly StagedWrites[] {
    let bytes = 0;
    let count = 0;
    for (const { bytes: more } of this.#waiting) {
      if (count > 0 && bytes + more > COMMIT_BYTES) break;
      bytes += more;
      count++;
    }
    if (count === this.#waiting.length) return this.takeAll();
    const group = this.#waiting.splice(0, count);
    this.#comingBack -= comingBack(group);
    return group;
  }

  takeAll(): readonly StagedWrites[] {
    const all = this.#waiting;
    this.#waiting = [];
    this.#comingBack = 0;
    return all;
  }
}

const comingBack = (writes: readonly StagedWrites[]): number =>
  writes.reduce((n, one) => n + (one.comesBack ? 1 : 0), 0);
