import type { Consumer } from "./consumer.ts";
import type { Dispatch } from "./dispatch.ts";
import { Lane } from "./lane.ts";
import type { Message } from "./message.ts";
import { ReadyLine } from "./ready-line.ts";

/**
 * One lane of messages for all consumers.
 *
 * `takesTurns`: each message goes to the next consumer in line (RoundRobin). Otherwise the first in line gets all until
 * it is full and goes behind the others when it has room again (DispatchToSingle, golden `persistent-strategies/dispatch-to-single`).
 */
export class SharedDispatch implements Dispatch {
  readonly #takesTurns: boolean;
  readonly #lane = new Lane();
  readonly #line = new ReadyLine();

  constructor(takesTurns: boolean) {
    this.#takesTurns = takesTurns;
  }

  get fresh(): number {
    return this.#lane.fresh;
  }

  get retrying(): number {
    return this.#lane.retrying;
  }

  add(message: Message): void {
    this.#lane.add(message);
  }

  addRetry(message: Message): void {
    this.#lane.addRetry(message);
  }

  take(): Message | undefined {
    const consumer = this.#line.first();
    if (consumer === undefined) return undefined;
    const message = this.#lane.take();
    if (message === undefined) return undefined;
    message.owner = consumer;
    if (this.#takesTurns) this.#line.rotate();
    return message;
  }

  join(consumer: Consumer): void {
    this.#line.add(consumer);
  }

  leave(consumer: Consumer): void {
    this.#line.remove(consumer);
  }

  freed(consumer: Consumer): void {
    this.#line.add(consumer);
  }
}
