import { statfsSync } from "node:fs";
import { DiskFullError } from "./errors.ts";

const MIB = 1024 * 1024;

/**
 * Bytes left free on the disk of a log. A disk that is full in the middle of a write can end the process: LMDB's lock file is
 * mapped (SIGBUS), and lmdb 3.5.6 corrupts its heap when a page does not go to disk. So nobody lets it come to that.
 */
export const SPARE = {
  /** Behind what is appended. */
  appends: 64 * MIB,
  /** Behind everything else, so that a log that has filled its disk can still be opened and read, and make room in itself. */
  rest: 16 * MIB,
} as const;

/** Asking takes some microseconds, which every commit would wait for. */
const LOOK_PAUSE_MS = 50;

/** Tells in time that a disk is full. */
export class DiskSpace {
  readonly #directory: string;
  readonly #look: (directory: string) => number;
  #free = 0;
  #lookedAt = Number.NEGATIVE_INFINITY;

  /** `look` answers the free bytes; by default the file system does. */
  constructor(directory: string, look: (directory: string) => number = freeBytes) {
    this.#directory = directory;
    this.#look = look;
  }

  /**
   * To be called before so many bytes are written.
   * @throws DiskFullError where less than `spare` would be left of the disk.
   */
  require(bytes: number, spare: number): void {
    const now = performance.now();
    if (now - this.#lookedAt > LOOK_PAUSE_MS) {
      this.#free = this.#look(this.#directory);
      this.#lookedAt = now;
    }
    if (this.#free - bytes < spare) throw new DiskFullError(this.#directory, this.#free, spare);
    this.#free -= bytes;
  }
}

function freeBytes(directory: string): number {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize;
}
