import type { CriticalError } from "../seam/transport-definition.ts";
import type { TransportEvent } from "./transport-event.ts";

/** What the host is to know, where it is nothing that the transport mends by itself. */
export function criticalOf(event: TransportEvent): CriticalError | undefined {
  switch (event.kind) {
    case "critical":
      return { problem: event.problem, error: event.error, nativeId: event.messageId };
    case "timed out": {
      const { component, type, milliseconds, error, messageId } = event;
      const problem = `The handler of ${type} at ${component} takes longer than ${milliseconds} ms; its slot goes to others.`;
      return { problem, error, nativeId: messageId };
    }
    case "projection failed":
      return {
        problem: `${event.projection} of ${event.component} does not run (${event.why}): ${event.reason}`,
        error: undefined,
      };
    default:
      return undefined;
  }
}
