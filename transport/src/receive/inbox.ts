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
