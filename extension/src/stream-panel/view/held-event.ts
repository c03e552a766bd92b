import type { Browsing } from "../model/browsing.ts";
import type { ToHost, ToView } from "../protocol.ts";

/** What is shown, as far as it decides what to ask. */
interface Held extends Pick<Browsing, "source" | "isFresh"> {
  readonly window: Pick<Browsing["window"], "rows">;
}

/** Whether the server still holds what is shown: asked of one event for all, once it is back after it was away. */
export class HeldEvent {
  readonly #post: (message: ToHost) => void;
  readonly #nextRequest: () => number;
  #asked: { readonly request: number; readonly id: string } | undefined;

  constructor(post: (message: ToHost) => void, nextRequest: () => number) {
    this.#post = post;
    this.#nextRequest = nextRequest;
  }

  /** Answers whether what is shown stays until that is known: where there is nothing, it is read anew at once. */
  ask({ source, isFresh, window: held }: Held): boolean {
    // Of a link that was not followed the row has its own id, and the details that of what it leads to.
    const newest = held.rows.findLast(({ link }) => link?.state !== "not-followed");
    if (newest === undefined) return isFresh || held.rows.length > 0;
    const request = this.#nextRequest();
    this.#asked = { request, id: newest.id };
    this.#post({ kind: "details", request, source, place: newest.place });
    return true;
  }

  /** Whether this answers what was asked, and another event lies in the place of that one, or none. */
  isGone(message: ToView & { kind: "details" | "failed" }): boolean {
    if (message.request !== this.#asked?.request) return false;
    const { id } = this.#asked;
    this.#asked = undefined;
    if (message.kind === "details") return message.details?.event.id !== id;
    const { kind } = message.failure;
    return kind === "not-found" || kind === "deleted";
  }
}
