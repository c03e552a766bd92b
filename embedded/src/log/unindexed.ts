import type { StagedRecord } from "./commit-queue.ts";
import { Fifo } from "./fifo.ts";
import type { LogRecord } from "./record.ts";

/** Records that are on disk as one, in the journal, and not yet in the tables. */
export interface UnindexedGroup {
  readonly records: readonly StagedRecord[];
  readonly bytes: number;
}

/** The durable records that the tables lack, in the order of the log. */
export class Unindexed {
  readonly #groups = new Fifo<UnindexedGroup>();
  readonly #records = new Fifo<LogRecord>();
  #bytes = 0;

  /** Of all of them, as encoded. */
  get bytes(): number {
    return this.#bytes;
  }

  get groups(): number {
    return this.#groups.length;
  }

  add(group: UnindexedGroup): void {
    if (group.records.length === 0) return;
    this.#groups.push(group);
    for (const { record } of group.records) this.#records.push(record);
    this.#bytes += group.bytes;
  }

  /** The first groups, until they have so many records or bytes; at least one where there is one. */
  first(records: number, bytes: number): readonly UnindexedGroup[] {
    let count = 0;
    let size = 0;
    let groups = 0;
    for (; groups < this.#groups.length && count < records && size < bytes; groups++) {
      const group = this.#groups.at(groups);
      count += group?.records.length ?? 0;
      size += group?.bytes ?? 0;
    }
    return this.#groups.slice(0, groups);
  }

  /** The tables have the first `count` groups. */
  shift(count: number): void {
    for (let left = count; left > 0; left--) {
      const group = this.#groups.shift();
      for (let records = group?.records.length ?? 0; records > 0; records--) this.#records.shift();
      this.#bytes -= group?.bytes ?? 0;
    }
  }

  /** The record at a position. */
  at(position: number): LogRecord | undefined {
    const record = this.#records.at(this.#indexOf(position));
    return record?.position === position ? record : undefined;
  }

  /** Records from `from` on and before `to`, or, in reverse, those before `to` and not before `from`; so many at most. */
  between(from: number, to: number, reverse: boolean, limit: number): readonly LogRecord[] {
    const first = this.#indexOf(from);
    const last = this.#indexOf(to);
    return reverse
      ? this.#records.slice(Math.max(first, last - limit), last).reverse()
      : this.#records.slice(first, Math.min(last, first + limit));
  }

  *[Symbol.iterator](): Iterator<LogRecord> {
    yield* this.#records.slice(0, this.#records.length);
  }

  /** Number of those before a position. */
  #indexOf(position: number): number {
    let low = 0;
    let high = this.#records.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#records.at(middle)?.position ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
