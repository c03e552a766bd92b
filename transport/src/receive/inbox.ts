/** For how long ids are remembered although there are more than the capacity. */
export interface Keeping {
  readonly milliseconds: number;
  readonly now: () => number;
}

/** Ids of messages handled lately, the oldest forgotten first. */
export class Inbox {
  readonly #capacity: number;
  readonly #keeping: Keeping | undefined;
  /** By id, the second in which it was added. */
  readonly #ids = new Map<string, number>();

  /**
   * @param capacity ids remembered, some 100 bytes each.
   * @param keeping what was added in this time is remembered although it is more than that.
   */
  constructor(capacity: number, keeping?: Keeping) {
    this.#capacity = capacity;
    this.#keeping = keeping;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** The ids added last, `count` at most, the oldest of them first. */
  latest(count: number): readonly string[] {
    return [...this.#ids.keys()].slice(-count);
  }

  add(id: string): void {
    const second = this.#keeping === undefined ? 0 : Math.floor(this.#keeping.now() / 1_000);
    this.#ids.delete(id);
    this.#ids.set(id, second);
    if (this.#ids.size <= this.#capacity) return;
    const keptFrom = this.#keeping === undefined ? 1 : second - this.#keeping.milliseconds / 1_000;
    for (const [oldest, added] of this.#ids) {
      if (this.#ids.size <= this.#capacity || added >= keptFrom) return;
      this.#ids.delete(oldest);
    }
  }
}
