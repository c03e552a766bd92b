import {
  type Context,
  createTraceState,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  type SpanContext,
  trace,
} from "@opentelemetry/api";
import type { Headers, HeaderValue } from "../../messages/header-value.ts";

/** The headers that carry a trace, by W3C Trace Context. */
const TRACEPARENT = "traceparent";
const TRACESTATE = "tracestate";

/**
 * Writes the trace of a context into headers: by the application's propagator, which may write more, such as baggage; and where it
 * has set none, as `traceparent` all the same. A trace that is not there leaves the headers as they are.
 */
export function inject(context: Context, headers: Record<string, HeaderValue>): void {
  const span = trace.getSpanContext(context);
  if (span === undefined || !isSpanContextValid(span)) return;
  // What is there is of the span before.
  delete headers[TRACEPARENT];
  delete headers[TRACESTATE];
  propagation.inject(context, headers);
  if (headers[TRACEPARENT] !== undefined) return;
  headers[TRACEPARENT] = traceparentOf(span);
  const state = span.traceState?.serialize();
  if (state !== undefined && state !== "") headers[TRACESTATE] = state;
}

/** The context that a message was made in, by its headers; the empty one where they say nothing. */
export function extract(headers: Headers): Context {
  const context = propagation.extract(ROOT_CONTEXT, headers, GETTER);
  if (trace.getSpanContext(context) !== undefined) return context;
  const span = spanContextOf(headers[TRACEPARENT]);
  if (span === undefined) return context;
  const state = headers[TRACESTATE];
  const traceState = typeof state === "string" ? { traceState: createTraceState(state) } : {};
  return trace.setSpanContext(context, { ...span, ...traceState });
}

const GETTER = {
  keys: (headers: Headers) => Object.keys(headers),
  get: (headers: Headers, key: string) => (typeof headers[key] === "string" ? headers[key] : undefined),
};

/** `00-<trace id>-<span id>-<flags>` (W3C Trace Context, level 1). */
export const traceparentOf = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;

/** Reads a `traceparent` of any version; undefined where it is none. */
export function spanContextOf(traceparent: HeaderValue | undefined): SpanContext | undefined {
  const [, version, traceId = "", spanId = "", flags = "", more] =
    /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/.exec(String(traceparent)) ?? [];
  if (version === undefined || version === "ff" || (version === "00" && more !== undefined)) return undefined;
  const span = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(span) ? span : undefined;
}
