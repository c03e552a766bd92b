import { deriveId } from "../messages/ids.ts";
import { jsonEvent } from "../store/json-event.ts";
import { bodyOf } from "../store/event.ts";
import type { Store } from "../store/store.ts";
import { parkedRecordStream } from "../topology/stream-names.ts";

/** What a person did with parked messages. */
export type ParkedAction = "retried" | "edited" | "archived";

const TYPES: Readonly<Record<ParkedAction, string>> = {
  retried: "sluice.ParkedRetried",
  edited: "sluice.ParkedEdited",
  archived: "sluice.ParkedArchived",
};
const ACTIONS: ReadonlyMap<string, ParkedAction> = new Map(
  (Object.entries(TYPES) as [ParkedAction, string][]).map(([action, type]) => [type, action]),
);
const PAGE = 500;

/**
 * What was done with the parked messages of a component: those are no longer open, whatever becomes of the parked stream. Told in a
 * stream of its own, so that it is also who did what, and when.
 */
export class ParkedRecord {
  readonly #store: Pick<Store, "append" | "pages">;
  readonly #stream: string;
  readonly #closed = new Map<string, ParkedAction>();
  #next = 0n;

  constructor(store: Pick<Store, "append" | "pages">, component: string) {
    this.#store = store;
    this.#stream = parkedRecordStream(component);
  }

  /** Reads what was done since the last time. */
  async refresh(): Promise<void> {
    for await (const page of this.#store.pages(this.#stream, { from: this.#next, size: PAGE })) {
      for (const { event } of page) {
        if (event === undefined) continue;
        this.#next = event.revision + 1n;
        const action = ACTIONS.get(event.type);
        const ids: unknown = Object(bodyOf(event)).parked;
        if (action === undefined || !Array.isArray(ids)) continue;
        for (const id of ids) if (typeof id === "string" && !this.#closed.has(id)) this.#closed.set(id, action);
      }
    }
  }

  isOpen(id: string): boolean {
    return !this.#closed.has(id);
  }

  /** Tells what was done. Done twice it is told twice, and means the same. */
  async close(action: ParkedAction, ids: readonly string[], by: string, at: Date): Promise<void> {
    const [first] = ids;
    if (first === undefined) return;
    const text = JSON.stringify({ parked: ids, by, at: at.toISOString() });
    await this.#store.append(this.#stream, [jsonEvent(TYPES[action], text, deriveId(first, `${action}/${text}`))]);
    for (const id of ids) if (!this.#closed.has(id)) this.#closed.set(id, action);
  }
}
