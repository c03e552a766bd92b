/** Where an event id was first seen. */
export interface IdPlace {
  readonly stream: string;
  readonly revision: number;
}

/**
 * The ids of the events written last, each with its first place: what makes a repeated append with
 * expected revision `any` recognisable. Bounded, as the real server's memory of ids is (spec 1.7).
 */
export class RecentIds {
  readonly #places = new Map<string, IdPlace>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(id: string): IdPlace | undefined {
    return this.#places.get(id);
  }

  /** Keeps the first place of an id that is already known (corrections 1.7: one place per id). */
  add(id: string, stream: string, revision: number): void {
    if (this.#places.has(id)) return;
    this.#places.set(id, { stream, revision });
    if (this.#places.size <= this.#capacity) return;
    const oldest = this.#places.keys().next();
    if (!oldest.done) this.#places.delete(oldest.value);
  }

  clear(): void {
    this.#places.clear();
  }
}
