import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parser } from "@prometheus-io/lezer-promql";
import { prometheusMetrics } from "@sluice/transport/prometheus";
import { INSTRUMENTS, type Instrument } from "../../src/telemetry/instruments.ts";
import { prometheusName } from "../../src/telemetry/prometheus/text.ts";
import { bench } from "../endpoint/harness.ts";
import { busyShop } from "./busy-shop.ts";
import { parseMetrics, type Sample } from "./parse-metrics.ts";

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}
const dashboard = JSON.parse(readFileSync(join(import.meta.dirname, "../../dashboards/sluice.json"), "utf8"));
const panels: readonly Panel[] = dashboard.panels;
const queries = panels.flatMap(({ title, targets = [] }) => targets.map((target) => ({ title, ...target })));

/** What a query asks for: metrics, the labels that it chooses them by, and those that it groups by. */
interface Asked {
  readonly selectors: readonly { readonly metric: string; readonly labels: readonly string[] }[];
  readonly grouping: readonly string[];
}

/** @throws where it is no PromQL */
function askedBy(expr: string): Asked {
  const text = expr.replaceAll("$component", "billing").replaceAll("$__rate_interval", "5m");
  const selectors: { metric: string; labels: string[] }[] = [];
  const grouping: string[] = [];
  parser.parse(text).iterate({
    enter(node) {
      const { type, from, to } = node;
      const said = text.slice(from, to);
      if (type.isError) throw new Error(`${text} is no PromQL at ${from}: ${text.slice(from)}`);
      if (type.name === "VectorSelector") selectors.push({ metric: "", labels: [] });
      const selector = selectors.at(-1);
      if (type.name === "Identifier" && selector?.metric === "") selector.metric = said;
      if (type.name === "LabelName" && node.matchContext(["GroupingLabels"])) grouping.push(said);
      else if (type.name === "LabelName") selector?.labels.push(said);
    },
  });
  return { selectors, grouping };
}

test("dashboard – what its queries ask for is in the metrics of a component to which everything has happened", async () => {
  await using b = await bench();
  const metrics = prometheusMetrics();
  const { endpoint } = await busyShop(b, [metrics]);
  const samples = parseMetrics(await metrics.text()).flatMap((family) => family.samples);
  await endpoint.stop({ deadline: 0 });
  const labelsOf = (metric: string): ReadonlySet<string> =>
    new Set(samples.filter(({ name }) => name === metric).flatMap(({ labels }: Sample) => Object.keys(labels)));

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
  const [, metric = "", label = ""] =
    /^label_values\((\w+), (\w+)\)$/.exec(dashboard.templating.list[1].definition) ?? [];
  assert.ok(labelsOf(metric).has(label), "the choice of components");
});

test("dashboard – it shows all that is measured", () => {
  const shown = queries.flatMap(({ expr }) => askedBy(expr).selectors.map(({ metric }) => metric));
  const all: readonly Instrument[] = Object.values(INSTRUMENTS);
  const missing = all.filter((one) => !shown.some((metric) => metric.replace(/_bucket$/, "") === prometheusName(one)));
  assert.deepEqual(missing, []);
});

test("dashboard – each panel has a sentence and a place of its own", () => {
  const taken = new Set<string>();
  for (const panel of dashboard.panels) {
    if (panel.type !== "row") assert.match(panel.description, /\.$/);
    const { x, y, w, h } = panel.gridPos;
    for (let column = x; column < x + w; column += 1)
      for (let line = y; line < y + h; line += 1) {
        assert.ok(column < 24 && !taken.has(`${column},${line}`), panel.title);
        taken.add(`${column},${line}`);
      }
  }
});
