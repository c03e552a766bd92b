/** How many messages went out, and how fast. */
export class Throughput {
  readonly #since: number;
  #total = 0;
  #measured = 0;

  constructor(now: number) {
    this.#since = now;
  }

  count(): void {
    this.#total++;
  }

  get total(): number {
    return this.#total;
  }

  /** Whole messages a second since the beginning. */
  perSecond(now: number): number {
    const elapsed = now - this.#since;
    return elapsed <= 0 ? 0 : Math.trunc((this.#total * 1000) / elapsed);
  }

  /** How many since this was asked last (golden `persistent/info-connections`). */
  sinceLastAsked(): number {
    const count = this.#total - this.#measured;
    this.#measured = this.#total;
    return count;
  }
}
