import { comparePlaces, type Place } from "../../events/place.ts";
import { type Row, weightOf } from "./row.ts";

/** What a window holds at most. */
export interface WindowBudget {
  readonly rows: number;
  readonly bytes: number;
}

/** A few thousand rows scroll without a stop while the next page is on its way; more would be memory for nothing. */
export const WINDOW_BUDGET: WindowBudget = { rows: 4_000, bytes: 8 * 2 ** 20 };

/** One end of the window. */
export interface Edge {
  /** How far the source was read on this side: beyond the outermost row where a filter let nothing through. */
  readonly cursor: Place | undefined;
  /** Nothing lies further on this side; at the far end of a stream that is true until something is written. */
  readonly isReached: boolean;
}

/**
 * The part of a source that is held, in the source's order. It grows at both ends, and what it holds beyond its budget
 * goes at the other end, where it can be read again.
 */
export class EventWindow {
  readonly #budget: WindowBudget;
  #rows: Row[] = [];
  #bytes = 0;
  #start: Edge = { cursor: undefined, isReached: false };
  #end: Edge = { cursor: undefined, isReached: false };

  constructor(budget: WindowBudget = WINDOW_BUDGET) {
    this.#budget = budget;
  }

  get rows(): readonly Row[] {
    return this.#rows;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get start(): Edge {
    return this.#start;
  }

  get end(): Edge {
    return this.#end;
  }

  clear(): void {
    this.#rows = [];
    this.#bytes = 0;
    this.#start = { cursor: undefined, isReached: false };
    this.#end = { cursor: undefined, isReached: false };
  }

  /** Takes what lies after its end, in order; what it holds already is dropped. Answers how many rows went at its start. */
  append(rows: readonly Row[], edge: Edge): number {
    const last = this.#rows.at(-1);
    const fresh = last === undefined ? rows : rows.filter((row) => comparePlaces(row.place, last.place) > 0);
    for (const row of fresh) {
      this.#rows.push(row);
      this.#bytes += weightOf(row);
    }
    this.#end = edge;
    const count = this.#surplus((index) => this.#rows[index]);
    for (const row of this.#rows.splice(0, count)) {
      this.#bytes -= weightOf(row);
    }
    if (count > 0) {
      this.#start = { cursor: this.#rows[0]?.place, isReached: false };
    }
    return count;
  }

  /** Takes what lies before its start, in the source's order. Answers how many rows came. */
  prepend(rows: readonly Row[], edge: Edge): number {
    const first = this.#rows[0];
    const fresh = first === undefined ? rows : rows.filter((row) => comparePlaces(row.place, first.place) < 0);
    this.#rows.unshift(...fresh);
    for (const row of fresh) {
      this.#bytes += weightOf(row);
    }
    this.#start = edge;
    const count = this.#surplus((index) => this.#rows[this.#rows.length - 1 - index]);
    for (const row of this.#rows.splice(this.#rows.length - count, count)) {
      this.#bytes -= weightOf(row);
    }
    if (count > 0) {
      this.#end = { cursor: this.#rows.at(-1)?.place, isReached: false };
    }
    return fresh.length;
  }

  /** Says where the end opposite to the first page stands, which that page could not tell. */
  open(end: "start" | "end", edge: Edge): void {
    if (end === "start") {
      this.#start = edge;
    } else {
      this.#end = edge;
    }
  }

  indexOf(place: Place): number {
    const index = this.#firstFrom(place);
    const row = this.#rows[index];
    return row !== undefined && comparePlaces(row.place, place) === 0 ? index : -1;
  }

  /** The index of the row at this place, or of the one that is nearest to it; -1 where there is none at all. */
  nearest(place: Place): number {
    return Math.min(this.#firstFrom(place), this.#rows.length - 1);
  }

  #firstFrom(place: Place): number {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const row = this.#rows[middle];
      if (row !== undefined && comparePlaces(row.place, place) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** How many rows are too many, counted from one end; the last one stays, however heavy it is. */
  #surplus(at: (index: number) => Row | undefined): number {
    let count = 0;
    let bytes = this.#bytes;
    while (
      count < this.#rows.length - 1 &&
      (this.#rows.length - count > this.#budget.rows || bytes > this.#budget.bytes)
    ) {
      const row = at(count);
      bytes -= row === undefined ? 0 : weightOf(row);
      count++;
    }
    return count;
  }
}
