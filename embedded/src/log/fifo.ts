/** Slots that lie empty in front before the array is cut. */
const SLACK = 256;

/** First in, first out, without moving what is inside for each one that leaves. */
export class Fifo<T> {
  #items: (T | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  peek(): T | undefined {
    return this.#items[this.#head];
  }

  /** The item that has so many before it. */
  at(index: number): T | undefined {
    return this.#items[this.#head + index];
  }

  /** Those at `from` and behind it, as far as `to`, which is not among them. */
  slice(from: number, to: number): T[] {
    return this.#items.slice(this.#head + from, this.#head + to) as T[];
  }

  shift(): T | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    this.#items[this.#head++] = undefined;
    if (this.#head === this.#items.length) {
      this.#items.length = 0;
      this.#head = 0;
    } else if (this.#head > SLACK && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** Leaves the first `length`. */
  cut(length: number): void {
    this.#items.length = Math.min(this.#items.length, this.#head + length);
  }

  /** Takes out everything. */
  drain(): T[] {
    const all = this.#items.slice(this.#head) as T[];
    this.#items = [];
    this.#head = 0;
    return all;
  }
}
