export interface Measurement {
  readonly key: string;
  /** Milliseconds. */
  readonly value: number;
}

/** Latest durations that are kept; older ones are forgotten. */
const KEPT = 1000;

/** The share of durations that lie at or below each figure, in the order an info lists them (spec 2.4). */
const SHARES: readonly (readonly [key: string, share: number])[] = [
  ["Quintile 1", 0.2],
  ["Quintile 2", 0.4],
  ["Quintile 3", 0.6],
  ["Quintile 4", 0.8],
  ["Quintile 5", 1],
  ["90%", 0.9],
  ["95%", 0.95],
  ["99%", 0.99],
  ["99.5%", 0.995],
  ["99.9%", 0.999],
  ["Highest", 1],
];

/** How long a consumer took for each of its latest messages, from delivery to settlement. */
export class Measurements {
  readonly #durations: number[] = [];
  #next = 0;

  add(milliseconds: number): void {
    this.#durations[this.#next] = milliseconds;
    this.#next = (this.#next + 1) % KEPT;
  }

  /** The figures in whole milliseconds; none before the first settlement (golden `persistent/info-connections`). */
  summary(): readonly Measurement[] {
    if (this.#durations.length === 0) return [];
    const sorted = this.#durations.toSorted((a, b) => a - b);
    const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
    const figure = (key: string, value: number): Measurement => ({ key, value: Math.round(value) });
    const mean = sorted.reduce((sum, one) => sum + one, 0) / sorted.length;
    return [
      figure("Mean", mean),
      figure("Median", at(0.5)),
      figure("Fastest", sorted[0] ?? 0),
      ...SHARES.map(([key, share]) => figure(key, at(share))),
    ];
  }
}
