import { weightOfName } from "./name-weight.ts";

/** What the log knows of one stream while it is in use. */
export interface StreamHead {
  readonly name: string;
  /** Number under which the index keeps it; undefined until its first event is staged. */
  number: number | undefined;
  /** Revision of the last event that was accepted, on disk or on its way; -1 for none. */
  staged: number;
  /** Revision of the last event on disk; -1 for none. */
  durable: number;
}

/** The heads in use; the least recently used ones that have nothing on its way to disk are forgotten. */
export class StreamHeads {
  readonly #heads = new Map<string, StreamHead>();
  readonly #capacity: number;
  #weight = 0;

  /** `capacity` is the number of streams; one with a long name counts for several. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(name: string): StreamHead | undefined {
    const head = this.#heads.get(name);
    if (head !== undefined) {
      this.#heads.delete(name);
      this.#heads.set(name, head);
    }
    return head;
  }

  add(head: StreamHead): void {
    if (!this.#heads.has(head.name)) this.#weight += weightOfName(head.name);
    this.#heads.set(head.name, head);
    for (const oldest of this.#heads.values()) {
      if (this.#weight <= this.#capacity || oldest.staged !== oldest.durable || oldest === head) return;
      this.#heads.delete(oldest.name);
      this.#weight -= weightOfName(oldest.name);
    }
  }

  clear(): void {
    this.#heads.clear();
    this.#weight = 0;
  }
}
