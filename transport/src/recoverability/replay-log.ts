import type { NewEvent } from "../store/event.ts";
import type { Store } from "../store/store.ts";
import { WrongRevision } from "../store/wrong-revision.ts";
import { retriesStream } from "../topology/stream-names.ts";

const PAGE = 500;
/** Milliseconds by which the clocks of a cluster's servers may differ. */
const SERVER_SKEW = 10_000;

/**
 * The stream by which parked messages come back. A copy has an id that derives from its parking, and is appended at the revision up to
 * which all ids are known: so each parking comes back once at most, whoever else does the same, and whoever died while doing it.
 */
export class ReplayLog {
  readonly #store: Pick<Store, "append" | "read" | "pages">;
  readonly #stream: string;
  readonly #ids = new Set<string>();
  #last = -1n;
  #knownBackTo = Infinity;

  constructor(store: Pick<Store, "append" | "read" | "pages">, component: string) {
    this.#store = store;
    this.#stream = retriesStream(component);
  }

  /** Learns what has come back since a moment. Nothing comes back before it was parked. */
  async know(since: Date): Promise<void> {
    const back = since.getTime() - SERVER_SKEW;
    if (back >= this.#knownBackTo) return this.#refresh();
    for (let from: bigint | "end" = "end"; ;) {
      const page = await this.#store.read(this.#stream, { direction: "backwards", from, limit: PAGE });
      for (const { event } of page) {
        if (event === undefined) continue;
        this.#ids.add(event.id);
        if (event.revision > this.#last) this.#last = event.revision;
      }
      const oldest = page.at(-1)?.event;
      if (oldest === undefined || oldest.revision === 0n || oldest.created.getTime() < back) break;
      from = oldest.revision - 1n;
    }
    this.#knownBackTo = back;
  }

  /**
   * Appends those copies that are not there yet.
   * @returns how many were new.
   */
  async append(copies: readonly NewEvent[]): Promise<number> {
    for (;;) {
      const missing = copies.filter(({ id }) => !this.#ids.has(id));
      if (missing.length === 0) return 0;
      try {
        await this.#store.append(this.#stream, missing, { expected: this.#last < 0n ? "no stream" : this.#last });
        this.#last += BigInt(missing.length);
        for (const { id } of missing) this.#ids.add(id);
        return missing.length;
      } catch (error) {
        if (!(error instanceof WrongRevision)) throw error;
        await this.#refresh();
        if (error.actual !== undefined && error.actual > this.#last) this.#last = error.actual;
      }
    }
  }

  async #refresh(): Promise<void> {
    for await (const page of this.#store.pages(this.#stream, { from: this.#last + 1n, size: PAGE })) {
      for (const { event } of page) {
        if (event === undefined) continue;
        this.#ids.add(event.id);
        this.#last = event.revision;
      }
    }
  }
}
