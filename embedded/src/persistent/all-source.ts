import type { LogRecord } from "../log/record.ts";
import type { EventStore } from "../streams/event-store.ts";
import type { ResolvedRecord } from "../streams/results.ts";
import { type AllFilter, type CompilePattern, matcherOf } from "./all-filter.ts";
import type { GroupSettings } from "./group-settings.ts";
import { type GroupSource, shown, type SourcePage } from "./group-source.ts";
import { ALL } from "./group-target.ts";
import { bookkeepingPrefix } from "./bookkeeping-streams.ts";

/** Records looked at in one page, at least and at most. Most of the log is usually not wanted, so pages do not follow the group's batch size. */
const SCAN = { least: 256, most: 1024 };

/** The whole log, by position. */
export class AllSource implements GroupSource {
  readonly #store: EventStore;
  readonly #pageSize: number;
  readonly #resolveLinks: boolean;
  readonly #isFiltered: boolean;
  readonly #matches: (record: LogRecord) => boolean;

  constructor(
    store: EventStore,
    filter: AllFilter | undefined,
    { resolveLinks, maxCheckpointCount }: Pick<GroupSettings, "resolveLinks" | "maxCheckpointCount">,
    compilePattern: CompilePattern,
  ) {
    this.#store = store;
    this.#pageSize = Math.min(Math.max(maxCheckpointCount, SCAN.least), SCAN.most);
    this.#resolveLinks = resolveLinks;
    this.#isFiltered = filter !== undefined;
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
    return this.#store.readAll({ from, direction: "forwards", maxCount: this.#pageSize });
  }

  /**
   * History is filtered by the record that was written, live by the event it resolves to (corrections 2, golden
   * `persistent-strategies/all-links-and-the-filter`): a link that leads nowhere has none, and passes no filter.
   */
  see(record: LogRecord, live: boolean): ResolvedRecord | "pass" | "hide" {
    // A checkpoint of a group on $all must not become a reason for its next one (spec 1.10).
    if (record.stream.startsWith(OWN)) return "hide";
    if (!live && !this.#matches(record)) return "pass";
    const resolved = shown(this.#store, record, this.#resolveLinks, live);
    if (!live || !this.#isFiltered) return resolved;
    return resolved.event !== undefined && this.#matches(resolved.event) ? resolved : "pass";
  }

  watch(wake: () => void): () => void {
    return this.#store.watchAll(wake);
  }
}

const OWN = bookkeepingPrefix(ALL);
