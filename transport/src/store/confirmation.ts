import type { Calls } from "./calls.ts";
import type { ServerUnreachable } from "./server-unreachable.ts";

/**
 * Milliseconds until the server must have confirmed a subscription. A leader that still loads its groups drops the request without
 * an answer, and the call itself has no deadline (cluster.md).
 */
const CONFIRMATION_LIMIT = 3_000;

/** Calls `late` where the server has not confirmed a subscription in time. @returns how to stop that: it has, or nobody waits for it. */
export function expectConfirmation(calls: Calls, late: (why: ServerUnreachable) => void): () => void {
  const limit = Math.round(CONFIRMATION_LIMIT * calls.slowness);
  const timer = setTimeout(() => {
    // Slow rather than deaf, it is given more time for the next one.
    calls.suspect();
    late(calls.unreachable(`It did not confirm the subscription within ${limit} ms.`));
  }, limit);
  return () => clearTimeout(timer);
}
