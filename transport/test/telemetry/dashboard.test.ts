import assert from "node:assert/strict";
import { test } from "node:test";
import { prometheusMetrics } from "@sluice/transport/prometheus";
import { INSTRUMENTS, type Instrument } from "../../src/telemetry/instruments.ts";
import { prometheusName } from "../../src/telemetry/prometheus/text.ts";
import { bench, until } from "../endpoint/harness.ts";
import { busyShop } from "./busy-shop.ts";
import { askedBy, dashboard, queries, withVariables } from "./dashboard.ts";
import { parseMetrics } from "./parse-metrics.ts";
import { PROMETHEUS, startPrometheus } from "./prometheus-process.ts";

test("dashboard – what its queries ask for is in the metrics of a component to which everything has happened", async () => {
  await using b = await bench();
  const metrics = prometheusMetrics();
  const { endpoint } = await busyShop(b, [metrics]);
  const samples = parseMetrics(await metrics.text()).flatMap((family) => family.samples);
  await endpoint.stop({ deadline: 0 });
  const labelsOf = (metric: string): ReadonlySet<string> =>
    new Set(samples.filter(({ name }) => name === metric).flatMap(({ labels }) => Object.keys(labels)));

  for (const { title, expr, legendFormat } of queries) {
    const { selectors, grouping } = askedBy(expr);
    assert.notEqual(selectors.length, 0, `${title} asks for nothing`);
    for (const { metric, labels } of selectors) {
      const there = labelsOf(metric);
      assert.notEqual(there.size, 0, `${title}: there is no ${metric}`);
      for (const label of [...labels, ...grouping]) assert.ok(there.has(label), `${title}: ${metric} has no ${label}`);
    }
    const legend = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = ""]) => label);
    for (const label of legend) assert.ok(grouping.includes(label), `${title}: its legend has no ${label}`);
  }
  const choice = dashboard.templating.list.find(({ name }) => name === "component")?.definition ?? "";
  const [, metric = "", label = ""] = /^label_values\((\w+), (\w+)\)$/.exec(choice) ?? [];
  assert.ok(labelsOf(metric).has(label), "the choice of components");
});

test(
  "dashboard – Prometheus itself reads the metrics and answers each query",
  { skip: PROMETHEUS === undefined && "Prometheus is not installed" },
  async () => {
    await using b = await bench();
    const metrics = prometheusMetrics();
    await using prometheus = await startPrometheus(metrics);
    const { endpoint } = await busyShop(b, [metrics]);
    for (const { title, expr } of queries)
      await until(`${title} has an answer to ${expr}`, () => prometheus.answers(withVariables(expr, "1m")));
    await endpoint.stop({ deadline: 0 });
  },
);

test("dashboard – it shows all that is measured", () => {
  const shown = queries.flatMap(({ expr }) => askedBy(expr).selectors.map(({ metric }) => metric));
  const all: readonly Instrument[] = Object.values(INSTRUMENTS);
  const missing = all.filter((one) => !shown.some((metric) => metric.replace(/_bucket$/, "") === prometheusName(one)));
  assert.deepEqual(missing, []);
});

test("dashboard – each panel has a sentence and a place of its own", () => {
  const taken = new Set<string>();
  for (const { type, title, description, gridPos } of dashboard.panels) {
    if (type !== "row") assert.match(description, /\.$/);
    const { x, y, w, h } = gridPos;
    for (let column = x; column < x + w; column += 1)
      for (let line = y; line < y + h; line += 1) {
        assert.ok(column < 24 && !taken.has(`${column},${line}`), title);
        taken.add(`${column},${line}`);
      }
  }
});
