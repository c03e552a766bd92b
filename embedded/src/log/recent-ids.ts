import { weightOfName } from "./name-weight.ts";

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
  #weight = 0;

  /** `capacity` is the number of ids; one in a stream with a long name counts for several. */
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
    this.#weight += weightOfName(stream);
    for (const [oldest, place] of this.#places) {
      if (this.#weight <= this.#capacity) return;
      this.#places.delete(oldest);
      this.#weight -= weightOfName(place.stream);
    }
  }

  clear(): void {
    this.#places.clear();
    this.#weight = 0;
  }
}
