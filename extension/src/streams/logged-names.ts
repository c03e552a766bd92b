import type { AllFilter, EventReader, Position } from "../event-store/event-store.ts";
import type { NamePage, NameSource, Searched } from "./name-source.ts";

/** What one page reads at most: events that come, their bytes, and notes of how far the server has searched. */
const MOST_EVENTS = 1000;
const MOST_BYTES = 2 * 1024 * 1024;
const MOST_CHECKPOINTS = 20;

/** Names of the streams of all events, for servers that keep no list of streams. Only what the filter lets through is sent. */
export class LoggedNames implements NameSource {
  readonly #store: EventReader;
  readonly #filter: AllFilter;
  #after: Position | "start" = "start";
  #share = 0;

  constructor(store: EventReader, filter: AllFilter) {
    this.#store = store;
    this.#filter = filter;
  }

  get searched(): Searched {
    return { unit: "share", done: this.#share };
  }

  async next(signal: AbortSignal): Promise<NamePage> {
    const newest = await this.#store.read(
      { all: true },
      { from: "end", direction: "backwards", limit: 1, followsLinks: false, signal },
    );
    const end = newest.entries[0]?.recorded.position;
    if (end === undefined) return { names: [], isEnd: true };
    const names = new Set<string>();
    let events = 0;
    let bytes = 0;
    let checkpoints = 0;
    // A subscription is a read that tells how far it is, also where nothing is let through for long.
    const source = { all: true, filter: this.#filter } as const;
    for await (const note of this.#store.subscribe(source, { after: this.#after, followsLinks: false, signal })) {
      if (note.kind === "caught-up") return this.#page(names, end, true);
      if (note.kind === "checkpoint") {
        checkpoints++;
        this.#after = note.position;
      } else {
        const { stream, position, data, metadata } = note.entry.recorded;
        names.add(stream);
        events++;
        bytes += data.length + metadata.length;
        this.#after = position;
      }
      if (events >= MOST_EVENTS || bytes >= MOST_BYTES || checkpoints >= MOST_CHECKPOINTS) break;
      // Servers before 23.10 do not tell that all is told.
      if (this.#after.commit >= end.commit) return this.#page(names, end, true);
    }
    signal.throwIfAborted();
    return this.#page(names, end, false);
  }

  #page(names: ReadonlySet<string>, end: Position, isEnd: boolean): NamePage {
    const done = this.#after === "start" ? 0 : Number(this.#after.commit) / Math.max(1, Number(end.commit));
    this.#share = isEnd ? 1 : Math.min(1, done);
    return { names: [...names], isEnd };
  }
}
