import { bytesOf, CommitQueue, type StagedWrites } from "./commit-queue.ts";
import { type DiskWrite, diskWriteOf } from "./disk-write.ts";
import type { DurableRecords } from "./durable-records.ts";
import { WriteFailedError } from "./errors.ts";
import { spaceFor, spaceToIndex } from "./space-needed.ts";
import type { Storage } from "./storage.ts";

export interface CommitsOptions {
  readonly storage: Storage;
  readonly durable: DurableRecords;
  /** A group is on disk. */
  readonly onWritten: (group: readonly StagedWrites[]) => void;
  /** The disk has refused these: a group, and all that was accepted after it. */
  readonly onRefused: (writes: readonly StagedWrites[], error: WriteFailedError) => void;
  readonly onDiskWrite: ((write: DiskWrite) => void) | undefined;
}

/** Bytes that the tables may lag behind: they are in memory, and in the journal. Beyond them writers wait for the tables. */
const MOST_UNINDEXED = 32 * 1024 * 1024;

/**
 * Takes what was accepted to disk, in its order: in groups of whatever was accepted while the disk was busy, each by one write and
 * one flush.
 */
export class Commits {
  readonly #options: CommitsOptions;
  readonly #queue = new CommitQueue();
  /** What is being written now. */
  #writing: readonly StagedWrites[] = [];
  #running: Promise<void> | undefined;

  constructor(options: CommitsOptions) {
    this.#options = options;
  }

  /** What was accepted and is not on disk, in order. */
  get inFlight(): readonly StagedWrites[] {
    return [...this.#writing, ...this.#queue.waiting];
  }

  push(writes: StagedWrites): void {
    this.#queue.push(writes);
    this.#running ??= this.#writeAll();
  }

  /** Settles when nothing is in flight. */
  async done(): Promise<void> {
    await this.#running;
  }

  async #writeAll(): Promise<void> {
    const { onDiskWrite, onWritten, onRefused } = this.#options;
    // What arrives in the same turn of the event loop shares the first commit.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (!this.#queue.isEmpty) {
      const group = this.#queue.nextGroup();
      this.#writing = group;
      const begin = performance.now();
      try {
        await this.#write(group);
      } catch (error) {
        this.#writing = [];
        onDiskWrite?.(diskWriteOf(group, begin, true));
        // Whatever was accepted after a write that failed was decided on a state that never came to be, so it fails too.
        onRefused([...group, ...this.#queue.takeAll()], new WriteFailedError({ cause: error }));
        continue;
      }
      onDiskWrite?.(diskWriteOf(group, begin, false));
      this.#writing = [];
      onWritten(group);
    }
    this.#running = undefined;
  }

  async #write(group: readonly StagedWrites[]): Promise<void> {
    const { storage, durable } = this.#options;
    const records = group.flatMap((writes) => writes.records.map(({ bytes }) => bytes));
    const [first] = group.flatMap((writes) => writes.records.slice(0, 1));
    if (first === undefined) return;
    const lagging = durable.unindexedBytes;
    if (lagging > 0 && lagging + bytesOf(group) > MOST_UNINDEXED) await durable.flush();
    const { bytes, spare } = spaceFor(group);
    storage.space.require(bytes, spare + spaceToIndex(durable.unindexedBytes).bytes);
    await storage.journal.append(first.record.position, records);
  }
}
