import { combined, type Interceptor, type ObservedAttempt, type ObservedSend } from "../eventstoredb/interceptor.ts";
import { guarded } from "../eventstoredb/guarded.ts";
import type { OutgoingContext, OutgoingMiddleware } from "../pipeline/outgoing.ts";
import type { EndpointEvent } from "./endpoint-event.ts";
import type { EndpointHealth } from "./health.ts";

/**
 * Sees what an endpoint or a sender does, for traces and metrics: `openTelemetry()` of `@sluice/transport/opentelemetry` and
 * `prometheusMetrics()` of `@sluice/transport/prometheus` make one each. All parts are optional, and cost nothing where nobody has
 * them. It changes nothing of what becomes of a message; what it throws is told as a warning.
 */
export interface Instrumentation {
  /**
   * Runs around each attempt to handle a message. `run` settles when the handlers have ended and all that they sent is stored, and
   * rejects with what the attempt failed by.
   */
  readonly process?: Interceptor<ObservedAttempt>;
  /** Runs around each message that is sent, published or replied, outside of all middleware; it may set headers. */
  readonly create?: Interceptor<OutgoingContext>;
  /** Runs around each append of messages that leave. `run` settles when they are stored. */
  readonly send?: Interceptor<ObservedSend>;
  /** Hears of what happens, as an endpoint's `on` does. */
  readonly on?: (event: EndpointEvent) => void;
  /** Is given each endpoint when it has started. @returns what is to be called when it stops. */
  readonly watch?: (endpoint: WatchedEndpoint) => () => void;
}

/** A running endpoint, to be asked how it is whenever somebody wants to know. */
export interface WatchedEndpoint {
  readonly components: readonly string[];
  health(): Promise<EndpointHealth>;
}

/** Makes one of several. What none of them has is undefined. */
export function combinedInstrumentation(all: readonly Instrumentation[]): Instrumentation {
  const [process, create, send] = [
    combined(all.map(({ process }) => process)),
    combined(all.map(({ create }) => create)),
    combined(all.map(({ send }) => send)),
  ];
  const observers = all.flatMap(({ on }) => (on === undefined ? [] : [guarded(on)]));
  const watchers = all.flatMap(({ watch }) => watch ?? []);
  return {
    ...(process === undefined ? {} : { process }),
    ...(create === undefined ? {} : { create }),
    ...(send === undefined ? {} : { send }),
    on(event) {
      for (const observer of observers) observer(event);
    },
    watch(endpoint) {
      const ends: (() => void)[] = [];
      watchers.forEach(guarded((watch) => void ends.push(watch(endpoint))));
      return () => ends.forEach(guarded((end) => end()));
    },
  };
}

/** What each message passes that leaves: what sees it, then the middleware. */
export const withCreate = (
  { create }: Instrumentation,
  outgoing: readonly OutgoingMiddleware[] | undefined,
): readonly OutgoingMiddleware[] | undefined => (create === undefined ? outgoing : [create, ...(outgoing ?? [])]);
