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
}

/** Longest part that chance adds to a delay: messages that failed together should not all come back together. */
const JITTER = 0.2;

/**
 * The default: immediate retries, then delayed ones that wait longer and longer, then it is parked; what no retry mends is parked at
 * once.
 * @param random from 0 to 1.
 */
export function defaultResult(
  { error, immediateFailures, delayedRetries }: Pick<FailedMessage, "error" | "immediateFailures" | "delayedRetries">,
  options: RetryOptions,
  random: number,
): ErrorResult {
  if (classify(error) === "unrecoverable") return { action: "park" };
  if (immediateFailures <= options.immediateRetries) return { action: "retry" };
  if (delayedRetries >= options.delayedRetries) return { action: "park" };
  const delay = options.timeIncrease * (delayedRetries + 1);
  return { action: "retry after", milliseconds: Math.round(delay * (1 + JITTER * random)) };
}

/** Asks the component's own policy first. @throws InvalidErrorResult, and what that policy throws */
export async function decide(
  failed: FailedMessage,
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
