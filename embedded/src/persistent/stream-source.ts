import { type LogRecord, TOMBSTONE_REVISION } from "../log/record.ts";
import type { EventStore } from "../streams/event-store.ts";
import type { ResolvedRecord } from "../streams/results.ts";
import { type GroupSource, shown, type SourcePage } from "./group-source.ts";

/** One stream, by revision. */
export class StreamSource implements GroupSource {
  readonly #store: EventStore;
  readonly #stream: string;
  readonly #resolveLinks: boolean;

  constructor(store: EventStore, stream: string, resolveLinks: boolean) {
    this.#store = store;
    this.#stream = stream;
    this.#resolveLinks = resolveLinks;
  }

  get end(): number {
    return this.after(this.#store.lastRevision(this.#stream));
  }

  after(revision: number): number {
    return revision === TOMBSTONE_REVISION ? TOMBSTONE_REVISION : revision + 1;
  }

  placeOf(record: LogRecord): number {
    return record.revision;
  }

  read(from: number, count: number, live: boolean): SourcePage | "gone" {
    const page = this.#store.readStream({
      stream: this.#stream,
      from,
      direction: "forwards",
      maxCount: count,
      ignoreTruncation: live,
    });
    if (page.outcome === "deleted") return "gone";
    return page.outcome === "read" ? page : { records: [], next: from, isEnd: true };
  }

  see(record: LogRecord, live: boolean): ResolvedRecord {
    return shown(this.#store, record, this.#resolveLinks, live);
  }

  watch(wake: () => void): () => void {
    return this.#store.watchStream(this.#stream, wake);
  }
}
