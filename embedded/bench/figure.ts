/** What one run measured, by name: `perSecond`, `p99` and so on. */
export type Sample = Readonly<Record<string, number>>;

/** What is measured beside others: the server, or a ceiling that nothing on this machine can beat. */
export interface Contender {
  readonly name: string;
  /** Works for about that long. */
  readonly run: (seconds: number) => Promise<Sample>;
}

/** The samples of one contender, one for each round. */
export interface Samples {
  readonly name: string;
  readonly samples: readonly Sample[];
}

export interface Goal {
  readonly of: "ratio" | "value";
  readonly limit: number;
}

/** One line of the report. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly better: "more" | "less";
  /** The server first, then what it is held against. */
  readonly columns: readonly { readonly name: string; readonly value: number }[];
  /** Median over the rounds, against the ceiling that binds; undefined where there is none. */
  readonly ratio: number | undefined;
  readonly goal: Goal | undefined;
  readonly isMet: boolean | undefined;
}

export interface FigureOptions {
  readonly name: string;
  readonly unit: string;
  /** Which measurement of the samples. */
  readonly of: string;
  readonly better: "more" | "less";
  readonly goal?: Goal;
}

/**
 * The medians of the rounds, and the median of the ratios within a round: whatever else the machine does in a round it does to
 * all who run in it. Where there are several ceilings, the one that allows least binds.
 */
export function figure(options: FigureOptions, all: readonly Samples[]): Figure {
  const { name, unit, better, goal } = options;
  const measured = all
    .map((one) => ({ name: one.name, values: one.samples.map((sample) => sample[options.of] ?? Number.NaN) }))
    .filter(({ values }) => values.every(Number.isFinite));
  const [own, ...others] = measured;
  if (own === undefined) throw new Error(`Nothing was measured of ${name}.`);
  const ratios = others.map(({ values }) => median(values.map((value, round) => (own.values[round] ?? NaN) / value)));
  const ratio = ratios.length === 0 ? undefined : better === "more" ? Math.max(...ratios) : Math.min(...ratios);
  const columns = measured.map((one) => ({ name: one.name, value: median(one.values) }));
  const held = goal?.of === "value" ? columns[0]?.value : ratio;
  const isMet =
    goal === undefined || held === undefined ? undefined : better === "more" ? held >= goal.limit : held <= goal.limit;
  return { name, unit, better, columns, ratio, goal, isMet };
}

export function median(numbers: readonly number[]): number {
  return quantile(
    numbers.toSorted((a, b) => a - b),
    0.5,
  );
}

/** The number that this part of the others lies below, in a sorted list. */
export function quantile(sorted: ArrayLike<number>, part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
