import type { PanelState } from "../model/panel-state.ts";
import type { HostLink } from "./host-link.ts";

/** Scrolling changes what is kept with each frame. */
const LATER_MS = 150;

/** Keeps what the panel is restored from after a reload, a little after it has changed. */
export class StateKeeper {
  readonly #keep: HostLink["keep"];
  readonly #state: () => PanelState | undefined;
  #isWaiting = false;

  /** `state` answers undefined while what was kept before is right, and what is shown is not yet. */
  constructor(keep: HostLink["keep"], state: () => PanelState | undefined) {
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
