/** Scrolling changes what is kept with each frame. */
const LATER_MS = 150;

/** Keeps what a panel is restored from after a reload, a little after it has changed. */
export class StateKeeper<State> {
  readonly #keep: (state: State) => void;
  readonly #state: () => State | undefined;
  #isWaiting = false;

  /** `state` answers undefined while what was kept before is right, and what is shown is not yet. */
  constructor(keep: (state: State) => void, state: () => State | undefined) {
    this.#keep = keep;
    this.#state = state;
  }

  soon(): void {
    if (this.#isWaiting) {
      return;
    }
    this.#isWaiting = true;
    setTimeout(() => {
      this.#isWaiting = false;
      const state = this.#state();
      if (state !== undefined) {
        this.#keep(state);
      }
    }, LATER_MS);
  }
}
