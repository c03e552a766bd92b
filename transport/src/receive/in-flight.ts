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
 * link to the same original. All its deliveries are settled with it, and with that it is no longer in flight.
 */
export class InFlight {
  readonly #handlings = new Map<string, Handling>();

  get size(): number {
    return this.#handlings.size;
  }

  begin(id: string, delivery: Delivery): Work {
    const { promise, resolve } = Promise.withResolvers<void>();
    const abort = new AbortController();
    const handling = { deliveries: [delivery], abort, ended: promise };
    this.#handlings.set(id, handling);
    return {
      signal: abort.signal,
      end: () => {
        if (this.#handlings.get(id) === handling) this.#handlings.delete(id);
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
    for (const delivery of this.#settled(id)) delivery.ack();
  }

  /** Acknowledges an event that was not handled, but dealt with otherwise. */
  ack(id: string, eventId: string): void {
    for (const delivery of this.#settledOf(id, eventId)) delivery.ack();
  }

  giveBack(id: string): void {
    for (const delivery of this.#settled(id)) delivery.giveBack();
  }

  /** Parks an event once: its latest delivery, under the link that the server knows. Other links to it are done with. */
  park(id: string, eventId: string, reason: string): void {
    const deliveries = this.#settledOf(id, eventId);
    const latest = deliveries.at(-1);
    latest?.park(reason);
    for (const delivery of deliveries) if (delivery.linkId !== latest?.linkId) delivery.ack();
  }

  /** Waits until all have ended. Once `deadline` is aborted, aborts their signals and waits for nobody. */
  async drain(deadline: AbortSignal): Promise<void> {
    const all = Promise.all([...this.#handlings.values()].map(({ ended }) => ended));
    const hurried = new Promise<void>((resolve) => {
      const abortAll = (): void => {
        for (const { abort } of this.#handlings.values()) abort.abort(deadline.reason);
        resolve();
      };
      if (deadline.aborted) abortAll();
      else deadline.addEventListener("abort", abortAll, { once: true });
    });
    await Promise.race([all, hurried]);
  }

  /**
   * The deliveries of one event. What else came under the same id are copies for a retry, in a life of their own: settled with it they
   * would be lost, since a copy that is made again is recognized and not made. They come again.
   */
  #settledOf(id: string, eventId: string): readonly Delivery[] {
    const deliveries = this.#settled(id);
    for (const delivery of deliveries) if (delivery.event?.id !== eventId) delivery.giveBack();
    return deliveries.filter(({ event }) => event?.id === eventId);
  }

  /** Nothing joins what is settled: whatever is delivered before the work has quite ended would never be settled. */
  #settled(id: string): readonly Delivery[] {
    const deliveries = this.#handlings.get(id)?.deliveries ?? [];
    this.#handlings.delete(id);
    return deliveries;
  }
}
