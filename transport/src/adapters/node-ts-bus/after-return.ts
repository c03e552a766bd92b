import type { ErrorResult } from "../../seam/index.ts";

/**
 * What becomes of a message that the bus returns.
 * @param attempts that have failed, over all processes, this one among them; 1 or more.
 * @param delay in milliseconds; what is no delay is none.
 */
export function afterReturn(attempts: number, maxRetries: number, delay: number): ErrorResult {
  if (attempts >= maxRetries) return { action: "park" };
  return { action: "retry after", milliseconds: Number.isFinite(delay) && delay > 0 ? delay : 0 };
}
