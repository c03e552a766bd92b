/** How many tests have passed and failed. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Takes the counts from the closing line of what a run has printed. One that did not close, or that failed though no
 * test did, is a failure; one in which no test ran counts nothing.
 */
export function countsOf(output: string, isGood: boolean): Counts {
  const [, ...numbers] = [...output.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1) ?? [];
  const [passed = 0, failed = 1] = numbers.map(Number);
  return { passed, failed: isGood || passed === 0 ? failed : Math.max(failed, 1) };
}
