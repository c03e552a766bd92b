import { Fifo } from "./fifo.ts";
import { weightOfName } from "./name-weight.ts";

/** Where an event id was first seen. */
export interface IdPlace {
  readonly stream: string;
  readonly revision: number;
}

/**
 * The ids of the events written last, each with its first place: what makes a repeated append with
 * expected revision `any` recognizable. Bounded, as the real server's memory of ids is (spec 1.7).
 */
export class RecentIds {
  readonly #places = new Map<string, IdPlace>();
  /** In the order in which they came: a map has it, too, but passes all that was deleted to find its first. */
  readonly #order = new Fifo<string>();
  readonly #capacity: number;
  readonly #earlier: () => Iterable<readonly [id: string, place: IdPlace]>;
  #knowsEarlier = false;
  #weight = 0;

  /**
   * `capacity` is the number of ids; one in a stream with a long name counts for several. `earlier` tells those that were
   * written before, the oldest first: asked by the first who writes, so that a server that is only read does without them.
   */
  constructor(capacity: number, earlier: () => Iterable<readonly [id: string, place: IdPlace]>) {
    this.#capacity = capacity;
    this.#earlier = earlier;
  }

  get(id: string): IdPlace | undefined {
    this.#learnEarlier();
    return this.#places.get(id);
  }

  /** Keeps the first place of an id that is already known (corrections 1.7: one place per id). */
  add(id: string, stream: string, revision: number): void {
    this.#learnEarlier();
    this.#keep(id, { stream, revision });
  }

  /** Forgets all, and asks again for what is earlier. */
  clear(): void {
    this.#places.clear();
    this.#order.drain();
    this.#weight = 0;
    this.#knowsEarlier = false;
  }

  #learnEarlier(): void {
    if (this.#knowsEarlier) return;
    this.#knowsEarlier = true;
    for (const [id, place] of this.#earlier()) this.#keep(id, place);
  }

  #keep(id: string, place: IdPlace): void {
    if (this.#places.has(id)) return;
    this.#places.set(id, place);
    this.#order.push(id);
    this.#weight += weightOfName(place.stream);
    while (this.#weight > this.#capacity) this.#forgetOldest();
  }

  #forgetOldest(): void {
    const oldest = this.#order.shift() ?? "";
    this.#weight -= weightOfName(this.#places.get(oldest)?.stream ?? "");
    this.#places.delete(oldest);
  }
}
