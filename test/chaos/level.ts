/** What was measured, and when. */
export interface Sample {
  /** Any unit. */
  readonly at: number;
  readonly value: number;
}

/**
 * By how much a value has grown from the first sample to the last, seen over all of them: the median of the slopes between each
 * two (Theil and Sen), so that a fifth of them may be anything, such as what a garbage collection or a busy machine makes of them.
 */
export function growthOf(samples: readonly Sample[]): number {
  const slopes: number[] = [];
  for (const [index, one] of samples.entries()) {
    for (const other of samples.slice(index + 1)) slopes.push((other.value - one.value) / (other.at - one.at));
  }
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return 0;
  return medianOf(slopes) * (last.at - first.at);
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle) - 1] ?? 0)) / 2;
}
