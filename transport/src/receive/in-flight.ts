import type { Arrival } from "./arrival.ts";
import type { Work } from "./work.ts";

/**
 * The messages in hand, each once, however often it is delivered meanwhile: again because it took too long, or as a second link to
 * the same original. All its deliveries are settled with it.
 */
export class InFlight {
  readonly #works = new Map<string, Work>();
  readonly #ends = new Set<() => void>();

  get size(): number {
    return this.#works.size;
  }

  [Symbol.iterator](): IterableIterator<Work> {
    return this.#works.values();
  }

  add(work: Work): void {
    this.#works.set(work.id, work);
  }

  /** Nothing joins from here on: what is delivered after the settlement would never be settled. */
  remove(work: Work): void {
    if (this.#works.get(work.id) === work) this.#works.delete(work.id);
    if (this.#works.size > 0) return;
    for (const end of this.#ends) end();
  }

  /** Whether the message is in hand already; then the delivery is settled with it. */
  joins(arrival: Arrival): boolean {
    const work = this.#works.get(arrival.context.messageId);
    work?.settlement.join(arrival);
    work?.joined?.(arrival);
    return work !== undefined;
  }

  /** Waits until none is left. Once `deadline` is aborted, aborts their signals and waits for nobody. */
  async drain(deadline: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const hurry = (): void => {
      for (const work of this.#works.values()) work.abort(deadline.reason);
      resolve();
    };
    this.#ends.add(resolve);
    deadline.addEventListener("abort", hurry, { once: true });
    if (this.#works.size === 0) resolve();
    if (deadline.aborted) hurry();
    await promise;
    deadline.removeEventListener("abort", hurry);
    this.#ends.delete(resolve);
  }
}
