import type { Output } from "./emitted/output.ts";
import type { Work } from "./readers/subscription.ts";

interface Item {
  readonly work: Work;
  isReady: boolean;
}

/**
 * What was read and not handled yet, in order.
 *
 * Where a projection over several streams emits, each event is first noted in its order stream, so that a run after a crash
 * handles the same events in the same order (spec 3.7); until that is accepted it waits here, and all behind it: what it leads to
 * is on disk only if the note is.
 */
export class WorkQueue {
  readonly #items: Item[] = [];
  readonly #order: { readonly output: Output; readonly stream: string } | undefined;
  readonly #onReady: () => void;

  constructor(order: { readonly output: Output; readonly stream: string } | undefined, onReady: () => void) {
    this.#order = order;
    this.#onReady = onReady;
  }

  get length(): number {
    return this.#items.length;
  }

  /** The first of it can be handled. */
  get isReady(): boolean {
    return this.#items[0]?.isReady ?? false;
  }

  /** Takes in what is to be noted first. */
  add(work: Work): void {
    const item: Item = { work, isReady: this.#order === undefined || work.kind === "checkpoint" };
    this.#items.push(item);
    if (this.#order === undefined || work.kind === "checkpoint") return;
    const { position, tag } = work;
    const onNumbered = () => {
      item.isReady = true;
      this.#onReady();
    };
    this.#order.output.emit(this.#order.stream, { type: "$>", isJson: false, data: () => position, tag, onNumbered });
  }

  /** Takes in what is noted already. */
  addNoted(work: Work): void {
    this.#items.push({ work, isReady: true });
  }

  /** Starts noting what was added. */
  flush(): void {
    this.#order?.output.flush();
  }

  /** Hands over what is ready until `handle` says that it is enough. Answers how much that was. */
  takeReady(handle: (work: Work) => "go on" | "enough"): number {
    let count = 0;
    try {
      for (const item of this.#items) {
        if (!item.isReady) break;
        count++;
        if (handle(item.work) === "enough") break;
      }
    } finally {
      this.#items.splice(0, count);
    }
    return count;
  }
}
