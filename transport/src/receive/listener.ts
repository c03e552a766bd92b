import { setTimeout as sleep } from "node:timers/promises";
import { backoff } from "../store/backoff.ts";
import type { Environment } from "../store/environment.ts";
import type { ResolvedEvent, StoredEvent } from "../store/event.ts";
import type { Store } from "../store/store.ts";
import { queueStream } from "../topology/stream-names.ts";

/**
 * Hears what is sent to an address from the moment it first starts, beside all others that listen there. Nothing is deployed, nothing
 * is settled, and nothing is left behind with a process.
 */
export class Listener {
  readonly #store: Pick<Store, "read" | "follow">;
  readonly #stream: string;
  readonly #environment: Environment;
  readonly #heard: (event: StoredEvent) => void;
  readonly #closing = new AbortController();
  #following: { readonly begun: Promise<unknown>; readonly ended: Promise<void> } | undefined;

  constructor(
    store: Pick<Store, "read" | "follow">,
    address: string,
    environment: Environment,
    heard: (event: StoredEvent) => void,
  ) {
    this.#store = store;
    this.#stream = queueStream(address);
    this.#environment = environment;
    this.#heard = heard;
  }

  /** Begins, once; a failure is told to those who start now, and tried again by the next. */
  start(): Promise<unknown> {
    if (this.#following === undefined) {
      const begun = this.#lastRevision();
      const ended = begun.then(
        (last) => this.#take(last),
        () => void (this.#following = undefined),
      );
      this.#following = { begun, ended };
    }
    return this.#following.begun;
  }

  async stop(): Promise<void> {
    this.#closing.abort();
    await this.#following?.ended;
  }

  async #lastRevision(): Promise<bigint | undefined> {
    const [last] = await this.#store.read(this.#stream, { direction: "backwards", limit: 1 });
    return last?.event?.revision;
  }

  async #take(last: bigint | undefined): Promise<void> {
    const { signal } = this.#closing;
    let after = last;
    for (let failures = 0; !signal.aborted;) {
      try {
        await this.#store.follow(this.#stream, { after, signal }, (resolved: ResolvedEvent) => {
          failures = 0;
          after = (resolved.link ?? resolved.event)?.revision ?? after;
          if (resolved.event !== undefined) this.#heard(resolved.event);
        });
      } catch {
        failures += 1;
        await sleep(backoff(failures, this.#environment.random()), undefined, { signal }).catch(() => {});
      }
    }
  }
}
