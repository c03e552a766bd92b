import type { Place } from "../../events/place.ts";
import type { Details, ToHost, ToView } from "../protocol.ts";
import type { PanelSource } from "../schemas.ts";

/** As many lines of a body as are laid out without a stop. */
const FIRST_LINES = 400;

/** Reads the details of the event that was asked for last. */
export class DetailsReader {
  readonly #post: (message: ToHost) => void;
  readonly #nextRequest: () => number;
  #request: number | undefined;
  #details: Details | null | undefined;
  #failure: string | undefined;
  #lines = FIRST_LINES;

  constructor(post: (message: ToHost) => void, nextRequest: () => number) {
    this.#post = post;
    this.#nextRequest = nextRequest;
  }

  /** Undefined while they are on their way for the first time, null where the event is gone. */
  get details(): Details | null | undefined {
    return this.#details;
  }

  /** Why they could not be read. */
  get failure(): string | undefined {
    return this.#failure;
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
    this.#failure = undefined;
    this.#post({ kind: "details", request: this.#request, source, place });
  }

  clear(): void {
    this.#details = undefined;
    this.#failure = undefined;
  }

  /** Answers whether the failure was of what is awaited here. */
  fail({ request, failure }: ToView & { kind: "failed" }): boolean {
    if (request !== this.#request) return false;
    this.#request = undefined;
    this.#details = undefined;
    this.#failure = failure.message;
    return true;
  }

  receive({ request, details }: ToView & { kind: "details" }): void {
    if (request === this.#request) {
      this.#request = undefined;
      this.#details = details;
      this.#lines = FIRST_LINES;
    }
  }
}
