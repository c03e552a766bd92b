import { setTimeout } from "node:timers/promises";
import { nextWait } from "../log/patience.ts";
import { NO_STATE, type StateTexts } from "./checkpoints/state-texts.ts";
import { EngineFault } from "./engine-fault.ts";
import { asFault } from "./fault-text.ts";
import type { ProjectionFault } from "./handler.ts";
import type { RunOptions } from "./run-options.ts";
import { isForAgain, Run } from "./run.ts";
import { type InstanceState, type InstanceStatistics, UNREPORTED } from "./statistics.ts";
import { formatTag } from "./tags/format.ts";
import { taggerOf } from "./tags/tagger.ts";

export interface InstanceOptions extends RunOptions {
  /** It has faulted by itself. */
  readonly onFault: (fault: ProjectionFault) => void;
  /** It has read its sources to their end. */
  readonly onCompleted: () => void;
}

/** One version of a projection: runs it, begins again where others wrote to its output, remembers what it came to. */
export class Instance {
  readonly #options: InstanceOptions;
  readonly #beforeFirstRun: InstanceStatistics;
  #run: Run | undefined;
  #hasFaulted = false;
  #isEnding = false;
  #isPausing = false;
  readonly #ending = Promise.withResolvers<void>();
  #answersState = true;
  #ended: Promise<void> = Promise.resolve();

  constructor(options: InstanceOptions) {
    this.#options = options;
    const zero = formatTag(taggerOf(options.handler.definition).zero);
    this.#beforeFirstRun = { ...UNREPORTED, position: zero, lastCheckpoint: zero, partitionsCached: 1 };
  }

  get state(): InstanceState {
    if (this.#hasFaulted) return "Faulted";
    return this.#isPausing ? "Running" : (this.#run?.state ?? "LoadStateRequested");
  }

  /** The server leaves questions for the state unanswered where the handler failed in a way it does not foresee (corrections 3.1). */
  get answersState(): boolean {
    return this.#answersState;
  }

  /** See {@link Run.writtenTo}. */
  get writtenTo(): number {
    return this.#run?.writtenTo ?? -1;
  }

  get statistics(): InstanceStatistics {
    const { version } = this.#options;
    return { ...(this.#run?.statistics ?? this.#beforeFirstRun), version, state: this.state };
  }

  /** State and result of a partition; "" is the whole. */
  textsOf(partition: string): StateTexts {
    return this.#run?.textsOf(partition) ?? NO_STATE;
  }

  /** Settles when it runs, or has ended already. */
  async start(): Promise<void> {
    const started = Promise.withResolvers<void>();
    this.#ended = this.#live(() => started.resolve()).finally(() => started.resolve());
    await started.promise;
  }

  /** Takes over the last checkpoint without running, so that state and position can be asked for. */
  loadStopped(): void {
    try {
      this.#run = new Run(this.#options);
      this.#run.park();
    } catch (error) {
      this.#endFaulted(asFault(error));
    }
    this.#options.handler.dispose();
  }

  /** Writes what is pending and a checkpoint, then ends. Never settles where something is stuck, until it is aborted. */
  async stop(): Promise<void> {
    this.#isEnding = true;
    this.#ending.resolve();
    this.#run?.stop();
    await this.#ended;
  }

  /** Ends without a checkpoint. */
  async abort(): Promise<void> {
    this.#isEnding = true;
    this.#ending.resolve();
    this.#run?.abort();
    await this.#ended;
  }

  /** Settles when it neither goes on nor stops by itself; may never. */
  stalled(): Promise<void> {
    return this.#run?.stalled ?? new Promise(() => {});
  }

  async #live(onStarted: () => void): Promise<void> {
    let wait = 0;
    let isAgain = true;
    while (isAgain) {
      let run: Run;
      try {
        run = new Run(this.#options);
      } catch (error) {
        this.#endFaulted(asFault(error));
        break;
      }
      this.#run = run;
      if (wait > 0) await this.#pause(wait);
      void run.started.then(onStarted);
      const end = await run.execute();
      if (end.kind === "faulted") this.#endFaulted(end.fault);
      if (end.kind === "completed") this.#options.onCompleted();
      isAgain = isForAgain(end) && !this.#isEnding;
      // Where the disk refuses it will do so for a while.
      wait = end.kind === "taken-back" ? nextWait(run.hasWritten ? 0 : wait) : 0;
    }
    this.#options.handler.dispose();
  }

  /** Shorter where it is to end. */
  async #pause(milliseconds: number): Promise<void> {
    this.#isPausing = true;
    const timer = new AbortController();
    const { signal } = timer;
    await Promise.race([setTimeout(milliseconds, undefined, { signal }).catch(() => {}), this.#ending.promise]);
    timer.abort();
    this.#isPausing = false;
  }

  #endFaulted(fault: ProjectionFault): void {
    this.#hasFaulted = true;
    if (fault.bare && !(fault instanceof EngineFault)) this.#answersState = false;
    this.#options.onFault(fault);
  }
}
