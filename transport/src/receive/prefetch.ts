/**
 * Messages handed out per message handled at once: one that is handled, those whose sends are being stored, and as many again, so that
 * the next is there when one is done. With 3, and half as many being stored, a sixth fewer were handled a second (NestJS, each sending two).
 */
const MOST = 6;
/** Handlers that take longer on average, in milliseconds, need none: the next comes soon enough when one is done. */
const QUICK = 50;
/** Of the average, the weight of the latest. */
const WEIGHT = 1 / 20;

/**
 * How many messages an instance has handed out at once. More than it handles, so that it need not wait for the next; but what waits
 * here for long would be begun sooner by another instance.
 */
export class Prefetch {
  readonly #patience: number;
  #factor = MOST;
  #pace = 0;

  /** @param patience milliseconds that a message may wait here to be begun. */
  constructor(patience: number) {
    this.#patience = patience;
  }

  /** A message was handled in so many milliseconds. */
  handled(milliseconds: number): void {
    this.#pace += (milliseconds - this.#pace) * WEIGHT;
  }

  /** @param waited milliseconds that the oldest of those that wait has waited; undefined: none waits. */
  look(waited: number | undefined, hasFreeSlots: boolean): void {
    if (waited !== undefined && waited > this.#patience) this.#factor = 1;
    else if (waited === undefined && hasFreeSlots && this.#pace < QUICK) this.#factor = MOST;
  }

  /**
   * @param limit messages handled at once.
   * @param leftAlone messages whose handlers have been left to themselves: the server counts them as handed out.
   */
  wanted(limit: number, leftAlone: number): number {
    return limit * this.#factor + Math.ceil(leftAlone / limit) * limit;
  }
}
