import { setTimeout as sleep } from "node:timers/promises";
import { backoff } from "../connection/backoff.ts";
import type { Connection } from "../connection/connection.ts";
import type { Delivery } from "./delivery.ts";
import type { QueueAddress } from "../topology/queue-address.ts";
import { QueueSubscription } from "./queue-subscription.ts";

/** What the owner of a queue hears of it. */
export interface QueueListener {
  /** Connected, for the first time or again. Comes before the deliveries of that connection. */
  connected(): void;
  delivered(delivery: Delivery): void;
  /** The connection was lost; the next attempt is made after `retryIn` milliseconds. */
  dropped(error: unknown, retryIn: number): void;
}

/** Time and chance, given so that tests decide them. */
export interface Surroundings {
  /** Milliseconds since any fixed moment. */
  now(): number;
  /** From 0 to 1. */
  random(): number;
}

interface FirstAttempt {
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * A component's queue, as one process receives from it: it connects, and connects again after any drop, since a persistent
 * subscription does not do so by itself.
 */
export class Queue {
  readonly #connection: Connection;
  readonly #address: QueueAddress;
  readonly #listener: QueueListener;
  readonly #surroundings: Surroundings;
  readonly #closing = new AbortController();
  readonly #subscriptions = new Set<QueueSubscription>();
  readonly #loops: Promise<void>[] = [];
  #slots = 0;

  constructor(connection: Connection, address: QueueAddress, listener: QueueListener, surroundings: Surroundings) {
    this.#connection = connection;
    this.#address = address;
    this.#listener = listener;
    this.#surroundings = surroundings;
  }

  /**
   * Connects.
   * @param slots messages handed out at once.
   * @throws what the server answers to the first attempt, such as that there is no such group.
   */
  async open(slots: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#follow(slots, { resolve, reject });
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
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.close()));
    await Promise.all(this.#loops);
  }

  /** Connects, and stays connected until closed. Gives up after the first attempt only where someone waits for it. */
  #follow(slots: number, first?: FirstAttempt): void {
    this.#slots += slots;
    this.#loops.push(this.#loop(slots, first));
  }

  async #loop(slots: number, first: FirstAttempt | undefined): Promise<void> {
    let failures = 0;
    let everConnected = first === undefined;
    while (!this.#closing.signal.aborted) {
      const subscription = new QueueSubscription(
        this.#connection,
        this.#address,
        slots,
        {
          confirmed: () => {
            failures = 0;
            everConnected = true;
            this.#listener.connected();
            first?.resolve();
          },
          delivered: (delivery) => this.#listener.delivered(delivery),
        },
        () => this.#surroundings.now(),
      );
      this.#subscriptions.add(subscription);
      const error = await subscription.ended;
      this.#subscriptions.delete(subscription);
      if (!everConnected) {
        this.#slots -= slots;
        return first?.reject(error ?? new Error(`The queue ${this.#address.stream} ended before it began.`));
      }
      if (this.#closing.signal.aborted) return;
      await subscription.close();
      failures += 1;
      const wait = backoff(failures, this.#surroundings.random());
      this.#listener.dropped(error, wait);
      await sleep(wait, undefined, { signal: this.#closing.signal }).catch(() => {});
    }
  }
}
