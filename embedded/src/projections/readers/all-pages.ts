import type { EventStore } from "../../streams/event-store.ts";
import type { AllPage } from "../../streams/results.ts";

/** Records in a page of the log. */
const PAGE = 200;

/**
 * Pages of the log, read once for all who stand at the same place: the system projections follow the log side by side.
 */
export class AllPages {
  readonly #store: EventStore;
  #latest: { readonly from: number; readonly end: number; readonly page: AllPage } | undefined;

  constructor(store: EventStore) {
    this.#store = store;
  }

  get end(): number {
    return this.#store.end;
  }

  /** The records at or after `from`. */
  read(from: number): AllPage {
    const { end } = this.#store;
    const latest = this.#latest;
    if (latest !== undefined && latest.from === from && (latest.end === end || !latest.page.isEnd)) return latest.page;
    const page = this.#store.readAll({ from, direction: "forwards", maxCount: PAGE });
    this.#latest = { from, end, page };
    return page;
  }
}
