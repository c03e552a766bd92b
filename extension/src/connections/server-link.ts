import { errorOf } from "../event-store/error-of.ts";
import {
  AccessDeniedError,
  ConnectionClosedError,
  LoginRefusedError,
  ServerUnreachableError,
} from "../event-store/errors.ts";
import type { EventReader, EventStore, EventWriter, ServerFeatures } from "../event-store/event-store.ts";
import { capabilitiesOf } from "./capabilities.ts";
import type { ConnectionState } from "./connection.ts";
import type { Credentials } from "../event-store/credentials.ts";
import { LinkedEventStore } from "./linked-event-store.ts";
import { retryDelay } from "../timing/retry-delay.ts";

/** Where a link leads. Asked again for each attempt: a password may have been entered meanwhile. */
export interface LinkTarget {
  readonly connectionString: string;
  readonly credentials: Credentials | undefined;
}

/** Connects to a server. Nothing need be sent before the first call. @throws ConnectionStringError */
export type OpenEventStore = (connectionString: string, credentials: Credentials | undefined) => Promise<EventStore>;

export interface LinkOptions {
  readonly target: () => Promise<LinkTarget>;
  readonly openEventStore: OpenEventStore;
  /** Told after each change of the state. */
  readonly onChange: (state: ConnectionState) => void;
  /** Resolves after so many milliseconds; rejects when the signal is aborted. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

/** How often a server is asked whether it is still there, while nobody else asks it anything. */
const PROBE_MS = 15_000;

/**
 * The link of one connection to its server: opened once for all who use it, noticed when it is lost, and brought back
 * when the server is. Closed once, for ever.
 */
export class ServerLink {
  readonly #options: LinkOptions;
  readonly #ending = new AbortController();
  readonly #store: LinkedEventStore;
  #state: ConnectionState = { kind: "closed" };
  #attempt: Promise<void> | undefined;
  #isComingBack = false;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#store = new LinkedEventStore((error) => this.#noticed(error));
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /**
   * What reads, the same object for all as long as the link lives. Tries again where it has failed before.
   * @throws ConnectionClosedError, and what the seam throws.
   */
  async open(): Promise<EventReader> {
    await this.#opened();
    return this.#store;
  }

  /** As {@link open}, what writes. */
  async openForWriting(): Promise<EventWriter> {
    await this.#opened();
    return this.#store;
  }

  /** Ends all that uses it. */
  close(): void {
    if (this.#ending.signal.aborted) return;
    this.#ending.abort(new ConnectionClosedError());
    this.#store.replace(undefined);
    this.#become({ kind: "closed" });
  }

  async #opened(): Promise<void> {
    if (this.#state.kind === "open") return;
    if (this.#attempt === undefined) this.#become({ kind: "opening" });
    await this.#tryOnce();
  }

  #tryOnce(): Promise<void> {
    return (this.#attempt ??= this.#reach().finally(() => (this.#attempt = undefined)));
  }

  async #reach(): Promise<void> {
    const { signal } = this.#ending;
    try {
      const { connectionString, credentials } = await this.#options.target();
      signal.throwIfAborted();
      const store = await this.#options.openEventStore(connectionString, credentials);
      const features = await greeted(store, credentials !== undefined, signal).catch((error: unknown) => {
        store.close();
        throw error;
      });
      this.#store.replace(store);
      this.#become({ kind: "open", version: features.version, capabilities: capabilitiesOf(features) });
      void this.#probe(store);
    } catch (error) {
      signal.throwIfAborted();
      this.#failed(error);
      throw error;
    }
  }

  /** What has gone wrong with a call: only some of it says something about the link. */
  #noticed(error: unknown): void {
    const isLost = error instanceof ServerUnreachableError || error instanceof LoginRefusedError;
    if (isLost && this.#state.kind === "open") this.#failed(error);
  }

  /** Only a server that is not there comes back by itself; anything else waits for somebody to do something about it. */
  #failed(error: unknown): void {
    const isRetried = error instanceof ServerUnreachableError;
    this.#become({ kind: "failed", error: error instanceof Error ? error : new Error(String(error)), isRetried });
    if (isRetried && !this.#isComingBack) void this.#comeBack();
  }

  async #comeBack(): Promise<void> {
    this.#isComingBack = true;
    const { signal } = this.#ending;
    try {
      for (let failures = 1; this.#isLost(); failures++) {
        await this.#options.wait(retryDelay(failures), signal);
        if (this.#isLost()) await this.#tryOnce().catch(() => {});
        else await this.#attempt?.catch(() => {});
      }
    } catch {
      // Closed while it waited: nobody wants it back.
    } finally {
      this.#isComingBack = false;
    }
  }

  #isLost(): boolean {
    return this.#state.kind === "failed" && this.#state.isRetried === true;
  }

  async #probe(store: EventStore): Promise<void> {
    const { signal } = this.#ending;
    try {
      while (this.#store.isOn(store) && this.#state.kind === "open") {
        await this.#options.wait(PROBE_MS, signal);
        if (this.#store.isOn(store)) await this.#store.features(signal);
      }
    } catch {
      // Closed, or failed, which the store has told already.
    }
  }

  #become(state: ConnectionState): void {
    this.#state = state;
    this.#options.onChange(state);
  }
}

/**
 * Asks a server what it offers, and for something that only a login that it takes is answered: features are told to
 * everybody, so a wrong password would be noticed no sooner than at the first stream.
 */
async function greeted(store: EventStore, hasLogin: boolean, signal: AbortSignal): Promise<ServerFeatures> {
  const features = await store.features(signal);
  try {
    await store.read({ all: true }, { from: "end", direction: "backwards", limit: 1, followsLinks: false, signal });
  } catch (error) {
    if (!(error instanceof AccessDeniedError)) throw error;
    if (!hasLogin) throw errorOf({ kind: "login-missing", cause: error });
  }
  signal.throwIfAborted();
  return features;
}
