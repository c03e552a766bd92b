/** Lets something through that may happen very often: at once, and then not again for a while. */
export class Throttle {
  readonly #clock: () => number;
  readonly #pause: number;
  readonly #last = new Map<string, { at: number; missed: number }>();

  /** `clock` and `pause` in milliseconds. */
  constructor(clock: () => number, pause: number) {
    this.#clock = clock;
    this.#pause = pause;
  }

  /** How often `what` has happened since it was let through last; undefined where it is not to be let through now. */
  times(what: string): number | undefined {
    const now = this.#clock();
    const last = this.#last.get(what);
    if (last !== undefined && now - last.at < this.#pause) {
      last.missed++;
      return undefined;
    }
    this.#last.set(what, { at: now, missed: 0 });
    return (last?.missed ?? 0) + 1;
  }
}
