import type { Arrival } from "./arrival.ts";

/**
 * Messages that wait to be handled. Those of one lane leave one at a time, in the order they came: the next when the one before is
 * done. Those without a lane leave in the order they came.
 */
export class Lanes {
  readonly #ready: Arrival[] = [];
  /** Lanes of which one message is ready or being handled, and what waits behind it. */
  readonly #behind = new Map<string, Arrival[]>();

  get size(): number {
    let size = this.#ready.length;
    for (const waiting of this.#behind.values()) size += waiting.length;
    return size;
  }

  /** The next that may be begun. */
  get head(): Arrival | undefined {
    return this.#ready[0];
  }

  push(arrival: Arrival): void {
    const behind = arrival.lane === undefined ? undefined : this.#behind.get(arrival.lane);
    if (behind !== undefined) return void behind.push(arrival);
    if (arrival.lane !== undefined) this.#behind.set(arrival.lane, []);
    this.#ready.push(arrival);
  }

  /** Takes the head. Its lane is closed until {@link leave}. */
  take(): Arrival | undefined {
    return this.#ready.shift();
  }

  /** What was taken from a lane is done: the next of it is ready. */
  leave(lane: string | undefined): void {
    if (lane === undefined) return;
    const next = this.#behind.get(lane)?.shift();
    if (next === undefined) this.#behind.delete(lane);
    else this.#ready.push(next);
  }

  /** Takes out all that match, in the order they came as far as they are of one lane. */
  takeAll(matches: (arrival: Arrival) => boolean): readonly Arrival[] {
    const taken: Arrival[] = [];
    const keep = (arrival: Arrival): boolean => {
      const isTaken = matches(arrival);
      if (isTaken) taken.push(arrival);
      return !isTaken;
    };
    const ready = this.#ready.splice(0).filter(keep);
    const emptied = taken.map(({ lane }) => lane);
    for (const [lane, behind] of this.#behind) this.#behind.set(lane, behind.filter(keep));
    this.#ready.push(...ready);
    for (const lane of emptied) this.leave(lane);
    return taken;
  }
}
