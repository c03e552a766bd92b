import type { Message } from "./message.ts";

/** All messages a group has read and is not done with, oldest first. Nothing here costs more for being long. */
export class Unsettled {
  #oldest: Message | undefined;
  #newest: Message | undefined;

  get oldest(): Message | undefined {
    return this.#oldest;
  }

  append(message: Message): void {
    message.older = this.#newest;
    if (this.#newest === undefined) this.#oldest = message;
    else this.#newest.newer = message;
    this.#newest = message;
  }

  remove(message: Message): void {
    if (message.older === undefined) this.#oldest = message.newer;
    else message.older.newer = message.newer;
    if (message.newer === undefined) this.#newest = message.older;
    else message.newer.older = message.older;
    message.older = undefined;
    message.newer = undefined;
  }
}
