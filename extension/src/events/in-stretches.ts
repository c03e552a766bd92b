import { wait } from "../timing/wait.ts";

/** How long one piece of work may keep all others in this process from their turn, in milliseconds. */
const STRETCH_MS = 12;

/**
 * Does work that looks at megabytes without holding up others: a generator that yields wherever it can be left for a
 * moment. Answers what it returns; throws what the signal was aborted with.
 */
export async function inStretches<T>(work: Generator<void, T>, signal?: AbortSignal): Promise<T> {
  const { signal: never } = new AbortController();
  let began = performance.now();
  for (;;) {
    const { done, value } = work.next();
    if (done === true) {
      return value;
    }
    if (performance.now() - began > STRETCH_MS) {
      await wait(0, signal ?? never);
      began = performance.now();
    }
  }
}
