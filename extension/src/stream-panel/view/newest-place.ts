import type { Place } from "../../events/place.ts";
import type { ToHost, ToView } from "../protocol.ts";
import type { PanelSource } from "../schemas.ts";

/** How far the source goes that is shown: asked once whenever it is shown anew. */
export class NewestPlace {
  readonly #post: (message: ToHost) => void;
  readonly #nextRequest: () => number;
  #request: number | undefined;
  #place: Place | undefined;

  constructor(post: (message: ToHost) => void, nextRequest: () => number) {
    this.#post = post;
    this.#nextRequest = nextRequest;
  }

  /** Undefined until the answer is there, and where nothing is. */
  get place(): Place | undefined {
    return this.#place;
  }

  /** @param isSame of the source that was shown before, what was known holds until the answer is there. */
  ask(source: PanelSource, isSame: boolean): void {
    if (!isSame) this.#place = undefined;
    this.#request = this.#nextRequest();
    this.#post({ kind: "newest", request: this.#request, source });
  }

  receive({ request, place }: ToView & { kind: "newest" }): void {
    if (request === this.#request) this.#place = place ?? undefined;
  }
}
