import type { ErrorContext, ErrorResult } from "../seam/contexts.ts";

/** A failed attempt, as those who decide see it. */
export type FailedMessage = Omit<ErrorContext, "dispatcher">;

/**
 * Decides per failure; undefined leaves it to the numbers of retries. What it throws is told, and the message is delivered again.
 */
export type Recover = (failed: FailedMessage) => ErrorResult | undefined | Promise<ErrorResult | undefined>;
