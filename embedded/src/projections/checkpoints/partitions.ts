import type { EventStore } from "../../streams/event-store.ts";
import { PARTITION_CHECKPOINT_METADATA, writeOutputMetadata } from "../emitted/output-metadata.ts";
import { readStamp } from "../emitted/stamp.ts";
import type { StreamNames } from "../stream-names.ts";
import { compareTags, IncomparableTagsError } from "../tags/compare.ts";
import { tagMembers } from "../tags/format.ts";
import type { Tag } from "../tags/tag.ts";
import type { Tagger } from "../tags/tagger.ts";
import { formatVersion, type ProjectionVersion } from "../version.ts";
import { textsOf } from "./checkpoint-stream.ts";
import { formatStateTexts, NO_STATE, type StateTexts } from "./state-texts.ts";

export interface PartitionsOptions {
  readonly store: EventStore;
  readonly names: StreamNames;
  readonly version: ProjectionVersion;
  readonly tagger: Tagger;
  /** The checkpoint that the projection started from. */
  readonly from: Tag;
  readonly newId: () => string;
}

export interface PartitionState extends StateTexts {
  /** The event that left it so. */
  readonly tag: Tag;
}

const CHECKPOINT_TYPE = "$Checkpoint";
/** States kept in memory; others are read again from their last checkpoint. */
const MAX_CLEAN = 4000;
const PAGE = 5;

/** The states of a projection's partitions: in memory while they change, in a stream for each at checkpoints (spec 3.4). */
export class Partitions {
  readonly #options: PartitionsOptions;
  readonly #states = new Map<string, PartitionState>();
  readonly #changed = new Set<string>();
  /** Nothing was ever kept, so there is nothing to look for. */
  readonly #isFirstRun: boolean;
  #hasWritten = false;

  constructor(options: PartitionsOptions) {
    this.#options = options;
    this.#isFirstRun = compareTags(options.from, options.tagger.zero) === 0;
  }

  get cached(): number {
    return this.#states.size;
  }

  /**
   * The state of a partition as events up to but without `before` have left it; undefined for one that is new.
   * What an earlier run, which did not get to its checkpoint, had kept of later events is passed over.
   */
  get(partition: string, before?: Tag): PartitionState | undefined {
    const known = this.#states.get(partition);
    if (known !== undefined) {
      // Those used last are forgotten last.
      this.#states.delete(partition);
      this.#states.set(partition, known);
      return known;
    }
    const kept = this.#load(partition, before);
    if (kept !== undefined) this.#states.set(partition, kept);
    return kept;
  }

  set(partition: string, state: PartitionState): void {
    this.#states.delete(partition);
    this.#states.set(partition, state);
    this.#changed.add(partition);
  }

  /** Writes the states that have changed since the last time. */
  async writeChanged(): Promise<void> {
    this.#hasWritten = true;
    const changed = [...this.#changed];
    await Promise.all(changed.map((partition) => this.#write(partition)));
    // Nothing is handled while a checkpoint is written, so these are still the states of then.
    this.#changed.clear();
    for (const partition of this.#states.keys()) {
      if (this.#states.size <= MAX_CLEAN) break;
      if (!this.#changed.has(partition)) this.#states.delete(partition);
    }
  }

  #load(partition: string, before: Tag | undefined): PartitionState | undefined {
    if (this.#isFirstRun && !this.#hasWritten) return undefined;
    const { store, names, version, tagger } = this.#options;
    const stream = names.partitionCheckpoint(partition);
    if (store.readStream({ stream, from: "end", direction: "backwards", maxCount: 1 }).outcome !== "read")
      return undefined;
    let from: number | "end" = "end";
    for (;;) {
      // Two runs that crashed before their checkpoint leave more than the two entries that `$maxCount` shows.
      const page = store.readStream({ stream, from, direction: "backwards", maxCount: PAGE, ignoreTruncation: true });
      if (page.outcome !== "read") return undefined;
      for (const record of page.records) {
        if (record.type !== CHECKPOINT_TYPE) continue;
        const stamp = readStamp(record.metadata, version);
        if (stamp.kind !== "stamped" || stamp.version.id !== version.id) return undefined;
        if (stamp.version.version < version.epoch) return undefined;
        const tag = tagger.adjust(stamp.tag);
        if (before === undefined || isBefore(tag, before)) return { ...textsOf(record), tag };
      }
      if (page.isEnd) return undefined;
      from = page.next;
    }
  }

  async #write(partition: string): Promise<void> {
    const { store, names, version, newId } = this.#options;
    const stream = names.partitionCheckpoint(partition);
    const { tag, ...texts } = this.#states.get(partition) ?? { tag: this.#options.tagger.zero, ...NO_STATE };
    const page = store.readStream({ stream, from: "end", direction: "backwards", maxCount: 1 });
    const last = page.outcome === "read" ? page.records[0] : undefined;
    const stamp = Buffer.from(`{"$v":"${formatVersion(version)}",${tagMembers(tag)}}`);
    // A run that crashed before its checkpoint may have kept just this.
    if (last !== undefined && Buffer.compare(last.metadata, stamp) === 0) return;
    if (last === undefined) {
      await writeOutputMetadata(store, stream, store.lastRevision(stream) + 1, PARTITION_CHECKPOINT_METADATA, newId);
    }
    const data = Buffer.from(formatStateTexts(texts));
    await store.append(stream, "any", [{ id: newId(), type: CHECKPOINT_TYPE, isJson: true, data, metadata: stamp }]);
  }
}

/** An entry from before the sources were changed may have no order with the event; then it is the older one. */
function isBefore(tag: Tag, event: Tag): boolean {
  try {
    return compareTags(tag, event) < 0;
  } catch (error) {
    if (error instanceof IncomparableTagsError) return true;
    throw error;
  }
}
