import type { Delivery } from "./delivery.ts";

/** A message being handled. */
export interface Work {
  readonly signal: AbortSignal;
  end(): void;
}

interface Handling {
  readonly deliveries: Delivery[];
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

/**
 * The messages being handled, each once, however often it is delivered meanwhile: again because it took too long, or as a second
 * link to the same original. All its deliveries are settled with it.
 */
export class InFlight {
  readonly #handlings = new Map<string, Handling>();

  get size(): number {
    return this.#handlings.size;
  }

  begin(id: string, delivery: Delivery): Work {
    const { promise, resolve } = Promise.withResolvers<void>();
    const abort = new AbortController();
    this.#handlings.set(id, { deliveries: [delivery], abort, ended: promise });
    return {
      signal: abort.signal,
      end: () => {
        this.#handlings.delete(id);
        resolve();
      },
    };
  }

  /** Whether the message is being handled already; then the delivery will be settled with it. */
  joins(id: string, delivery: Delivery): boolean {
    const handling = this.#handlings.get(id);
    handling?.deliveries.push(delivery);
    return handling !== undefined;
  }

  ackAll(id: string): void {
    for (const delivery of this.#deliveriesOf(id)) delivery.ack();
  }

  giveBack(id: string): void {
    for (const delivery of this.#deliveriesOf(id)) delivery.giveBack();
  }

  /** Parks the message once: its latest delivery, under the link that the server knows. Other links to it are done with. */
  park(id: string, reason: string): void {
    const deliveries = this.#deliveriesOf(id);
    const latest = deliveries.at(-1);
    latest?.park(reason);
    for (const delivery of deliveries) if (delivery.linkId !== latest?.linkId) delivery.ack();
  }

  /** Waits until all have ended. Once `hurry` is aborted, aborts their signals and waits for nobody. */
  async drain(hurry: AbortSignal): Promise<void> {
    const all = Promise.all([...this.#handlings.values()].map(({ ended }) => ended));
    const hurried = new Promise<void>((resolve) => {
      const abortAll = (): void => {
        for (const { abort } of this.#handlings.values()) abort.abort(hurry.reason);
        resolve();
      };
      if (hurry.aborted) abortAll();
      else hurry.addEventListener("abort", abortAll, { once: true });
    });
    await Promise.race([all, hurried]);
  }

  #deliveriesOf(id: string): readonly Delivery[] {
    return this.#handlings.get(id)?.deliveries ?? [];
  }
}
