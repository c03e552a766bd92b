import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parser } from "@prometheus-io/lezer-promql";

/** A panel of the dashboard, as far as tests look at it. */
export interface Panel {
  readonly title: string;
  readonly type: string;
  readonly description: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

export const dashboard: {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
} = JSON.parse(readFileSync(join(import.meta.dirname, "../../dashboards/sluice.json"), "utf8"));

/** The queries of all panels. */
export const queries = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map((target) => ({ title, ...target })),
);

/** A query as Grafana sends it, where all components are chosen. */
export const withVariables = (expr: string, interval: string): string =>
  expr.replaceAll("$component", ".+").replaceAll("$__rate_interval", interval);

/** What a query asks for: metrics, the labels that it chooses them by, and those that it groups by. */
export interface Asked {
  readonly selectors: readonly { readonly metric: string; readonly labels: readonly string[] }[];
  readonly grouping: readonly string[];
}

/** @throws where it is no PromQL */
export function askedBy(expr: string): Asked {
  const text = withVariables(expr, "5m");
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
