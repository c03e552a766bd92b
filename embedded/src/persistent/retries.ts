import type { Message } from "./message.ts";

/** Messages to be delivered again, always in their order: a binary heap by sequence. */
export class Retries {
  readonly #heap: Message[] = [];

  get length(): number {
    return this.#heap.length;
  }

  add(message: Message): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(message);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || above.sequence <= message.sequence) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = message;
  }

  take(): Message | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || first === last) return first;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      let below = heap[child];
      if (below === undefined) break;
      const right = heap[child + 1];
      if (right !== undefined && right.sequence < below.sequence) {
        below = right;
        child++;
      }
      if (below.sequence >= last.sequence) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
    return first;
  }

  /** Takes out everything, in no order. */
  drain(): Message[] {
    return this.#heap.splice(0);
  }
}
