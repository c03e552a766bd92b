import type { Place } from "../model/place.ts";
import type { Details, ToView } from "../protocol.ts";
import type { PanelSource } from "../schemas.ts";
import type { HostLink } from "./host-link.ts";

/** As many lines of a body as are laid out without a stop. */
const FIRST_LINES = 400;

/** Reads the details of the event that was asked for last. */
export class DetailsReader {
  readonly #post: HostLink["post"];
  readonly #nextRequest: () => number;
  #request: number | undefined;
  #details: Details | null | undefined;
  #lines = FIRST_LINES;

  constructor(post: HostLink["post"], nextRequest: () => number) {
    this.#post = post;
    this.#nextRequest = nextRequest;
  }

  /** Undefined while they are on their way for the first time, null where the event is gone. */
  get details(): Details | null | undefined {
    return this.#details;
  }

  /** How many lines of a body are laid out at most. */
  get lines(): number {
    return this.#lines;
  }

  showMoreLines(): void {
    this.#lines *= 10;
  }

  /** What was shown before stays until they are there, so that nothing flickers on the way through a list. */
  read(source: PanelSource, place: Place): void {
    if (this.#request !== undefined) {
      this.#post({ kind: "cancel", request: this.#request });
    }
    this.#request = this.#nextRequest();
    this.#post({ kind: "details", request: this.#request, source, place });
  }

  clear(): void {
    this.#details = undefined;
  }

  receive({ request, details }: ToView & { kind: "details" }): void {
    if (request === this.#request) {
      this.#request = undefined;
      this.#details = details;
      this.#lines = FIRST_LINES;
    }
  }
}
