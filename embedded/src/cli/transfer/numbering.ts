/**
 * How the events of a stream are numbered on the target: from 0 and without gaps, where the source's begin later or have gaps
 * because the beginning was scavenged or has expired.
 */
export class Numbering {
  /** Each stretch of revisions that are all lower by `by` on the target; most streams have none but the first. */
  #stretches: { readonly from: number; readonly by: number }[] = [];
  #next = 0;

  /** The revision on the target of the next event, whose revision here is `revision`. */
  take(revision: number): number {
    const target = this.#next++;
    this.#change(revision, revision - target);
    return target;
  }

  /** The next event gets none. */
  skip(revision: number): void {
    this.#change(revision + 1, revision + 1 - this.#next);
  }

  /** Whatever was numbered so far counts no longer: from `revision` on it begins with 0. */
  restart(revision: number): void {
    this.#next = 0;
    this.#change(revision, revision);
  }

  /** The next event is numbered as on the source. */
  jump(revision: number): void {
    this.#next = revision - (this.#stretches.at(-1)?.by ?? 0);
  }

  /** How many the target has. */
  get count(): number {
    return this.#next;
  }

  /** How much lower the last revisions are. */
  get lowered(): number {
    return this.#stretches.at(-1)?.by ?? 0;
  }

  /** The revision on the target of an event; undefined where it is not there. */
  exactly(revision: number): number | undefined {
    const target = this.upTo(revision);
    return target >= 0 && this.upTo(revision - 1) === target - 1 && target < this.#next ? target : undefined;
  }

  /** The last revision on the target of what is numbered up to `revision`; -1 for nothing. What is yet to come is counted as it would be. */
  upTo(revision: number): number {
    const at = this.#stretches.findLastIndex(({ from }) => from <= revision);
    const own = Math.max(-1, revision - (this.#stretches[at]?.by ?? 0));
    const next = this.#stretches[at + 1];
    // In a gap: what lies before it.
    return next === undefined ? own : Math.min(own, next.from - next.by - 1);
  }

  #change(from: number, by: number): void {
    if (by === this.lowered) return;
    if (this.#stretches.at(-1)?.from === from) this.#stretches.pop();
    this.#stretches.push({ from, by });
  }
}
