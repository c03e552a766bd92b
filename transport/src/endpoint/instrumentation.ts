import { guarded } from "../eventstoredb/guarded.ts";
import type { Interceptor } from "../eventstoredb/interceptor.ts";
import {
  combinedInterceptors,
  toldToAll,
  type TransportInstrumentation,
} from "../eventstoredb/transport-instrumentation.ts";
import type { OutgoingContext, OutgoingMiddleware } from "../pipeline/outgoing.ts";
import type { EndpointEvent } from "./endpoint-event.ts";
import type { EndpointHealth } from "./health.ts";

/**
 * Sees what an endpoint or a sender does, for traces and metrics: `openTelemetry()` of `@sluice/transport/opentelemetry` and
 * `prometheusMetrics()` of `@sluice/transport/prometheus` make one each. All parts are optional, and cost nothing where nobody has
 * them. It changes nothing of what becomes of a message; what it throws is told as a warning.
 */
export interface Instrumentation extends Pick<TransportInstrumentation, "process" | "send"> {
  /** Runs around each message that is sent, published or replied, outside of all middleware; it may set headers. */
  readonly create?: Interceptor<OutgoingContext>;
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
  const watchers = all.flatMap(({ watch }) => watch ?? []);
  return {
    ...combinedInterceptors(all),
    on: toldToAll(all.map(({ on }) => on)),
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
