import type { LogRecord } from "../log/record.ts";
import type { EventStore } from "../streams/event-store.ts";
import type { ResolvedRecord } from "../streams/results.ts";
import { type AllFilter, type CompilePattern, matcherOf } from "./all-filter.ts";
import { type GroupSource, shown, type SourcePage } from "./group-source.ts";
import { ALL } from "./group-target.ts";
import { bookkeepingPrefix } from "./bookkeeping-streams.ts";

/** Records looked at in one page. Most of the log is usually not wanted, so pages do not follow the group's batch size. */
const SCAN = 256;

/** The whole log, by position. */
export class AllSource implements GroupSource {
  readonly #store: EventStore;
  readonly #resolveLinks: boolean;
  readonly #matches: (record: LogRecord) => boolean;

  constructor(store: EventStore, filter: AllFilter | undefined, resolveLinks: boolean, compilePattern: CompilePattern) {
    this.#store = store;
    this.#resolveLinks = resolveLinks;
    this.#matches = filter === undefined ? () => true : matcherOf(filter, compilePattern);
  }

  get end(): number {
    return this.#store.end;
  }

  after(position: number): number {
    return position + 1;
  }

  placeOf(record: LogRecord): number {
    return record.position;
  }

  read(from: number): SourcePage {
    return this.#store.readAll({ from, direction: "forwards", maxCount: SCAN });
  }

  /** History is filtered by the record that was written, live by the event it resolves to (corrections 2, golden `persistent-strategies/all-links-and-the-filter`). */
  see(record: LogRecord, live: boolean): ResolvedRecord | "pass" | "hide" {
    // A checkpoint of a group on $all must not become a reason for its next one (spec 1.10).
    if (record.stream.startsWith(OWN)) return "hide";
    if (!live && !this.#matches(record)) return "pass";
    const resolved = shown(this.#store, record, this.#resolveLinks, live);
    return live && !this.#matches(resolved.event ?? record) ? "pass" : resolved;
  }

  watch(wake: () => void): () => void {
    return this.#store.watchAll(wake);
  }
}

const OWN = bookkeepingPrefix(ALL);
