import type { LogRecord } from "../../log/record.ts";
import type { AllPages } from "./all-pages.ts";
import { isOfUsers } from "./all-reader.ts";

/** Someone who follows the log live for events of certain types. */
export interface TypeFollower {
  readonly types: ReadonlySet<string>;
  offer(record: LogRecord): void;
}

/**
 * Follows the end of the log for all projections that want certain types of `fromAll()`: an event costs nothing for those that
 * want others, however many there are.
 */
export class TypeHeading {
  readonly #pages: AllPages;
  readonly #followers = new Map<string, Set<TypeFollower>>();
  #count = 0;
  #next = 0;
  #stopWatching: (() => void) | undefined;
  #isScheduled = false;

  constructor(pages: AllPages) {
    this.#pages = pages;
  }

  /** Takes in a follower that has read everything before `next`, the end of the log. Returns how to leave. */
  join(follower: TypeFollower, next: number): () => void {
    if (this.#count === 0) this.#next = next;
    this.#count++;
    for (const type of follower.types) {
      const others = this.#followers.get(type);
      if (others === undefined) this.#followers.set(type, new Set([follower]));
      else others.add(follower);
    }
    this.#stopWatching ??= this.#pages.watch(() => this.#schedule());
    return () => this.#leave(follower);
  }

  #leave(follower: TypeFollower): void {
    for (const type of follower.types) {
      const followers = this.#followers.get(type);
      if (followers?.delete(follower) && followers.size === 0) this.#followers.delete(type);
    }
    if (--this.#count > 0) return;
    this.#stopWatching?.();
    this.#stopWatching = undefined;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#readOn();
    });
  }

  #readOn(): void {
    if (this.#count === 0) return;
    const page = this.#pages.read(this.#next);
    for (const record of page.records) {
      const followers = this.#followers.get(record.type);
      if (followers === undefined || !isOfUsers(record, false)) continue;
      for (const follower of followers) follower.offer(record);
    }
    this.#next = page.next;
    if (!page.isEnd) this.#schedule();
  }
}
