/** A step around what comes next: it may look at the context, change what may be changed, call `next` once, or throw. */
export type Middleware<Context> = (context: Context, next: () => Promise<void>) => Promise<void> | void;

/**
 * Runs the steps one inside the other, the first outermost, and `last` in the middle. A step that does not call `next` ends it there:
 * what would have come is left out.
 * @throws what any of them throws; an Error where a step calls `next` twice.
 */
export function runMiddleware<Context>(
  steps: readonly Middleware<Context>[],
  context: Context,
  last: () => Promise<void>,
): Promise<void> {
  const run = async (index: number): Promise<void> => {
    const step = steps[index];
    if (step === undefined) return last();
    let called = false;
    await step(context, () => {
      if (called) throw new Error("A middleware called next() twice. Call it once, and await it.");
      called = true;
      return run(index + 1);
    });
  };
  return run(0);
}
