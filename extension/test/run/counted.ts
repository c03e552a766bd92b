/** How many tests have passed and failed. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** Takes the counts from the closing line of what a run has printed; a run that did not close is one failure. */
export function countsOf(output: string, isGood: boolean): Counts {
  const [, passed = "0", failed = "0"] = [...output.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1) ?? [];
  return { passed: Number(passed), failed: isGood ? Number(failed) : Math.max(Number(failed), 1) };
}
