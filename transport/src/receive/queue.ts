import { setTimeout as sleep } from "node:timers/promises";
import { backoff } from "../connection/backoff.ts";
import type { Connection } from "../connection/connection.ts";
import { ServerUnreachable } from "../connection/server-unreachable.ts";
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

interface Opening {
  /** By the clock of the surroundings. */
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
   * Connects. A server that is away, silent or without a leader is tried again for {@link OPENING_LIMIT}.
   * @param slots messages handed out at once.
   * @throws ServerUnreachable, AccessRefused, and what else the server answers, such as that there is no such group.
   */
  async open(slots: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#follow(slots, { givesUpAt: this.#surroundings.now() + OPENING_LIMIT, resolve, reject });
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

  /** Connects, and stays connected until closed. Gives up before it has ever connected only where someone waits for that. */
  #follow(slots: number, opening?: Opening): void {
    this.#slots += slots;
    this.#loops.push(this.#loop(slots, opening));
  }

  async #loop(slots: number, opening: Opening | undefined): Promise<void> {
    let failures = 0;
    let everConnected = opening === undefined;
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
            opening?.resolve();
          },
          delivered: (delivery) => this.#listener.delivered(delivery),
        },
        () => this.#surroundings.now(),
      );
      this.#subscriptions.add(subscription);
      const error = await subscription.ended;
      this.#subscriptions.delete(subscription);
      await subscription.close();
      failures += 1;
      const wait = backoff(failures, this.#surroundings.random());
      if (!everConnected) {
        const told = this.#connection.explain(error);
        const late = this.#surroundings.now() + wait > (opening?.givesUpAt ?? 0);
        if (late || this.#closing.signal.aborted || !(told instanceof ServerUnreachable)) {
          this.#slots -= slots;
          return opening?.reject(told);
        }
      }
      if (this.#closing.signal.aborted) return;
      this.#listener.dropped(error, wait);
      await sleep(wait, undefined, { signal: this.#closing.signal }).catch(() => {});
    }
  }
}
