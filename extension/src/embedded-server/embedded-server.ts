import type { EventEmitter } from "vscode";
import { type Connection, EMBEDDED_ID } from "../connections/connection.ts";
import type { ConnectionSource } from "../connections/connection-source.ts";
import { EmbeddedEndedError } from "./embedded-errors.ts";
import type { ServerProcess } from "./server-process.ts";

export type EmbeddedState = "stopped" | "starting" | "running" | "stopping";

export interface EmbeddedServerOptions {
  /** Starts the process; the signal ends it while it starts. */
  readonly startProcess: (signal: AbortSignal) => Promise<ServerProcess>;
  readonly changes: EventEmitter<void>;
  /** The name of its connection. */
  readonly name: string;
  /** Told once when it ends without having been asked to. */
  readonly onEnded: (error: EmbeddedEndedError) => void;
}

/** The embedded server of this window: at most one, and its connection from its first start on, also while it is stopped. */
export class EmbeddedServer implements ConnectionSource {
  readonly #options: EmbeddedServerOptions;
  #state: EmbeddedState = "stopped";
  #process: ServerProcess | undefined;
  #connectionString: string | undefined;
  #starting: { readonly promise: Promise<void>; readonly controller: AbortController } | undefined;

  constructor(options: EmbeddedServerOptions) {
    this.#options = options;
  }

  get state(): EmbeddedState {
    return this.#state;
  }

  get all(): readonly Connection[] {
    const connectionString = this.#connectionString;
    if (connectionString === undefined) return [];
    const isStopped = this.#process === undefined;
    return [
      {
        id: EMBEDDED_ID,
        name: this.#options.name,
        connectionString,
        policy: "read-write",
        origin: "embedded",
        ...(isStopped && { isStopped }),
      },
    ];
  }

  get onDidChange() {
    return this.#options.changes.event;
  }

  credentialsOf(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  /** Resolves when it listens; at once where it does already. @throws EmbeddedStartError and its siblings */
  start(): Promise<void> {
    if (this.#process !== undefined) return Promise.resolve();
    if (this.#starting === undefined) {
      const controller = new AbortController();
      this.#starting = { controller, promise: this.#start(controller.signal) };
    }
    return this.#starting.promise;
  }

  /** Ends it, also while it starts. Resolves when it has ended. */
  async stop(): Promise<void> {
    this.#starting?.controller.abort(new DOMException("stopped", "AbortError"));
    await this.#starting?.promise.catch(() => {});
    const process = this.#process;
    if (process === undefined) return;
    this.#become("stopping", process);
    await process.stop();
    if (this.#process === process) this.#become("stopped", undefined);
  }

  async #start(signal: AbortSignal): Promise<void> {
    this.#become("starting", undefined);
    try {
      const process = await this.#options.startProcess(signal);
      this.#become("running", process);
      void process.ended.then((how) => this.#hasEnded(process, how));
    } catch (error) {
      this.#become("stopped", undefined);
      throw error;
    } finally {
      this.#starting = undefined;
    }
  }

  #hasEnded(process: ServerProcess, how: string): void {
    if (this.#process !== process || this.#state === "stopping") return;
    this.#become("stopped", undefined);
    this.#options.onEnded(new EmbeddedEndedError(how));
  }

  #become(state: EmbeddedState, process: ServerProcess | undefined): void {
    this.#state = state;
    this.#process = process;
    this.#connectionString = process?.connectionString ?? this.#connectionString;
    this.#options.changes.fire();
  }
}
