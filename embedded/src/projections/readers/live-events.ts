import type { SourceEvent } from "./source-reader.ts";

/** How many events may wait for a projection that is busy, and how many bytes of them. */
const MAX_EVENTS = 2000;
const MAX_BYTES = 8 * 1024 * 1024;

/** Events that wait for a projection. */
export class LiveEvents {
  readonly #arrange: (events: readonly SourceEvent[]) => SourceEvent[];
  #events: SourceEvent[] = [];
  #bytes = 0;
  #isArranged = true;

  /** `arrange` puts them in the order in which they are taken. Default: that in which they came. */
  constructor(arrange: ((events: readonly SourceEvent[]) => SourceEvent[]) | undefined) {
    this.#arrange = arrange ?? ((events) => [...events]);
  }

  get isEmpty(): boolean {
    return this.#events.length === 0;
  }

  /** False where it is one too many. */
  add(event: SourceEvent): boolean {
    this.#bytes += bytesOf(event);
    this.#events.push(event);
    this.#isArranged = false;
    return this.#events.length <= MAX_EVENTS && (this.#bytes <= MAX_BYTES || this.#events.length === 1);
  }

  /** Up to `count` of them, the first ones. */
  take(count: number): readonly SourceEvent[] {
    if (!this.#isArranged) this.#events = this.#arrange(this.#events);
    this.#isArranged = true;
    const taken = this.#events.splice(0, count);
    for (const event of taken) this.#bytes -= bytesOf(event);
    return taken;
  }

  /** Forgets those that lie at that place of the log or behind it. */
  dropFrom(position: number): void {
    this.#events = this.#events.filter(({ place }) => place.position < position);
    this.#bytes = this.#events.reduce((sum, event) => sum + bytesOf(event), 0);
  }

  clear(): void {
    this.#events = [];
    this.#bytes = 0;
  }
}

function bytesOf({ event: { event, link } }: SourceEvent): number {
  return bodyOf(event) + bodyOf(link);
}

const bodyOf = (record: { readonly data: Uint8Array; readonly metadata: Uint8Array } | undefined): number =>
  record === undefined ? 0 : record.data.length + record.metadata.length;
