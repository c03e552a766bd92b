import { type MeterProvider, metrics, trace, type TracerProvider } from "@opentelemetry/api";
import { combinedInstrumentation, type Instrumentation } from "../../endpoint/instrumentation.ts";
import { metering } from "./metering.ts";
import { tracing } from "./tracing.ts";

/** Where spans and measured values go. */
export interface OpenTelemetryOptions {
  /** False: no spans. Default: the provider that the application has registered. */
  readonly traces?: TracerProvider | false;
  /** False: no metrics. Default: the provider that the application has registered. */
  readonly metrics?: MeterProvider | false;
}

/** The name of the tracer and of the meter. */
const SCOPE = "@sluice/transport";

/**
 * Traces and metrics by OpenTelemetry, for endpoints and senders. A trace goes with each message in its headers (`traceparent` and
 * `tracestate`, by W3C), through routers, retries, deferral and parking. It takes `@opentelemetry/api`, an SDK that the application
 * has registered, and a context manager, as the SDK for Node has.
 *
 * ```ts
 * await startEndpoint(components, { connectionString, instrumentation: [openTelemetry()] });
 * ```
 */
export function openTelemetry(options: OpenTelemetryOptions = {}): Instrumentation {
  const { traces = trace, metrics: meters = metrics } = options;
  return combinedInstrumentation([
    ...(meters === false ? [] : [metering(meters.getMeter(SCOPE), () => performance.now())]),
    ...(traces === false ? [] : [tracing(traces.getTracer(SCOPE))]),
  ]);
}
