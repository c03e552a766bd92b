import assert from "node:assert/strict";
import { test } from "node:test";
import { DataPointType, MeterProvider, type MetricData, MetricReader } from "@opentelemetry/sdk-metrics";
import { openTelemetry } from "@sluice/transport/opentelemetry";
import { prometheusMetrics } from "@sluice/transport/prometheus";
import { bench } from "../endpoint/harness.ts";
import { INSTRUMENTS } from "../../src/telemetry/instruments.ts";
import { prometheusName } from "../../src/telemetry/prometheus/text.ts";
import { busyShop } from "./busy-shop.ts";
import { type Family, parseMetrics, type Sample } from "./parse-metrics.ts";

class PullReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

test("metrics – 58. handled, failed, retried, parked, queue length, lag, processing and critical time; the same by OpenTelemetry and for Prometheus", async () => {
  await using b = await bench();
  const reader = new PullReader();
  const metrics = prometheusMetrics();
  const { billing, endpoint } = await busyShop(b, [
    metrics,
    openTelemetry({ traces: false, metrics: new MeterProvider({ readers: [reader] }) }),
  ]);
  const families = parseMetrics(await metrics.text());
  const { resourceMetrics, errors } = await reader.collect();
  await endpoint.stop({ deadline: 0 });
  assert.deepEqual(errors, []);

  const value = (name: string, labels: Readonly<Record<string, string>> = {}): number =>
    samplesOf(families, name, labels).reduce((sum, sample) => sum + sample.value, 0);
  const ofBilling = { sluice_component: billing };
  assert.equal(value("sluice_messages_handled_total", { ...ofBilling, sluice_message_type: `${billing}.Charge` }), 2);
  assert.equal(value("sluice_messages_failed_total", { ...ofBilling, error_type: "RangeError" }), 4);
  assert.equal(value("sluice_messages_retried_total", { ...ofBilling, sluice_retry: "immediate" }), 2);
  assert.equal(value("sluice_messages_retried_total", { ...ofBilling, sluice_retry: "delayed" }), 1);
  assert.equal(value("sluice_messages_parked_total", { ...ofBilling, error_type: "RangeError" }), 1);
  assert.equal(value("sluice_messages_dropped_total", { ...ofBilling, sluice_reason: "expired" }), 1);
  assert.equal(value("sluice_queue_parked", ofBilling), 1);
  assert.ok(value("sluice_queue_consumers", ofBilling) >= 1);
  assert.equal(value("sluice_component_health", ofBilling), 0.5, "a message is parked");
  assert.ok(value("sluice_queue_length", ofBilling) > 0, "one is handled, one waits");
  assert.ok(value("sluice_queue_lag_seconds", ofBilling) > 0);
  const processed = { ...ofBilling, messaging_operation_name: "process" };
  assert.equal(value("messaging_process_duration_seconds_count", processed), 6);
  assert.equal(value("messaging_process_duration_seconds_count", { ...processed, error_type: "RangeError" }), 4);
  assert.equal(value("messaging_client_consumed_messages_total", processed), 6);
  assert.equal(value("sluice_message_critical_time_seconds_count", ofBilling), 2);
  const sent = {
    messaging_operation_name: "send",
    messaging_destination_name: billing,
    messaging_system: "eventstoredb",
  };
  assert.equal(value("messaging_client_sent_messages_total", sent), 6);

  const measured = resourceMetrics.scopeMetrics.flatMap(({ metrics: each }) => each);
  const byName = (texts: readonly string[]): readonly string[] => texts.toSorted();
  assert.deepEqual(byName(measured.flatMap(seriesOf)), byName(families.flatMap(seriesOfFamily)));
});

const samplesOf = (
  families: readonly Family[],
  name: string,
  labels: Readonly<Record<string, string>>,
): readonly Sample[] =>
  families
    .flatMap(({ samples }) => samples)
    .filter((sample) => sample.name === name && Object.entries(labels).every(([key, is]) => sample.labels[key] === is));

/** What both must agree on: each series, and its value, but for what passes of time between two looks. */
function seriesOf({ descriptor, dataPoints, dataPointType }: MetricData): readonly string[] {
  const instrument = Object.values(INSTRUMENTS).find(({ name }) => name === descriptor.name);
  assert.ok(instrument, descriptor.name);
  assert.deepEqual([descriptor.unit, descriptor.description], [instrument.unit, instrument.description]);
  return dataPoints.map(({ attributes, value }) => {
    const labels = Object.entries(attributes).map(([key, is]) => `${key.replaceAll(/\W/g, "_")}=${String(is)}`);
    const counted = dataPointType === DataPointType.HISTOGRAM ? (value as { count: number }).count : Number(value);
    return inWords(prometheusName(instrument), labels, counted);
  });
}

function seriesOfFamily({ name, type, samples }: Family): readonly string[] {
  const counted = type === "histogram" ? `${name}_count` : name;
  return samples
    .filter((sample) => sample.name === counted)
    .map(({ labels, value }) =>
      inWords(
        name,
        Object.entries(labels).map(([key, is]) => `${key}=${is}`),
        value,
      ),
    );
}

const inWords = (name: string, labels: readonly string[], value: number): string =>
  `${name} ${labels.toSorted().join(",")} ${name.includes("_lag_") ? "passes" : value}`;
