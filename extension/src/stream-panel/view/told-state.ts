import type { ToHost } from "../protocol.ts";

type State = Omit<ToHost & { kind: "state" }, "kind">;

/** Tells the host what commands may do here, whenever that has changed. */
export class ToldState {
  readonly #post: (message: ToHost) => void;
  #told = "";

  constructor(post: (message: ToHost) => void) {
    this.#post = post;
  }

  tell(state: State): void {
    const told = JSON.stringify(state);
    if (told === this.#told) return;
    this.#told = told;
    this.#post({ kind: "state", ...state });
  }
}
