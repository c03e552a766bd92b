import { setTimeout as sleep } from "node:timers/promises";
import { backoff } from "../store/backoff.ts";
import type { Consumer, HandedOut } from "../store/consumer.ts";
import type { Environment } from "../store/environment.ts";
import type { QueueAddress } from "../store/queue-address.ts";
import { ServerUnreachable } from "../store/server-unreachable.ts";
import type { Store } from "../store/store.ts";
import type { Delivery } from "./delivery.ts";
import type { QueueListener } from "./queue-listener.ts";

/** Who waits for the first connection. */
export interface Opening {
  /** By the clock of the environment. */
  readonly givesUpAt: number;
  resolve(): void;
  reject(error: unknown): void;
}

/** Milliseconds that a line to be closed keeps what it gets, so that it is not handed the same over and over. */
const HELD = 500;

/**
 * One connection to a queue after the other: it connects, and connects again after any drop, since a persistent subscription does not
 * do so by itself.
 */
export class QueueLine {
  readonly slots: number;
  readonly #store: Pick<Store, "consume">;
  readonly #address: QueueAddress;
  readonly #listener: QueueListener;
  readonly #environment: Environment;
  readonly #closing = new AbortController();
  #ended: Promise<void> = Promise.resolve();
  #consumer: Consumer | undefined;
  #isWanted = true;
  /** Messages of the connection that are not settled, nor given up. */
  #open = 0;
  /** What came although nothing was wanted any more. */
  #held: string[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(
    store: Pick<Store, "consume">,
    address: QueueAddress,
    slots: number,
    listener: QueueListener,
    environment: Environment,
  ) {
    this.#store = store;
    this.#address = address;
    this.slots = slots;
    this.#listener = listener;
    this.#environment = environment;
  }

  get isWanted(): boolean {
    return this.#isWanted;
  }

  /** Settles when it has ended for good. Never rejects. */
  run(opening: Opening | undefined): Promise<void> {
    this.#ended = this.#loop(opening);
    return this.#ended;
  }

  /**
   * Nothing more is wanted. The connection is closed when all that was begun is settled: until then the server goes on handing out,
   * and what it hands out is given back, to whoever else is there.
   */
  retire(): void {
    this.#isWanted = false;
    this.#closeIfDone();
  }

  async close(): Promise<void> {
    this.#isWanted = false;
    this.#closing.abort();
    clearTimeout(this.#timer);
    await this.#consumer?.close();
    await this.#ended;
  }

  async #loop(opening: Opening | undefined): Promise<void> {
    let failures = 0;
    let everConnected = opening === undefined;
    while (!this.#closing.signal.aborted) {
      const consumer = this.#store.consume(this.#address, this.slots, {
        confirmed: () => {
          failures = 0;
          everConnected = true;
          this.#listener.connected();
          opening?.resolve();
        },
        handedOut: (event) => this.#handedOut(consumer, event),
      });
      this.#consumer = consumer;
      this.#open = 0;
      this.#held = [];
      const error = await consumer.ended;
      failures += 1;
      const wait = backoff(failures, this.#environment.random());
      if (!everConnected) {
        const late = this.#environment.now() + wait > (opening?.givesUpAt ?? 0);
        if (late || this.#closing.signal.aborted || !(error instanceof ServerUnreachable)) {
          return opening?.reject(error);
        }
      }
      if (this.#closing.signal.aborted || !this.#isWanted) return;
      this.#listener.dropped(error, wait);
      await sleep(wait, undefined, { signal: this.#closing.signal }).catch(() => {});
    }
  }

  #handedOut(consumer: Consumer, event: HandedOut): void {
    if (this.#isWanted) {
      this.#open += 1;
      return this.#listener.delivered(this.#deliveryOf(consumer, event));
    }
    this.#held.push(event.key);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      for (const key of this.#held.splice(0)) consumer.giveBack(key);
    }, HELD);
  }

  #closeIfDone(): void {
    if (this.#isWanted || this.#open > 0) return;
    clearTimeout(this.#timer);
    this.#closing.abort();
    void this.#consumer?.close();
  }

  /** A settlement that does not arrive is no error: the message comes again and is found handled. */
  #deliveryOf(consumer: Consumer, { event, link, key, retryCount }: HandedOut): Delivery {
    let settled = false;
    const once = (settle: () => void): boolean => {
      if (settled) return false;
      settled = true;
      const { isLive } = consumer;
      if (isLive) settle();
      if (consumer === this.#consumer) {
        this.#open -= 1;
        this.#closeIfDone();
      }
      return isLive;
    };
    return {
      event,
      place: link && Buffer.from(link.data).toString("utf8"),
      linkId: key,
      retryCount,
      at: this.#environment.now(),
      queuedAt: (link ?? event)?.created,
      isLive: () => consumer.isLive,
      isWanted: () => this.#isWanted,
      ack: () => once(() => consumer.ack(key)),
      park: (reason) => once(() => consumer.park(key, reason)),
      giveBack: () => once(() => consumer.giveBack(key)),
      drop: () => void once(() => {}),
    };
  }
}
