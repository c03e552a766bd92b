import type { Tag } from "../tags/tag.ts";

/** What one source event has caused to be written. */
export interface SourceMark {
  readonly tag: Tag;
  /** Events not yet written. */
  left: number;
}

/** Done marks kept before they are swept. */
const SWEEP = 1000;

/**
 * Follows how far a projection's output is on disk. Outputs are written side by side, so what later events caused may arrive
 * first; the mark stands at the last event before which nothing is missing.
 */
export class WrittenMark {
  readonly #marks: SourceMark[] = [];
  #next = 0;
  #tag: Tag;

  constructor(from: Tag) {
    this.#tag = from;
  }

  /** Everything caused by events up to this one is on disk. */
  get tag(): Tag {
    return this.#tag;
  }

  /** The next event begins to cause writes: count them in `left`, then {@link advance}. */
  begin(tag: Tag): SourceMark {
    const mark = { tag, left: 0 };
    this.#marks.push(mark);
    return mark;
  }

  written(mark: SourceMark): void {
    mark.left--;
    if (mark === this.#marks[this.#next]) this.advance();
  }

  advance(): void {
    for (let mark = this.#marks[this.#next]; mark?.left === 0; mark = this.#marks[this.#next]) {
      this.#tag = mark.tag;
      this.#next++;
    }
    if (this.#next < SWEEP && this.#next < this.#marks.length) return;
    this.#marks.splice(0, this.#next);
    this.#next = 0;
  }
}
