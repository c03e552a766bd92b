import type { Contender, Samples } from "./figure.ts";

/** How long to measure. */
export interface Effort {
  /** Of one run of one contender. */
  readonly seconds: number;
  readonly rounds: number;
}

/** Lets the contenders run one after the other, again and again (A B C A B C), after one round that warms up and does not count. */
export async function interleaved(
  contenders: readonly Contender[],
  { seconds, rounds }: Effort,
): Promise<readonly Samples[]> {
  for (const contender of contenders) await contender.run(Math.min(seconds, 1));
  const samples = contenders.map(({ name }) => ({ name, samples: [] as Samples["samples"][number][] }));
  for (let round = 0; round < rounds; round++) {
    for (const [i, contender] of contenders.entries()) samples[i]?.samples.push(await contender.run(seconds));
  }
  return samples;
}
