import type { MarkLine } from "./transfer-file.ts";

/** Where in the target's log things came to lie. */
export class TargetPlaces {
  readonly #marks = new Map<number, number>();
  /** Of each event, where projections stamp their output with places in the log; undefined where none does. */
  readonly #events: Map<number, number> | undefined;
  #last = -1;

  constructor(needsPositions: boolean) {
    this.#events = needsPositions ? new Map() : undefined;
  }

  /** An event that lay at `source` lies at `target`, if the server says where. */
  note(source: number, target: number | undefined): void {
    if (target === undefined) return;
    this.#last = Math.max(this.#last, target);
    this.#events?.set(source, target);
  }

  mark({ mark }: MarkLine): void {
    if (!this.#marks.has(mark)) this.#marks.set(mark, this.#last);
  }

  /** The target's position of the last event up to a mark; -1 where there is none. */
  upTo(mark: number): number {
    return this.#marks.get(mark) ?? -1;
  }

  /** The place of an event that a stamp names; one that did not move lies before everything. */
  of(source: number): number {
    return source < 0 ? source : (this.#events?.get(source) ?? 0);
  }
}
