import type { Instrumentation, WatchedEndpoint } from "../../endpoint/instrumentation.ts";
import { firstMeasurements, healthMeasurements } from "../measurements.ts";
import { measuring } from "../measuring.ts";
import { MetricState } from "./metric-state.ts";
import { prometheusText } from "./text.ts";

/** What was measured, for Prometheus to scrape. */
export interface PrometheusMetrics extends Instrumentation {
  /** The type of the text, for a `content-type` header. */
  readonly contentType: string;
  /**
   * What was measured since the start, in Prometheus' text format. What waits in queues is asked of the server meanwhile; where that
   * does not tell within three seconds, it is left out. Never rejects.
   */
  text(): Promise<string>;
}

/**
 * Measures what endpoints and senders do, for Prometheus: the same as `openTelemetry()` measures, without OpenTelemetry. One may be
 * given to all endpoints and senders of a process.
 *
 * ```ts
 * const metrics = prometheusMetrics();
 * const endpoint = await startEndpoint(components, { connectionString, instrumentation: [metrics] });
 * createServer(async (_, response) => {
 *   response.setHeader("content-type", metrics.contentType).end(await metrics.text());
 * }).listen(9464, "127.0.0.1");
 * ```
 */
export function prometheusMetrics(): PrometheusMetrics {
  const state = new MetricState();
  const watched = new Set<WatchedEndpoint>();
  return {
    ...measuring(state.record, () => performance.now()),
    watch(endpoint) {
      watched.add(endpoint);
      firstMeasurements(endpoint.components).forEach(state.record);
      return () => void watched.delete(endpoint);
    },
    contentType: "text/plain; version=0.0.4; charset=utf-8",
    async text() {
      const gauges = new MetricState();
      const healths = await Promise.all([...watched].map((endpoint) => endpoint.health()));
      for (const health of healths) healthMeasurements(health).forEach(gauges.record);
      return prometheusText(new Map([...state.instruments, ...gauges.instruments]));
    },
  };
}
