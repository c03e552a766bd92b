import type { DiskWrite } from "../log/disk-write.ts";

/** Upper bounds in seconds, of what a group of writes takes on anything from a good disk to a sick one. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] as const;

export interface DiskStatistics {
  /** Groups of writes that the disk has taken. */
  readonly writes: number;
  readonly events: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly longestSeconds: number;
  /** Of each bound in seconds how many writes took no longer. */
  readonly writesWithin: readonly { readonly seconds: number; readonly writes: number }[];
  readonly refused: number;
  /** The last one was refused, and not long ago: a full disk, perhaps. */
  readonly isRefusing: boolean;
}

/** After this a refusal is history, so that somebody writes again and it is seen whether the disk has recovered. */
const MEMORY_MS = 10_000;

/** Adds up what the disk does. */
export class DiskMeter {
  readonly #clock: () => number;
  readonly #within = BOUNDS.map(() => 0);
  #writes = 0;
  #events = 0;
  #bytes = 0;
  #seconds = 0;
  #longest = 0;
  #refused = 0;
  #refusedAt: number | undefined;

  /** `clock` gives milliseconds that only ever grow. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  add(write: DiskWrite): void {
    this.#refusedAt = write.isRefused ? this.#clock() : undefined;
    if (write.isRefused) {
      this.#refused++;
      return;
    }
    const seconds = write.milliseconds / 1000;
    this.#writes++;
    this.#events += write.events;
    this.#bytes += write.bytes;
    this.#seconds += seconds;
    this.#longest = Math.max(this.#longest, seconds);
    const bucket = BOUNDS.findIndex((bound) => seconds <= bound);
    if (bucket >= 0) this.#within[bucket] = (this.#within[bucket] ?? 0) + 1;
  }

  read(): DiskStatistics {
    let writes = 0;
    return {
      writes: this.#writes,
      events: this.#events,
      bytes: this.#bytes,
      seconds: this.#seconds,
      longestSeconds: this.#longest,
      writesWithin: BOUNDS.map((seconds, i) => {
        writes += this.#within[i] ?? 0;
        return { seconds, writes };
      }),
      refused: this.#refused,
      isRefusing: this.#refusedAt !== undefined && this.#clock() - this.#refusedAt < MEMORY_MS,
    };
  }
}
