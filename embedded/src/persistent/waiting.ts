import type { Message } from "./message.ts";

/** Bytes that may wait in memory: a few large messages are as good as many small ones. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Messages that wait for a consumer, by number and size. */
export class Waiting {
  #count = 0;
  #bytes = 0;

  add({ bytes }: Message): void {
    this.#count++;
    this.#bytes += bytes;
  }

  remove({ bytes }: Message): void {
    this.#count--;
    this.#bytes -= bytes;
  }

  /** How many more may wait where `most` may. */
  roomOf(most: number): number {
    return this.#bytes >= MOST_BYTES ? 0 : Math.max(0, most - this.#count);
  }
}
