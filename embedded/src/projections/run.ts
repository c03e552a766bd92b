import { loadCheckpoint } from "./checkpoints/checkpoint-stream.ts";
import { CheckpointWriter } from "./checkpoints/checkpoint-writer.ts";
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
import { Subscription, type Work, type WorkPage } from "./readers/subscription.ts";
import type { Patience } from "../log/patience.ts";
import { RunReport, type RunStatistics } from "./run-report.ts";
import type { RunEnd, RunOptions } from "./run-options.ts";
import { Signal } from "./signal.ts";
import { StateLimit } from "./state-limit.ts";
import type { InstanceState } from "./statistics.ts";
import { type StreamNames, streamNames } from "./stream-names.ts";
import { IncomparableTagsError } from "./tags/compare.ts";
import type { Tag } from "./tags/tag.ts";
import { type Tagger, taggerOf } from "./tags/tagger.ts";
import { WorkQueue } from "./work-queue.ts";

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
  readonly #checkpoints: CheckpointWriter;
  readonly #report: RunReport;
  #reader: SourceReader | undefined;
  #state: InstanceState = "StateLoaded";
  /** Ends it from outside, or from its own writes; the last word counts. */
  #end: RunEnd | undefined;
  #isStopWanted = false;
  /** When the page was read, or written from last. */
  #unwrittenSince = 0;

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
      onTakenBack: () => this.#endWith({ kind: "taken-back" }),
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
    const stream = names.checkpoint;
    const keeper = { store, stream, version, handler, partitions: this.#partitions, newId };
    this.#checkpoints = new CheckpointWriter({
      keeper: isContinuous ? keeper : undefined,
      output: this.#output,
      from,
      handledThreshold: settings.checkpointHandledThreshold,
      patience: this.#patience,
      throwIfEnded: () => this.#throwIfEnded(),
    });
    this.#report = new RunReport(
      {
        checkpoints: this.#checkpoints,
        output: this.#output,
        partitions: this.#partitions,
        queue: this.#queue,
        now: sources.now,
      },
      from,
    );
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

  /** Something that it emitted got to disk. */
  get hasWritten(): boolean {
    return this.#output.hasWritten;
  }

  get statistics(): RunStatistics {
    return this.#report.statistics(this.#state, this.#reader);
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
    this.#report.endReading(this.#reader);
    await Promise.all([this.#output.end(), this.#order?.end()]);
    this.#state = end.kind === "faulted" ? "Faulted" : "Stopped";
    this.#started.resolve();
    return end;
  }

  async #go(): Promise<RunEnd> {
    const noted = await this.#notedWork();
    for (const work of noted) this.#queue.addNoted(work);
    const subscription = this.#subscribe(noted.at(-1)?.tag ?? this.#checkpoints.tag);
    if (!this.#isStopWanted) this.#state = "Running";
    if (this.#order !== undefined) this.#report.begin(this.#state, this.#reader);
    this.#started.resolve();
    const stops = this.#watch();
    try {
      return await this.#loop(subscription);
    } catch (error) {
      if (!(error instanceof ProjectionFault)) throw error;
      // What was handled before the fault is kept (corrections 3.8).
      this.#state = "FaultedStopping";
      await this.#checkpoint();
      return { kind: "faulted", fault: error };
    } finally {
      for (const stop of stops) stop();
    }
  }

  #watch(): readonly (() => void)[] {
    const reader = this.#reader;
    const { store } = this.#options.sources;
    if (reader === undefined) return [];
    return [
      reader.watch(() => this.#signal.set()),
      store.accepted.onTakenBack(() => {
        if (reader.readAheadTo >= store.end) this.#endWith({ kind: "taken-back" });
      }),
    ];
  }

  async #loop(subscription: Subscription): Promise<RunEnd> {
    const { settings, isContinuous, scheduler } = this.#options;
    const task = scheduler.task();
    while (!this.#isStopWanted) {
      this.#throwIfEnded();
      const { page, handled } = await task.run((isOver) => this.#step(subscription, isOver));
      if (this.#checkpoints.isDue) await this.#checkpoint();
      else if (this.#output.outstanding >= settings.pendingEventsThreshold) await this.#checkpoints.drain();
      if (page?.isAtEnd && !isContinuous && this.#queue.length === 0) return { kind: "completed" };
      const hasMore = page === undefined ? handled > 0 : !page.isAtEnd;
      if (!hasMore && !this.#queue.isReady) await this.#signal.wait(page?.retryAfter);
    }
    await this.#checkpoint();
    return { kind: "stopped" };
  }

  /** Reads what comes next, once nothing is left to handle, and handles what it can of it until the time is over. */
  #step(subscription: Subscription, isOver: () => boolean): Step {
    // It may have been stopped while it waited for its turn.
    if (this.#isStopWanted || this.#end !== undefined) return { page: undefined, handled: 0 };
    this.#signal.clear();
    const isWanted = !this.#queue.isReady && this.#queue.length < this.#options.settings.pendingEventsThreshold;
    const page = isWanted ? subscription.read() : undefined;
    if (page !== undefined) this.#unwrittenSince = this.#options.sources.now();
    for (const work of page?.work ?? []) this.#queue.add(work);
    this.#queue.flush();
    const handled = this.#handleReady(isOver);
    this.#flush();
    return { page, handled };
  }

  /** What an earlier run had begun to handle. Where the server stumbles over it, nothing happens until it is aborted. */
  async #notedWork(): Promise<readonly Work[]> {
    if (this.#order === undefined) return [];
    const { sources, version } = this.#options;
    try {
      return recordedOrder(sources.store, this.#names.order, version, this.#tagger, this.#checkpoints.tag);
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

  #handleReady(isOver: () => boolean): number {
    const started = performance.now();
    try {
      return this.#queue.takeReady((work) => {
        this.#handle(work);
        return this.#checkpoints.isDue || isOver() ? "enough" : "go on";
      });
    } finally {
      this.#report.addProcessing(performance.now() - started);
    }
  }

  /**
   * What a page has led to is written together, as long as that does not take too long: where an output turns out to be
   * another's, a projection has handled the whole page (golden `projection-faults/abort-and-emit-another-type`).
   */
  #flush(): void {
    const now = this.#options.sources.now();
    if (this.#queue.isReady && now - this.#unwrittenSince < FLUSH_MS) return;
    this.#unwrittenSince = now;
    this.#output.flush();
  }

  #handle(work: Work): void {
    const { name, handler } = this.#options;
    if (work.kind === "checkpoint") this.#checkpoints.request();
    else {
      try {
        this.#output.causedBy(work.tag, () => this.#processor.process(work));
      } catch (error) {
        throw describeFault(error, name, handler.typeName, work.tag);
      }
      this.#report.countEvent();
      this.#checkpoints.count();
    }
    this.#report.passed(work.tag);
  }

  #checkpoint(): Promise<void> {
    return this.#checkpoints.write({ tag: this.#report.position, texts: this.#processor.root });
  }

  /** From wherever it waits. */
  #endWith(end: RunEnd): void {
    if (this.#end !== undefined && !isForAgain(this.#end)) return;
    this.#end = end;
    // Whoever waits for writes is let go.
    void this.#output.end();
    this.#signal.set();
  }

  #throwIfEnded(): void {
    if (this.#end !== undefined) throw new Interruption();
  }
}

/** It is to begin again from its last checkpoint. */
export function isForAgain({ kind }: RunEnd): boolean {
  return kind === "conflict" || kind === "taken-back";
}

/** Carries the end of a run out of the depth where it waits. */
class Interruption extends Error {}

/** Milliseconds after which what was emitted is written in the middle of a page. */
const FLUSH_MS = 250;

/** What was read and handled at a stretch; no page where none was to be read. */
interface Step {
  readonly page: WorkPage | undefined;
  readonly handled: number;
}
