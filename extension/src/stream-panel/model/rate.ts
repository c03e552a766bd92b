/** How many a second, over the last seconds. */
export class Rate {
  readonly #over: number;
  #samples: { readonly time: number; readonly count: number }[] = [];

  /** @param over How far back is looked, in milliseconds. */
  constructor(over = 5_000) {
    this.#over = over;
  }

  /** @param count How many there were up to now. @param time In milliseconds. */
  saw(count: number, time: number): void {
    const last = this.#samples.at(-1);
    if (last !== undefined && count < last.count) {
      this.#samples = [];
    }
    if (last === undefined || time - last.time >= this.#over / 50) {
      this.#samples.push({ time, count });
      this.#forget(time);
    } else {
      this.#samples[this.#samples.length - 1] = { time: last.time, count };
    }
  }

  perSecond(time: number): number {
    this.#forget(time);
    const [first] = this.#samples;
    const last = this.#samples.at(-1);
    return first === undefined || last === undefined || time <= first.time
      ? 0
      : ((last.count - first.count) * 1_000) / Math.max(1_000, time - first.time);
  }

  #forget(time: number): void {
    const kept = this.#samples.findIndex((sample) => time - sample.time <= this.#over);
    this.#samples.splice(0, kept < 0 ? this.#samples.length : kept);
  }
}
