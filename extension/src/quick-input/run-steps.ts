/** Said by a step whose user wants the one before. */
export const BACK = Symbol("back");

/** Where a step stands, for its title bar. */
export interface StepPosition {
  /** From 1. */
  readonly step: number;
  readonly totalSteps: number;
}

/** Asks for one thing and answers the draft with it; undefined where the user gives up. */
export type Step<Draft> = (draft: Draft, position: StepPosition) => Promise<Draft | typeof BACK | undefined>;

/**
 * Leads through steps, back and forth, keeping what was entered.
 *
 * @param stepsFor which steps there are may depend on what was entered so far.
 * @returns undefined where the user gave up.
 */
export async function runSteps<Draft extends object>(
  start: Draft,
  stepsFor: (draft: Draft) => readonly Step<Draft>[],
): Promise<Draft | undefined> {
  let draft = start;
  let index = 0;
  for (;;) {
    const steps = stepsFor(draft);
    const step = steps[index];
    if (step === undefined) return draft;
    const answer = await step(draft, { step: index + 1, totalSteps: steps.length });
    if (answer === undefined) return undefined;
    if (answer === BACK) {
      index = Math.max(0, index - 1);
    } else {
      draft = answer;
      index += 1;
    }
  }
}
