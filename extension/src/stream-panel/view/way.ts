import type { Stop } from "../model/panel-state.ts";

/** How many stops are remembered. */
const LONGEST = 50;

/** The way through streams, as a browser's: back to what was shown, and forward again. */
export class Way {
  #back: Stop[] = [];
  #forward: Stop[] = [];

  get back(): readonly Stop[] {
    return this.#back;
  }

  get forward(): readonly Stop[] {
    return this.#forward;
  }

  restore(back: readonly Stop[], forward: readonly Stop[]): void {
    this.#back = [...back];
    this.#forward = [...forward];
  }

  /** What is shown is left for something new. */
  leave(stop: Stop): void {
    this.#back = [...this.#back, stop].slice(-LONGEST);
    this.#forward = [];
  }

  /** Where to go from `here`; undefined where the way ends. */
  step(way: "back" | "forward", here: Stop): Stop | undefined {
    const [from, to] = way === "back" ? [this.#back, this.#forward] : [this.#forward, this.#back];
    const stop = from.pop();
    if (stop !== undefined) {
      to.push(here);
    }
    return stop;
  }
}
