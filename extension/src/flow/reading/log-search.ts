import type { Direction, EventReader, Position, RecordedEvent } from "../../event-store/event-store.ts";
import { inStretches } from "../../events/in-stretches.ts";
import { correlationIdOf, metadataOf } from "../../events/metadata.ts";
import type { Place } from "../../events/place.ts";
import { scan, type ScanStart } from "../../stream-panel/reading/scan.ts";
import type { Asked, FoundEvents, Progress } from "./conversation.ts";

/** The log without the server's own streams, whose links would be most of it. */
const USERS = { all: true, filter: { on: "stream", regex: "^[^$]" } } as const;

/** How far the log was searched one way. */
interface Edge {
  /** Where to go on; undefined where the log ended. */
  readonly next: ScanStart | undefined;
  /** When the last event that was looked at was stored; undefined where there was none. */
  readonly created: number | undefined;
}

/**
 * A search through the log for the events of a conversation, around the event that it was asked from: what led to it lies
 * before, what followed behind. It is bounded, and can be gone on with.
 */
export class LogSearch {
  readonly #asked: Asked;
  readonly #events: FoundEvents;
  readonly #bound: number;
  readonly #needle: string;
  #looked = 0;
  #before: Edge;
  #after: Edge;

  /** @param bound how many events are looked at each way before the user is asked whether to go on */
  constructor(asked: Asked, events: FoundEvents, bound: number) {
    this.#asked = asked;
    this.#events = events;
    this.#bound = bound;
    // Metadata that does not hold it is not parsed; where it would be escaped, all is.
    const { correlationId, from } = asked;
    this.#needle = /^[\w.:-]*$/.test(correlationId) ? correlationId : "";
    const place = from === undefined ? undefined : placeAt(from.position);
    this.#before = { next: place === undefined ? "end" : { place, isIncluded: true }, created: undefined };
    this.#after = { next: place === undefined ? undefined : { place, isIncluded: false }, created: undefined };
  }

  get looked(): number {
    return this.#looked;
  }

  /** Stored when, the earliest and the last that was looked at; undefined where the log ends there. */
  get edges(): { readonly before: number | undefined; readonly after: number | undefined } {
    return {
      before: this.#before.next === undefined ? undefined : this.#before.created,
      after: this.#after.next === undefined ? undefined : this.#after.created,
    };
  }

  get isWhole(): boolean {
    return this.#before.next === undefined && this.#after.next === undefined;
  }

  /** Looks further, as far as the bound goes. Stopped by the signal, what was found until then stays. */
  async goOn(reader: EventReader, signal: AbortSignal, onProgress: (progress: Progress) => void): Promise<void> {
    for (const direction of ["forwards", "backwards"] as const) await this.#look(reader, direction, signal, onProgress);
  }

  async #look(
    reader: EventReader,
    direction: Direction,
    signal: AbortSignal,
    onProgress: (progress: Progress) => void,
  ): Promise<void> {
    const { next: from, created: known } = direction === "forwards" ? this.#after : this.#before;
    if (from === undefined || this.#events.isFull) return;
    let created = known;
    let left = this.#bound;
    const options = { from, direction, followsLinks: false, signal, wanted: () => left };
    for await (const { entries, cursor, isEnd } of scan(reader, USERS, options)) {
      left -= entries.length;
      this.#looked += entries.length;
      created = entries.at(-1)?.recorded.created ?? created;
      await inStretches(this.#take(entries.map(({ recorded }) => recorded)), signal);
      const next = isEnd || cursor === undefined ? undefined : { place: cursor, isIncluded: false };
      const edge: Edge = { next, created };
      if (direction === "forwards") this.#after = edge;
      else this.#before = edge;
      onProgress({ looked: this.#looked, found: this.#events.size });
      if (this.#events.isFull) return;
    }
  }

  *#take(events: readonly RecordedEvent[]): Generator<void, void> {
    for (const event of events) {
      if (this.#belongs(event)) this.#events.add(event, event.position);
      yield;
    }
  }

  #belongs({ metadata }: RecordedEvent): boolean {
    if (metadata.length === 0) return false;
    if (!new TextDecoder().decode(metadata).includes(this.#needle)) return false;
    return correlationIdOf(metadataOf(metadata)) === this.#asked.correlationId;
  }
}

function placeAt({ commit, prepare }: Position): Place {
  return { commit: String(commit), prepare: String(prepare) };
}
