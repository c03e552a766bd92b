import type { CheckpointWriter } from "./checkpoints/checkpoint-writer.ts";
import type { Partitions } from "./checkpoints/partitions.ts";
import type { ProjectionOutput } from "./emitted/projection-output.ts";
import type { SourceReader } from "./readers/source-reader.ts";
import type { InstanceState, InstanceStatistics } from "./statistics.ts";
import { formatTag } from "./tags/format.ts";
import type { Tag } from "./tags/tag.ts";
import type { WorkQueue } from "./work-queue.ts";

export type RunStatistics = Omit<InstanceStatistics, "version" | "state">;

export interface RunReportOptions {
  readonly checkpoints: CheckpointWriter;
  readonly output: ProjectionOutput;
  readonly partitions: Partitions;
  readonly queue: WorkQueue;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
}

/** How far a run has come, and the figures in which the server tells it. */
export class RunReport {
  readonly #options: RunReportOptions;
  #position: Tag;
  #handled = 0;
  #processingMs = 0;
  #progress = -1;
  #first: { readonly statistics: RunStatistics; readonly until: number } | undefined;

  /** `from` is where the run begins. */
  constructor(options: RunReportOptions, from: Tag) {
    this.#options = options;
    this.#position = from;
  }

  /** Up to which it has handled. */
  get position(): Tag {
    return this.#position;
  }

  passed(position: Tag): void {
    this.#position = position;
  }

  countEvent(): void {
    this.#handled++;
  }

  addProcessing(milliseconds: number): void {
    this.#processingMs += milliseconds;
  }

  /** The reader has read its last. */
  endReading(reader: SourceReader | undefined): void {
    this.#progress = reader?.progress ?? this.#progress;
  }

  /**
   * What it tells now stands for a while. The real server tells what a projection last reported, and one that notes its order
   * is slow to report again: whoever asks at once sees where it begins (goldens `topologies/add-a-source-again`,
   * `add-a-source-again-at-once`).
   */
  begin(state: InstanceState, reader: SourceReader | undefined): void {
    const until = this.#options.now() + FIRST_REPORT_MS;
    this.#first = { statistics: this.#present(state, reader), until };
  }

  statistics(state: InstanceState, reader: SourceReader | undefined): RunStatistics {
    const first = this.#first;
    const isFresh = first !== undefined && state === "Running" && this.#options.now() < first.until;
    return isFresh ? first.statistics : this.#present(state, reader);
  }

  #present(state: InstanceState, reader: SourceReader | undefined): RunStatistics {
    const { checkpoints, output, partitions, queue } = this.#options;
    return {
      position: formatTag(this.#shownPosition(state)),
      lastCheckpoint: formatTag(checkpoints.tag),
      progress: state === "Running" && reader !== undefined ? reader.progress : this.#progress,
      eventsProcessedAfterRestart: this.#handled,
      coreProcessingTime: Math.round(this.#processingMs),
      partitionsCached: 1 + partitions.cached,
      bufferedEvents: queue.length,
      writesInProgress: output.writing,
      readsInProgress: 0,
      writePendingEventsBeforeCheckpoint: 0,
      writePendingEventsAfterCheckpoint: output.pending,
      checkpointStatus: checkpoints.status,
    };
  }

  /**
   * While writes are on their way the position shown is the one up to which all is written: who waits for it finds what was
   * emitted. A projection that is stuck or has ended shows what it has handled (golden
   * `topologies/add-a-source-again-after-events-without-output`).
   */
  #shownPosition(state: InstanceState): Tag {
    const { output } = this.#options;
    const isOnItsWay = state === "Running" && output.outstanding > 0 && !output.isStuck;
    return isOnItsWay ? output.writtenTo : this.#position;
  }
}

/** How long the report of its start stands for what an ordered run is at. */
const FIRST_REPORT_MS = 250;
