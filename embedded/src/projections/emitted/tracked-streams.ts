import { NO_DATA } from "../../log/record.ts";
import type { EventStore } from "../../streams/event-store.ts";
import { type Patience, patiently } from "../../log/patience.ts";
import { recordText } from "../record-text.ts";

const TRACKED_TYPE = "$StreamTracked";
const PAGE = 500;

/** Notes each stream that a projection writes to, once, so that they can be deleted with it (spec 3.4). */
export class TrackedStreams {
  readonly #store: EventStore;
  readonly #stream: string;
  readonly #newId: () => string;
  readonly #patience: Patience;
  #known: Set<string> | undefined;
  #writes: Promise<unknown>[] = [];

  constructor(store: EventStore, stream: string, newId: () => string, patience: Patience) {
    this.#patience = patience;
    this.#store = store;
    this.#stream = stream;
    this.#newId = newId;
  }

  track(output: string): void {
    this.#known ??= new Set(trackedStreams(this.#store, this.#stream));
    if (this.#known.has(output)) return;
    this.#known.add(output);
    const data = Buffer.from(output);
    const event = { id: this.#newId(), type: TRACKED_TYPE, isJson: false, data, metadata: NO_DATA };
    const write = patiently(() => this.#store.append(this.#stream, "any", [event]), this.#patience);
    // Whoever waits for it is told; nobody may be waiting yet.
    write.catch(() => {});
    this.#writes.push(write);
  }

  /** Settles when all notes are on disk. */
  async settled(): Promise<void> {
    await Promise.all(this.#writes.splice(0));
  }
}

/** The streams noted in `stream`. */
export function* trackedStreams(store: EventStore, stream: string): Generator<string> {
  for (let from = 0; ;) {
    const page = store.readStream({ stream, from, direction: "forwards", maxCount: PAGE });
    if (page.outcome !== "read") return;
    for (const { data } of page.records) yield recordText(data);
    if (page.isEnd) return;
    from = page.next;
  }
}
