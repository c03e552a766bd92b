import { type Checkpoint, loadCheckpoint } from "./checkpoints/checkpoint-stream.ts";
import { keepCheckpoint } from "./checkpoints/keep-checkpoint.ts";
import { Partitions } from "./checkpoints/partitions.ts";
import { recordedOrder } from "./checkpoints/recorded-order.ts";
import { NO_STATE, type StateTexts } from "./checkpoints/state-texts.ts";
import { Output } from "./emitted/output.ts";
import { ProjectionOutput } from "./emitted/projection-output.ts";
import { EventProcessor } from "./event-processor.ts";
import { asFault, describeFault } from "./fault-text.ts";
import { ProjectionFault } from "./handler.ts";
import { sourceReaderOf } from "./readers/source-reader-of.ts";
import type { SourceReader } from "./readers/source-reader.ts";
import { Subscription, type Work } from "./readers/subscription.ts";
import { type Patience, patiently } from "../log/patience.ts";
import type { RunEnd, RunOptions } from "./run-options.ts";
import { Signal } from "./signal.ts";
import { StateLimit } from "./state-limit.ts";
import type { InstanceState, InstanceStatistics } from "./statistics.ts";
import { type StreamNames, streamNames } from "./stream-names.ts";
import { compareTags, IncomparableTagsError } from "./tags/compare.ts";
import { formatTag } from "./tags/format.ts";
import type { Tag } from "./tags/tag.ts";
import { type Tagger, taggerOf } from "./tags/tagger.ts";
import { WorkQueue } from "./work-queue.ts";

type RunStatistics = Omit<InstanceStatistics, "version" | "state">;

/** One way of a projection from its last checkpoint onwards: it reads, handles, writes and keeps checkpoints until it ends. */
export class Run {
  readonly #options: RunOptions;
  readonly #names: StreamNames;
  readonly #tagger: Tagger;
  readonly #partitions: Partitions;
  readonly #processor: EventProcessor;
  readonly #queue: WorkQueue;
  /** Where it notes what it handles, if it does. */
  readonly #order: Output | undefined;
  /** Where the disk refuses, an orderly stop cannot come to its end. */
  readonly #patience: Patience = {
    isOver: () => this.#end !== undefined,
    onRefused: () => {
      if (this.#isStopWanted) this.#stalled.resolve();
    },
  };
  readonly #signal = new Signal();
  readonly #started = Promise.withResolvers<void>();
  readonly #stalled = Promise.withResolvers<void>();
  readonly #output: ProjectionOutput;
  #reader: SourceReader | undefined;
  #state: InstanceState = "StateLoaded";
  /** Ends it from outside, or from its own writes; the last word counts. */
  #end: RunEnd | undefined;
  #isStopWanted = false;
  #checkpointTag: Tag;
  #position: Tag;
  #handled = 0;
  #handledSinceCheckpoint = 0;
  #isCheckpointDue = false;
  #checkpointStatus = "";
  #processingMs = 0;
  #progress = -1;
  #firstReport: { readonly statistics: RunStatistics; readonly until: number } | undefined;

  /** Takes over the last checkpoint. Throws a {@link ProjectionFault} where that does not fit. */
  constructor(options: RunOptions) {
    const { handler, name, sources, version, emitEnabled, trackEmittedStreams, newId, isContinuous, settings } =
      options;
    const { store } = sources;
    const names = streamNames(name);
    const tagger = taggerOf(handler.definition);
    const checkpoint = isContinuous ? loadCheckpoint(store, names.checkpoint, version, tagger) : undefined;
    const from = checkpoint?.tag ?? tagger.zero;
    this.#options = options;
    this.#names = names;
    this.#tagger = tagger;
    this.#checkpointTag = this.#position = from;
    this.#output = new ProjectionOutput({
      store,
      version,
      tagger,
      from,
      newId,
      trackedIn: trackEmittedStreams ? names.emittedStreams : undefined,
      patience: this.#patience,
      onFault: (fault) => this.#endWith({ kind: "faulted", fault }),
      onConflict: () => this.#endWith({ kind: "conflict" }),
      onStalled: () => this.#stalled.resolve(),
    });
    const isOrdered = emitEnabled && tagger.zero.mode === "MultiStream";
    this.#order = isOrdered ? new Output(this.#output.outputOptions(from)) : undefined;
    this.#queue = new WorkQueue(this.#order && { output: this.#order, stream: names.order }, () => this.#signal.set());
    this.#partitions = new Partitions({ store, names, version, tagger, from, newId });
    this.#processor = new EventProcessor({
      handler,
      names,
      emitEnabled,
      root: checkpoint?.texts ?? NO_STATE,
      partitions: this.#partitions,
      emit: this.#output.emit,
      limit: new StateLimit(name, settings.maxStateBytes),
    });
  }

  get state(): InstanceState {
    return this.#state;
  }

  /** Settles when it is under way. */
  get started(): Promise<void> {
    return this.#started.promise;
  }

  /** Settles when it has got to a point where it neither goes on nor stops by itself. */
  get stalled(): Promise<void> {
    return this.#stalled.promise;
  }

  /** Place in the log up to which all it emits is on disk; -1 for a source that is not the whole log. */
  get writtenTo(): number {
    const tag = this.#output.writtenTo;
    return tag.mode === "Position" ? tag.prepare : -1;
  }

  get statistics(): RunStatistics {
    const first = this.#firstReport;
    const isFresh = first !== undefined && this.#state === "Running" && this.#options.sources.now() < first.until;
    return isFresh ? first.statistics : this.#presentStatistics();
  }

  #presentStatistics(): RunStatistics {
    return {
      position: formatTag(this.#shownPosition()),
      lastCheckpoint: formatTag(this.#checkpointTag),
      progress: this.#state === "Running" && this.#reader !== undefined ? this.#reader.progress : this.#progress,
      eventsProcessedAfterRestart: this.#handled,
      coreProcessingTime: Math.round(this.#processingMs),
      partitionsCached: 1 + this.#partitions.cached,
      bufferedEvents: this.#queue.length,
      writesInProgress: this.#output.writing,
      readsInProgress: 0,
      writePendingEventsBeforeCheckpoint: 0,
      writePendingEventsAfterCheckpoint: this.#output.pending,
      checkpointStatus: this.#checkpointStatus,
    };
  }

  /** State and result of a partition as the last event handled has left them; "" is the whole. */
  textsOf(partition: string): StateTexts {
    return this.#processor.textsOf(partition);
  }

  /** Writes what is pending and a checkpoint, then ends. Never ends where something is stuck. */
  stop(): void {
    this.#isStopWanted = true;
    this.#state = "Stopping";
    this.#signal.set();
  }

  /** Ends without a checkpoint. */
  abort(): void {
    this.#endWith({ kind: "stopped" });
  }

  /** Stays where it is: only state and position can be asked for. */
  park(): void {
    this.#state = "Stopped";
    this.#started.resolve();
  }

  /** Goes its way; never rejects. */
  async execute(): Promise<RunEnd> {
    let end: RunEnd;
    try {
      end = await this.#go();
    } catch (error) {
      end = this.#end ?? { kind: "faulted", fault: asFault(error) };
    }
    this.#progress = this.#reader?.progress ?? this.#progress;
    await Promise.all([this.#output.end(), this.#order?.end()]);
    this.#state = end.kind === "faulted" ? "Faulted" : "Stopped";
    this.#started.resolve();
    return end;
  }

  async #go(): Promise<RunEnd> {
    const noted = await this.#notedWork();
    for (const work of noted) this.#queue.addNoted(work);
    const subscription = this.#subscribe(noted.at(-1)?.tag ?? this.#checkpointTag);
    if (!this.#isStopWanted) this.#state = "Running";
    // The real server tells what a projection last reported. One that notes its order is slow to report again: whoever asks
    // at once sees where it begins (goldens `topologies/add-a-source-again`, `add-a-source-again-at-once`).
    if (this.#order !== undefined) {
      const until = this.#options.sources.now() + FIRST_REPORT_MS;
      this.#firstReport = { statistics: this.#presentStatistics(), until };
    }
    this.#started.resolve();
    const stopWatching = this.#reader?.watch(() => this.#signal.set());
    try {
      return await this.#loop(subscription);
    } catch (error) {
      if (!(error instanceof ProjectionFault)) throw error;
      // What was handled before the fault is kept (corrections 3.8).
      this.#state = "FaultedStopping";
      await this.#checkpoint();
      return { kind: "faulted", fault: error };
    } finally {
      stopWatching?.();
    }
  }

  async #loop(subscription: Subscription): Promise<RunEnd> {
    const { settings, isContinuous } = this.#options;
    while (!this.#isStopWanted) {
      this.#throwIfEnded();
      this.#signal.clear();
      const page = this.#queue.length < settings.pendingEventsThreshold ? subscription.read() : undefined;
      for (const work of page?.work ?? []) this.#queue.add(work);
      this.#queue.flush();
      const handled = this.#handleReady();
      this.#output.flush();
      if (this.#isCheckpointDue) await this.#checkpoint();
      else if (this.#output.outstanding >= settings.pendingEventsThreshold) await this.#drain();
      if (page?.isAtEnd && !isContinuous && this.#queue.length === 0) return { kind: "completed" };
      if (page !== undefined && !page.isAtEnd) await nextTurn();
      else if (handled === 0 || this.#queue.length === 0) await this.#signal.wait(page?.retryAfter);
    }
    await this.#checkpoint();
    return { kind: "stopped" };
  }

  /** What an earlier run had begun to handle. Where the server stumbles over it, nothing happens until it is aborted. */
  async #notedWork(): Promise<readonly Work[]> {
    if (this.#order === undefined) return [];
    const { sources, version } = this.#options;
    try {
      return recordedOrder(sources.store, this.#names.order, version, this.#tagger, this.#checkpointTag);
    } catch (error) {
      if (!(error instanceof IncomparableTagsError)) throw error;
      this.#stalled.resolve();
      for (;;) {
        this.#throwIfEnded();
        this.#signal.clear();
        await this.#signal.wait();
      }
    }
  }

  #subscribe(from: Tag): Subscription {
    const { sources, handler, settings } = this.#options;
    const { definition } = handler;
    const reader = sourceReaderOf(sources, definition, from);
    this.#reader = reader;
    return new Subscription({
      reader,
      tagger: this.#tagger,
      definition,
      from,
      accepts: (event) => handler.accepts(event),
      unhandledBytesThreshold: settings.checkpointUnhandledBytesThreshold,
    });
  }

  #handleReady(): number {
    const started = performance.now();
    try {
      return this.#queue.takeReady((work) => this.#handle(work));
    } finally {
      this.#processingMs += performance.now() - started;
    }
  }

  #handle(work: Work): "go on" | "enough" {
    const { name, handler, settings } = this.#options;
    if (work.kind === "checkpoint") this.#isCheckpointDue = true;
    else {
      try {
        this.#output.causedBy(work.tag, () => this.#processor.process(work));
      } catch (error) {
        throw describeFault(error, name, handler.typeName, work.tag);
      }
      this.#handled++;
      if (++this.#handledSinceCheckpoint >= settings.checkpointHandledThreshold) this.#isCheckpointDue = true;
    }
    this.#position = work.tag;
    return this.#isCheckpointDue ? "enough" : "go on";
  }

  /** Waits until everything is written, then writes a checkpoint if there is anything new. */
  async #checkpoint(): Promise<void> {
    await this.#drain();
    this.#isCheckpointDue = false;
    this.#handledSinceCheckpoint = 0;
    const { sources, version, handler, newId, isContinuous } = this.#options;
    if (!isContinuous || compareTags(this.#position, this.#checkpointTag) === 0) return;
    const checkpoint: Checkpoint = { tag: this.#position, texts: this.#processor.root };
    this.#checkpointStatus = "Writing (1)";
    const { store } = sources;
    const [stream, partitions] = [this.#names.checkpoint, this.#partitions];
    const keeper = { store, stream, version, handler, partitions, newId };
    await patiently(() => keepCheckpoint(keeper, checkpoint), this.#patience);
    this.#checkpointStatus = "";
    this.#checkpointTag = checkpoint.tag;
    await this.#output.beginBehind(checkpoint.tag);
    this.#throwIfEnded();
  }

  async #drain(): Promise<void> {
    if (this.#output.outstanding > 0) this.#checkpointStatus = "Requested";
    await this.#output.drained();
    this.#checkpointStatus = "";
    this.#throwIfEnded();
  }

  /**
   * While writes are on their way the position shown is the one up to which all is written: who waits for it finds what was
   * emitted. A projection that is stuck or has ended shows what it has handled (golden
   * `topologies/add-a-source-again-after-events-without-output`).
   */
  #shownPosition(): Tag {
    const isOnItsWay = this.#state === "Running" && this.#output.outstanding > 0 && !this.#output.isStuck;
    return isOnItsWay ? this.#output.writtenTo : this.#position;
  }

  /** From wherever it waits. */
  #endWith(end: RunEnd): void {
    if (this.#end !== undefined && this.#end.kind !== "conflict") return;
    this.#end = end;
    // Whoever waits for writes is let go.
    void this.#output.end();
    this.#signal.set();
  }

  #throwIfEnded(): void {
    if (this.#end !== undefined) throw new Interruption();
  }
}

/** Carries the end of a run out of the depth where it waits. */
class Interruption extends Error {}

/** How long the report of its start stands for what an ordered run is at. */
const FIRST_REPORT_MS = 250;

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
