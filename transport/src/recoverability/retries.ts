import { unknownTypeRetriesOf } from "../receive/failure-history.ts";
import type { ErrorContext, ErrorResult } from "../seam/contexts.ts";
import { defaultResult, type RetryOptions } from "./policy.ts";

/** What is retried where nothing else is said: at once three times, and so again after ten, twenty and thirty seconds. */
const DEFAULTS: RetryOptions = {
  immediateRetries: 3,
  delayedRetries: 3,
  timeIncrease: 10_000,
  unknownTypeRetries: 100,
};

/**
 * Makes the error policy of Sluice's own components, for a bus of another kind: immediate retries, then delayed ones that wait longer
 * and longer, then it is parked; at once where what was thrown is {@link Unrecoverable}. {@link UnknownMessageType} gives a message
 * back for processes that know its type.
 * @param random from 0 to 1; default: chance.
 */
export function retries(
  options: Partial<RetryOptions> = {},
  random: () => number = Math.random,
): (failure: Pick<ErrorContext, "message" | "error" | "immediateFailures" | "delayedRetries">) => ErrorResult {
  const all = { ...DEFAULTS, ...options };
  return ({ message, ...failure }) =>
    defaultResult({ ...failure, unknownTypeRetries: unknownTypeRetriesOf(message.headers) }, all, random());
}
