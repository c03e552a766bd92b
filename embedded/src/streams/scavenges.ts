import { patiently } from "../log/patience.ts";
import type { EventStore } from "./event-store.ts";
import { type ScavengeEnding, ScavengeHistory } from "./scavenge-history.ts";
import type { ScavengeResult } from "./scavenge.ts";

/** A scavenge under way, and what it has given back so far. */
export interface RunningScavenge extends ScavengeResult {
  readonly id: string;
}

export interface ScavengesOptions {
  readonly store: EventStore;
  readonly newId: () => string;
  /** Milliseconds that only ever grow. */
  readonly clock: () => number;
  /** Told of a scavenge that has ended, however it did. */
  readonly onEnd?: (id: string, ending: ScavengeEnding, result: ScavengeResult) => void;
}

interface Run {
  readonly id: string;
  readonly abort: AbortController;
  readonly ended: Promise<void>;
  soFar: ScavengeResult;
}

/** Scavenges of a store, one at a time, each on record with its start and its end. */
export class Scavenges {
  readonly #options: ScavengesOptions;
  readonly #history: ScavengeHistory;
  #run: Run | undefined;

  constructor(options: ScavengesOptions) {
    this.#options = options;
    this.#history = new ScavengeHistory(options.store, options.newId);
  }

  /** To be called once, before the first: a scavenge that was cut off by the end of its server gets an end of its own. */
  async recover(): Promise<void> {
    await this.#history.closeInterrupted();
  }

  get running(): RunningScavenge | undefined {
    return this.#run && { id: this.#run.id, ...this.#run.soFar };
  }

  /** Starts one, unless one is under way; answers the id of the one that runs now. */
  async start(): Promise<{ readonly id: string; readonly isNew: boolean }> {
    if (this.#run !== undefined) return { id: this.#run.id, isNew: false };
    const id = this.#options.newId();
    const abort = new AbortController();
    const started = Promise.withResolvers<void>();
    const run: Run = { id, abort, soFar: { events: 0, bytes: 0 }, ended: this.#perform(id, abort, started) };
    this.#run = run;
    await started.promise;
    return { id, isNew: true };
  }

  /** Ends the scavenge of that id after the step it is at, and waits for it; false where it is not the one that runs. */
  async stop(id: string): Promise<boolean> {
    const run = this.#run;
    if (run?.id !== id) return false;
    run.abort.abort();
    await run.ended;
    return true;
  }

  /** Ends what runs. */
  async close(): Promise<void> {
    if (this.#run !== undefined) await this.stop(this.#run.id);
  }

  async #perform(id: string, { signal }: AbortController, started: PromiseWithResolvers<void>): Promise<void> {
    const { store, clock, onEnd } = this.#options;
    const begin = clock();
    let result: ScavengeResult = { events: 0, bytes: 0 };
    const onProgress = (soFar: ScavengeResult): void => {
      result = soFar;
      if (this.#run !== undefined) this.#run.soFar = soFar;
    };
    let ending: ScavengeEnding = "Errored";
    let error = "";
    try {
      await this.#history.started(id);
      started.resolve();
      result = await store.scavenge({ signal, onProgress });
      ending = signal.aborted ? "Stopped" : "Success";
    } catch (cause) {
      error = cause instanceof Error ? cause.message : String(cause);
      // Whoever asked learns that it could not even begin; later it is for the record to tell.
      started.reject(cause);
    }
    const report = { ending, error, milliseconds: clock() - begin, ...result };
    try {
      // On a full disk it may take a while until this is written alone, and not behind what is refused.
      await patiently(() => this.#history.completed(id, report), { isOver: () => signal.aborted, onRefused: () => {} });
    } catch {
      // The next start of the server puts an end to it.
    }
    this.#run = undefined;
    onEnd?.(id, ending, result);
  }
}
