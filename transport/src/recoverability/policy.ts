import { classify } from "./classify.ts";
import type { FailedMessage, Recover } from "../declare/recover.ts";
import type { ErrorResult } from "../seam/contexts.ts";
import { InvalidErrorResult } from "./invalid-error-result.ts";

/** How often and how soon a failing message is tried again. */
export interface RetryOptions {
  /** Times it is tried again at once, in each delivery. */
  readonly immediateRetries: number;
  /** Times it is tried again later after that. */
  readonly delayedRetries: number;
  /** Milliseconds before the first delayed retry; each further one waits as much longer than the one before. */
  readonly timeIncrease: number;
  /** Times a message of a type that this instance does not know is given back for others. */
  readonly unknownTypeRetries: number;
}

/** Longest part that chance adds to a delay: messages that failed together should not all come back together. */
const JITTER = 0.2;

/** Milliseconds before a message of an unknown type comes back the first time, and at most. */
const UNKNOWN_TYPE_DELAY = { first: 100, most: 10_000 };

/** A failure as the default policy looks at it. */
export type Failure = Pick<FailedMessage, "error" | "immediateFailures" | "delayedRetries"> & {
  readonly unknownTypeRetries: number;
};

/**
 * The default: immediate retries, then delayed ones that wait longer and longer, then it is parked; what no retry mends is parked at
 * once. What this instance does not know the type of is given back for others first.
 * @param random from 0 to 1.
 */
export function defaultResult(
  { error, immediateFailures, delayedRetries, unknownTypeRetries }: Failure,
  options: RetryOptions,
  random: number,
): ErrorResult {
  const kind = classify(error);
  if (kind === "unrecoverable") return { action: "park" };
  if (kind === "unknown type") {
    if (unknownTypeRetries >= options.unknownTypeRetries) return { action: "park" };
    const { first, most } = UNKNOWN_TYPE_DELAY;
    return retryAfter(Math.min(first * 2 ** unknownTypeRetries, most), random);
  }
  if (immediateFailures <= options.immediateRetries) return { action: "retry" };
  if (delayedRetries >= options.delayedRetries) return { action: "park" };
  return retryAfter(options.timeIncrease * (delayedRetries + 1), random);
}

const retryAfter = (delay: number, random: number): ErrorResult => ({
  action: "retry after",
  milliseconds: Math.round(delay * (1 + JITTER * random)),
});

/** Asks the component's own policy first. @throws InvalidErrorResult, and what that policy throws */
export async function decide(
  failed: FailedMessage & Pick<Failure, "unknownTypeRetries">,
  recover: Recover | undefined,
  options: RetryOptions,
  random: number,
): Promise<ErrorResult> {
  const result: unknown = await recover?.(failed);
  if (result === undefined) return defaultResult(failed, options, random);
  if (!isErrorResult(result)) throw new InvalidErrorResult(result);
  return result;
}

function isErrorResult(result: unknown): result is ErrorResult {
  if (typeof result !== "object" || result === null) return false;
  const { action, milliseconds } = result as { readonly action?: unknown; readonly milliseconds?: unknown };
  if (action === "retry after") return typeof milliseconds === "number" && milliseconds >= 0 && milliseconds < Infinity;
  return action === "retry" || action === "handled" || action === "discard" || action === "park";
}
