import type { OutgoingContext } from "../pipeline/outgoing.ts";
import { guarded } from "./guarded.ts";
import { combined, type Interceptor, type ObservedAttempt, type ObservedSend } from "./interceptor.ts";
import type { TransportEvent } from "./transport-event.ts";

/**
 * Sees what a transport does for the bus that brings it, for traces and metrics: `openTelemetry()` of
 * `@sluice/transport/opentelemetry` and `prometheusMetrics()` of `@sluice/transport/prometheus` make one each. All parts are
 * optional, and cost nothing where nobody has them. It changes nothing of what becomes of a message.
 */
export interface TransportInstrumentation {
  /**
   * Runs around each attempt to handle a message. `run` settles when the handlers have ended and all that they sent is stored, and
   * rejects with what the attempt failed by.
   */
  readonly process?: Interceptor<ObservedAttempt>;
  /** Runs around each message that is dispatched; it may set headers. */
  readonly create?: Interceptor<OutgoingContext>;
  /** Runs around each append of messages that leave. `run` settles when they are stored. */
  readonly send?: Interceptor<ObservedSend>;
  /** Hears of what happens, as the transport's `on` does. */
  readonly on?: (event: TransportEvent) => void;
}

/** What several of them intercept, as one. What none of them has is undefined. */
export function combinedInterceptors(
  all: readonly Pick<TransportInstrumentation, "process" | "create" | "send">[],
): Pick<TransportInstrumentation, "process" | "create" | "send"> {
  const [process, create, send] = [
    combined(all.map((one) => one.process)),
    combined(all.map((one) => one.create)),
    combined(all.map((one) => one.send)),
  ];
  return {
    ...(process === undefined ? {} : { process }),
    ...(create === undefined ? {} : { create }),
    ...(send === undefined ? {} : { send }),
  };
}

/** Tells each event to all who hear of it, one's failure harming no other. */
export function toldToAll<Event>(observers: readonly (((event: Event) => void) | undefined)[]): (event: Event) => void {
  const hearing = observers.flatMap((on) => (on === undefined ? [] : [guarded(on)]));
  return (event) => {
    for (const on of hearing) on(event);
  };
}
