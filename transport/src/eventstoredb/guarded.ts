import { describeError } from "../receive/describe-error.ts";

const LONGEST = 1_000;

/** An observer that throws must not change what becomes of a message: what it throws is told as a warning. */
export function guarded<Event>(on: (event: Event) => void): (event: Event) => void {
  return (event) => {
    try {
      on(event);
    } catch (error) {
      warnOf(error);
    }
  };
}

/** Tells what an observer has thrown. */
export function warnOf(error: unknown): void {
  const { name, message } = describeError(error, LONGEST);
  process.emitWarning(`The observer of an endpoint threw ${name}: ${message}`);
}
