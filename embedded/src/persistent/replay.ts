import type { EventStore } from "../streams/event-store.ts";
import type { Group } from "./group.ts";
import type { ParkedStore } from "./parked-store.ts";

/** Entries read at once: they are small, what they lead to may be large. */
const PAGE = 32;

/** One run through a group's parked stream, up to what was there when it was asked for (spec 2.5). */
export class Replay {
  readonly #store: EventStore;
  readonly #parked: ParkedStore;
  readonly #group: Group;
  readonly #end: number;
  #next = 0;

  /** `stopAt` counts from the beginning of the parked stream (golden `persistent/replay-parked-stop-at`). */
  constructor(store: EventStore, parked: ParkedStore, group: Group, stopAt: number | undefined) {
    this.#store = store;
    this.#parked = parked;
    this.#group = group;
    this.#end = Math.min(stopAt ?? Infinity, parked.end);
  }

  /** Hands over as many messages as may wait; the rest stays on disk meanwhile. True when all are handed over. */
  advance(): boolean {
    for (let room = this.#group.replayRoom; room > 0; room = this.#group.replayRoom) {
      const page = this.#parked.read(this.#next, Math.min(room, PAGE));
      if (page === undefined) return true;
      for (const record of page.records) {
        if (record.revision >= this.#end) break;
        if (this.#group.replayRoom === 0) return false;
        this.#group.replay(this.#store.resolve(record), record);
        this.#next = record.revision + 1;
      }
      this.#next = page.next;
      if (page.isEnd || this.#next >= this.#end) {
        this.#parked.truncate(this.#end);
        return true;
      }
    }
    return false;
  }
}
