import type { EventReader } from "../../event-store/event-store.ts";
import type { TypeCount } from "./type-count.ts";

/** How long a count is good enough to be looked at. */
const FRESH_MS = 10_000;

interface Entry {
  readonly at: number;
  readonly count: Promise<TypeCount | undefined>;
}

/** Counts as they were read last, so that a lens that is drawn again asks nobody. Those of a connection that was closed are forgotten. */
export class CountCache {
  readonly #now: () => number;
  readonly #byReader = new WeakMap<EventReader, Map<string, Entry>>();

  constructor(now: () => number) {
    this.#now = now;
  }

  of(reader: EventReader, type: string, read: () => Promise<TypeCount | undefined>): Promise<TypeCount | undefined> {
    const counts = this.#byReader.get(reader) ?? new Map<string, Entry>();
    this.#byReader.set(reader, counts);
    const known = counts.get(type);
    if (known !== undefined && this.#now() - known.at < FRESH_MS) return known.count;
    const entry: Entry = { at: this.#now(), count: read() };
    counts.set(type, entry);
    // What failed is asked again the next time.
    entry.count.catch(() => counts.get(type) === entry && counts.delete(type));
    return entry.count;
  }
}
