import type { Consumer } from "./consumer.ts";
import { Fifo } from "../log/fifo.ts";

/** Consumers that can take a message, in the order of their turns. Those that cannot are never looked at. */
export class ReadyLine {
  #line = new Fifo<Consumer>();

  /** Lines up a consumer that has room again. One that stands in line keeps its place. */
  add(consumer: Consumer): void {
    if (consumer.lined || !consumer.canTake) return;
    consumer.lined = true;
    this.#line.push(consumer);
  }

  /** Whose turn it is. */
  first(): Consumer | undefined {
    for (;;) {
      const consumer = this.#line.peek();
      if (consumer === undefined || consumer.canTake) return consumer;
      this.dismiss();
    }
  }

  /** The first gives up its place. */
  dismiss(): void {
    const consumer = this.#line.shift();
    if (consumer !== undefined) consumer.lined = false;
  }

  /** The first goes to the end of the line. */
  rotate(): void {
    const consumer = this.#line.shift();
    if (consumer !== undefined) this.#line.push(consumer);
  }

  remove(consumer: Consumer): void {
    if (!consumer.lined) return;
    consumer.lined = false;
    const others = this.#line.drain().filter((one) => one !== consumer);
    for (const one of others) this.#line.push(one);
  }
}
