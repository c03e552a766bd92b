import type { Deployed } from "@sluice/transport/deploy";
import { backfillName, filterName, queueOf, routerName } from "@sluice/transport/topology";
import * as l10n from "@vscode/l10n";
import type { ComponentStatus } from "./component-status.ts";
import { plannedStepText } from "./component-words.ts";

/** What is deployed and what is declared of a component, in a form that shows in a comparison what deploying would change. */
export interface PlanTexts {
  readonly deployed: string;
  readonly declared: string;
}

/** Undefined where the workspace does not say what is wanted. Pure. */
export function planTexts({ name, declared, observed, plan }: ComponentStatus): PlanTexts | undefined {
  const shape = declared?.shape;
  if (shape === undefined || plan === undefined) return undefined;
  const there = observed?.deployed;
  const { filter, backfills = [], routers = {} }: Partial<Deployed> = there ?? {};
  const { stream, group } = queueOf(name);
  const groupLines = (timeout: number | undefined): readonly string[] =>
    timeout === undefined ? [] : [`group: ${stream}::${group}`, `  messageTimeout: ${timeout}`];
  const deployedLines = [
    ...groupLines(observed?.group?.messageTimeout ?? there?.group?.messageTimeout),
    ...Object.entries(routers).map(([owner, { generation }]) => `router: ${routerName(owner, generation)}`),
    ...(filter === undefined ? [] : [`filter: ${filterName(name, filter.generation)}`]),
    ...Object.entries(filter?.subscriptions ?? {})
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([pattern, { from }]) => `  ${pattern}: ${from}`),
    ...backfills.map((number) => `backfill: ${backfillName(name, number)}`),
  ];
  const hasFilter = filter !== undefined || Object.keys(shape.events).length > 0;
  const wantedLines = [
    ...groupLines(shape.messageTimeout),
    ...[name, ...Object.keys(shape.categories)].map(
      (owner) => `router: ${routerName(owner, routers[owner]?.generation)}`,
    ),
    ...(hasFilter ? [`filter: ${filterName(name, filter?.generation)}`] : []),
    ...Object.keys(shape.events)
      .toSorted()
      .map((pattern) => `  ${pattern}: ${filter?.subscriptions[pattern]?.from ?? shape.events[pattern] ?? "now"}`),
  ];
  const comments = [
    ...said(l10n.t("Deploy would:"), plan.steps.map(plannedStepText)),
    ...said(l10n.t("Prune would, when no older version runs any more:"), plan.removals.map(plannedStepText)),
    ...(plan.steps.length + plan.removals.length === 0 ? [l10n.t("There is nothing to do.")] : []),
  ];
  const head = comments.map((line) => `# ${line}`);
  const text = (lines: readonly string[]): string => [...head, "", `component: ${name}`, ...lines, ""].join("\n");
  return { deployed: text(deployedLines), declared: text(wantedLines) };
}

const said = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [title, ...lines.map((line) => `- ${line}`)];
