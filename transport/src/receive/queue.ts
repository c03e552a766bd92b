import { setTimeout as sleep } from "node:timers/promises";
import { backoff } from "../store/backoff.ts";
import type { Consumer, HandedOut } from "../store/consumer.ts";
import type { QueueAddress } from "../store/queue-address.ts";
import { ServerUnreachable } from "../store/server-unreachable.ts";
import type { Store } from "../store/store.ts";
import type { Environment } from "../store/environment.ts";
import type { Delivery } from "./delivery.ts";

/** What the owner of a queue hears of it. */
export interface QueueListener {
  /** Connected, for the first time or again. Comes before the deliveries of that connection. */
  connected(): void;
  delivered(delivery: Delivery): void;
  /** The connection was lost; the next attempt is made after `retryIn` milliseconds. */
  dropped(error: unknown, retryIn: number): void;
}

interface Opening {
  /** By the clock of the environment. */
  readonly givesUpAt: number;
  resolve(): void;
  reject(error: unknown): void;
}

/** Milliseconds in which the first connection must stand: as long as the client waits for the answer to a call. */
const OPENING_LIMIT = 10_000;

/**
 * A component's queue, as one process receives from it: it connects, and connects again after any drop, since a persistent
 * subscription does not do so by itself.
 */
export class Queue {
  readonly #store: Pick<Store, "consume">;
  readonly #address: QueueAddress;
  readonly #listener: QueueListener;
  readonly #environment: Environment;
  readonly #closing = new AbortController();
  readonly #consumers = new Set<Consumer>();
  readonly #loops: Promise<void>[] = [];
  #slots = 0;

  constructor(store: Pick<Store, "consume">, address: QueueAddress, listener: QueueListener, environment: Environment) {
    this.#store = store;
    this.#address = address;
    this.#listener = listener;
    this.#environment = environment;
  }

  /**
   * Connects. A server that is away, silent or without a leader is tried again for {@link OPENING_LIMIT}.
   * @param slots messages handed out at once.
   * @throws ServerUnreachable, AccessRefused, and what else the server answers, such as that there is no such group.
   */
  async open(slots: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#follow(slots, { givesUpAt: this.#environment.now() + OPENING_LIMIT, resolve, reject });
    await promise;
  }

  /**
   * Lets at least `slots` messages be handed out at once from now on. The server fixes the number per connection, so more of them
   * need a further connection beside the first; what is in flight is not disturbed.
   */
  ensureSlots(slots: number): void {
    if (slots > this.#slots) this.#follow(slots - this.#slots);
  }

  /** Disconnects, behind all settlements. What is not settled is handed out again. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#consumers].map((consumer) => consumer.close()));
    await Promise.all(this.#loops);
  }

  /** Connects, and stays connected until closed. Gives up before it has ever connected only where someone waits for that. */
  #follow(slots: number, opening?: Opening): void {
    this.#slots += slots;
    this.#loops.push(this.#loop(slots, opening));
  }

  async #loop(slots: number, opening: Opening | undefined): Promise<void> {
    let failures = 0;
    let everConnected = opening === undefined;
    while (!this.#closing.signal.aborted) {
      const consumer = this.#store.consume(this.#address, slots, {
        confirmed: () => {
          failures = 0;
          everConnected = true;
          this.#listener.connected();
          opening?.resolve();
        },
        handedOut: (event) => this.#listener.delivered(deliveryOf(consumer, event, this.#environment.now())),
      });
      this.#consumers.add(consumer);
      const error = await consumer.ended;
      this.#consumers.delete(consumer);
      failures += 1;
      const wait = backoff(failures, this.#environment.random());
      if (!everConnected) {
        const late = this.#environment.now() + wait > (opening?.givesUpAt ?? 0);
        if (late || this.#closing.signal.aborted || !(error instanceof ServerUnreachable)) {
          this.#slots -= slots;
          return opening?.reject(error);
        }
      }
      if (this.#closing.signal.aborted) return;
      this.#listener.dropped(error, wait);
      await sleep(wait, undefined, { signal: this.#closing.signal }).catch(() => {});
    }
  }
}

/** A settlement that does not arrive is no error: the message comes again and is found handled. */
function deliveryOf(consumer: Consumer, { event, key, retryCount }: HandedOut, at: number): Delivery {
  let settled = false;
  const once = (settle: () => void): void => {
    if (settled || !consumer.isLive) return;
    settled = true;
    settle();
  };
  return {
    event,
    linkId: key,
    retryCount,
    at,
    isLive: () => consumer.isLive,
    ack: () => once(() => consumer.ack(key)),
    park: (reason) => once(() => consumer.park(key, reason)),
    giveBack: () => once(() => consumer.giveBack(key)),
  };
}
