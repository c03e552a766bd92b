import type { Unindexed, UnindexedGroup } from "./unindexed.ts";

export interface IndexerOptions {
  readonly unindexed: Unindexed;
  /** Writes groups into the tables as one; settles when they are on disk, and rejects when none of them is. */
  readonly write: (groups: readonly UnindexedGroup[]) => Promise<void>;
  /** Told when the tables have these, the first of those that they lacked: takes them out of what is unindexed. */
  readonly onIndexed: (groups: readonly UnindexedGroup[]) => void;
}

/** So many bytes are not left to wait, nor any for so long. */
const DUE_BYTES = 2 * 1024 * 1024;
const PAUSE_MS = 1000;
/** One transaction: short enough that an append behind it is not held up, large enough that its flush costs little an event. */
const RECORDS_A_STEP = 1000;
const BYTES_A_STEP = 4 * 1024 * 1024;

/** Brings the tables up to what is durable, behind the answers. Where the disk refuses, it tries again, and nothing is lost. */
export class Indexer {
  readonly #options: IndexerOptions;
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Those that were there when somebody last asked for them to be written: so many are left. */
  #wanted = 0;
  #isRefused = false;
  #isClosed = false;

  constructor(options: IndexerOptions) {
    this.#options = options;
  }

  /** To be called when groups have been added. */
  wake(): void {
    const { unindexed } = this.#options;
    if (this.#isClosed || this.#running !== undefined || unindexed.groups === 0) return;
    if (unindexed.bytes >= DUE_BYTES && !this.#isRefused) void this.flush().catch(() => {});
    else this.#timer ??= setTimeout(() => void this.flush().catch(() => {}), PAUSE_MS).unref();
  }

  /** Settles when the tables have all that is durable now; rejects when the disk refuses. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#wanted = this.#options.unindexed.groups;
    this.#running ??= this.#write().finally(() => {
      this.#running = undefined;
      this.wake();
    });
    return this.#running;
  }

  /** Brings the tables up to date where the disk lets it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    // What is left is in the journal.
    await this.flush().catch(() => {});
  }

  async #write(): Promise<void> {
    const { unindexed, write, onIndexed } = this.#options;
    while (this.#wanted > 0) {
      const groups = unindexed.first(RECORDS_A_STEP, BYTES_A_STEP);
      try {
        await write(groups);
      } catch (error) {
        this.#isRefused = true;
        throw error;
      }
      this.#isRefused = false;
      this.#wanted -= groups.length;
      onIndexed(groups);
    }
  }
}
