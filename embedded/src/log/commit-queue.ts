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
  #lastPush = 0;
  #onPush: (() => void) | undefined;

  constructor(pace = new CommitPace()) {
    this.#pace = pace;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  push(writes: StagedWrites): void {
    const now = performance.now();
    if (!this.isEmpty) this.#pace.came(now - this.#lastPush);
    this.#lastPush = now;
    this.#waiting.push(writes);
    this.#onPush?.();
  }

  /** Settles when the next group is worth a commit. */
  async gathered(): Promise<void> {
    const patience = this.#pace.patience(this.#waiting.length);
    if (patience === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, patience);
      this.#onPush = () => {
        if (this.#pace.patience(this.#waiting.length) > 0) return;
        clearTimeout(timer);
        resolve();
      };
    });
    this.#onPush = undefined;
  }

  /** So many writes took so many milliseconds to get to disk. */
  committed(writes: number, milliseconds: number): void {
    this.#pace.committed(writes, this.#waiting.length, milliseconds);
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
    return count === this.#waiting.length ? this.takeAll() : this.#waiting.splice(0, count);
  }

  takeAll(): readonly StagedWrites[] {
    const all = this.#waiting;
    this.#waiting = [];
    return all;
  }
}
