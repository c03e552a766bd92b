/** Ids of messages handled lately, the oldest forgotten first. */
export class Inbox {
  readonly #capacity: number;
  readonly #ids = new Set<string>();

  /** @param capacity ids remembered, some 100 bytes each. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** The ids added last, `count` at most, the oldest of them first. */
  latest(count: number): readonly string[] {
    return [...this.#ids].slice(-count);
  }

  add(id: string): void {
    this.#ids.delete(id);
    this.#ids.add(id);
    if (this.#ids.size <= this.#capacity) return;
    for (const oldest of this.#ids) {
      this.#ids.delete(oldest);
      return;
    }
  }
}
