import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { INSTRUMENTS, type Instrument } from "../../src/telemetry/instruments.ts";
import { MetricState } from "../../src/telemetry/prometheus/metric-state.ts";
import { prometheusName, prometheusText } from "../../src/telemetry/prometheus/text.ts";
import { parseMetrics } from "./parse-metrics.ts";

const counter: Instrument = {
  name: "test.things",
  kind: "counter",
  unit: "{thing}",
  description: "Things\nand \\ more.",
};
const histogram: Instrument = {
  name: "test.time",
  kind: "histogram",
  unit: "s",
  description: "Time.",
  buckets: [1, 2],
};

test("Prometheus text – counters, histograms and gauges have the lines that the format demands", () => {
  const state = new MetricState();
  for (const value of [0.5, 1, 1.5, 7]) state.record({ instrument: histogram, value, attributes: { to: "a" } });
  state.record({ instrument: counter, value: 1, attributes: { "sluice.said": 'a "quoted" \\ line\nand another' } });
  state.record({ instrument: INSTRUMENTS.queueLag, value: 3, attributes: {} });
  state.record({ instrument: INSTRUMENTS.queueLag, value: 2, attributes: {} });
  assert.equal(
    prometheusText(state.instruments),
    [
      "# HELP test_time_seconds Time.",
      "# TYPE test_time_seconds histogram",
      'test_time_seconds_bucket{to="a",le="1"} 2',
      'test_time_seconds_bucket{to="a",le="2"} 3',
      'test_time_seconds_bucket{to="a",le="+Inf"} 4',
      'test_time_seconds_sum{to="a"} 10',
      'test_time_seconds_count{to="a"} 4',
      "# HELP test_things_total Things\\nand \\\\ more.",
      "# TYPE test_things_total counter",
      'test_things_total{sluice_said="a \\"quoted\\" \\\\ line\\nand another"} 1',
      `# HELP sluice_queue_lag_seconds ${INSTRUMENTS.queueLag.description}`,
      "# TYPE sluice_queue_lag_seconds gauge",
      "sluice_queue_lag_seconds 2",
      "",
    ].join("\n"),
  );
});

test("Prometheus text – whatever was measured can be read back, in whatever words", () => {
  const attributes = fc.dictionary(fc.stringMatching(/^x[a-z]{1,4}(\.[a-z]{1,5})?$/), fc.string({ unit: "grapheme" }));
  const values = fc.array(fc.record({ value: fc.double({ min: 0, noNaN: true, max: 1e9 }), attributes }), {
    minLength: 1,
  });
  fc.assert(
    fc.property(values, (measured) => {
      const state = new MetricState();
      for (const { value, attributes } of measured) {
        state.record({ instrument: counter, value, attributes });
        state.record({ instrument: histogram, value, attributes });
      }
      const [counted, timed] = parseMetrics(prometheusText(state.instruments));
      const sum = measured.reduce((all, { value }) => all + value, 0);
      const total = counted!.samples.reduce((all, { value }) => all + value, 0);
      assert.ok(Math.abs(total - sum) <= 1e-6 * sum);
      const of = (suffix: string) => timed!.samples.filter(({ name }) => name === `test_time_seconds${suffix}`);
      assert.equal(
        of("_count").reduce((all, { value }) => all + value, 0),
        measured.length,
      );
      for (const { labels, value } of of("_count")) {
        const same = of("_bucket").filter((bucket) =>
          Object.entries(labels).every(([key, is]) => bucket.labels[key] === is),
        );
        assert.equal(
          Math.max(...same.filter(({ labels: { le } }) => le === "+Inf").map((bucket) => bucket.value)) >= value,
          true,
        );
      }
    }),
    { examples: [[[{ value: 0, attributes: { xa: "\u2028" } }]], [[{ value: 1, attributes: { xa: "\r" } }]]] },
  );
});

test("Prometheus text – what has too many labels counts together from some number on", () => {
  const state = new MetricState();
  for (let n = 0; n < 5_000; n += 1) state.record({ instrument: counter, value: 1, attributes: { n } });
  const [family] = parseMetrics(prometheusText(state.instruments));
  assert.equal(family!.samples.length, 2_000);
  assert.deepEqual(family!.samples.at(-1), {
    name: "test_things_total",
    labels: { otel_metric_overflow: "true" },
    value: 3_001,
  });
});

test("Prometheus text – the names of all instruments differ, and follow the rules of both", () => {
  const all: readonly Instrument[] = Object.values(INSTRUMENTS);
  assert.equal(new Set(all.map(prometheusName)).size, all.length);
  for (const { name, description } of all) {
    assert.match(name, /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$/);
    assert.match(description, /^[A-Z].*\.$/);
  }
});
