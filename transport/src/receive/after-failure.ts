import { classify } from "../recoverability/classify.ts";
import type { ErrorResult } from "../seam/contexts.ts";

/** What becomes of a message whose handling failed, where no policy says otherwise: immediate retries, then it is parked. */
export function afterFailure(failure: {
  readonly error: unknown;
  /** Attempts that have failed, 1 first. */
  readonly immediateFailures: number;
  readonly immediateRetries: number;
}): ErrorResult {
  const { error, immediateFailures, immediateRetries } = failure;
  const isHopeless = classify(error) === "unrecoverable" || immediateFailures > immediateRetries;
  return { action: isHopeless ? "park" : "retry" };
}
