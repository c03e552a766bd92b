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
  #waiting: StagedWrites[] = [];

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** What is to be written, in order. */
  get waiting(): readonly StagedWrites[] {
    return this.#waiting;
  }

  push(writes: StagedWrites): void {
    this.#waiting.push(writes);
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
