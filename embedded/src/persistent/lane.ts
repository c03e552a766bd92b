import { Fifo } from "../log/fifo.ts";
import type { Message } from "./message.ts";
import { Retries } from "./retries.ts";

/** Messages that wait for the same consumers: retries first, then what was read, each in order (spec 2.3). */
export class Lane {
  readonly #retries = new Retries();
  readonly #fresh = new Fifo<Message>();

  get isEmpty(): boolean {
    return this.#retries.length === 0 && this.#fresh.length === 0;
  }

  get retrying(): number {
    return this.#retries.length;
  }

  get fresh(): number {
    return this.#fresh.length;
  }

  add(message: Message): void {
    this.#fresh.push(message);
  }

  addRetry(message: Message): void {
    this.#retries.add(message);
  }

  take(): Message | undefined {
    return this.#retries.take() ?? this.#fresh.shift();
  }

  /** Hands everything over. */
  moveTo(retries: Message[], fresh: Message[]): void {
    for (const message of this.#retries.drain()) retries.push(message);
    for (const message of this.#fresh.drain()) fresh.push(message);
  }
}
