import { queueOf } from "../topology/queue-address.ts";
import type { Pattern } from "../topology/pattern.ts";
import type { ComponentShape } from "../topology/shape.ts";
import type { Change, DeployStep } from "./change.ts";
import type { Deployed } from "./deployed.ts";
import { type DeployReport, statusesOf } from "./deploy-component.ts";
import { change, type DeploymentOptions } from "./deployment.ts";
import { findDrift } from "./drift.ts";
import type { DeployHost } from "./host.ts";
import { NotDeployed } from "./not-deployed.ts";
import { NotRetirable } from "./not-retirable.ts";
import { removalsOf } from "./plan.ts";
import { type Problem, problemsOf } from "./problem.ts";

/** Takes away what components need no more. */
export async function pruneShapes(
  host: DeployHost,
  shapes: readonly ComponentShape[],
  options: DeploymentOptions,
): Promise<DeployReport> {
  const steps: DeployStep[] = [];
  const problems: Problem[] = [];
  for (const shape of shapes) {
    const report = await request(host, shape.name, options, async (deployed) =>
      removalsOf(shape, deployed).length === 0 ? undefined : { kind: "prune", shape },
    );
    steps.push(...report.steps);
    problems.push(...report.problems);
  }
  return { steps, problems };
}

/** Takes one subscription of a component away; the others go on without gap or repeat. */
export const unsubscribe = (
  host: DeployHost,
  component: string,
  pattern: Pattern,
  options: DeploymentOptions,
): Promise<DeployReport> =>
  request(host, component, options, async ({ filter, routers, group }) => {
    const { [pattern]: left, ...kept } = filter?.subscriptions ?? {};
    if (left === undefined || group === undefined) return undefined;
    const from = Object.entries(kept).map(([of, subscription]) => [of, subscription.from]);
    const categories = Object.keys(routers).filter((owner) => owner !== component);
    const shape: ComponentShape = {
      name: component,
      commands: [],
      replies: [],
      events: Object.fromEntries(from),
      categories: Object.fromEntries(categories.map((category) => [category, "now"])),
      messageTimeout: group.messageTimeout,
    };
    return { kind: "prune", shape };
  });

/** Puts new generations in the place of what has faulted, was edited or deleted. */
export const repairComponent = (
  host: DeployHost,
  component: string,
  options: DeploymentOptions,
): Promise<DeployReport> =>
  request(host, component, options, async (deployed) => {
    const problems = [
      ...problemsOf(component, deployed, await statusesOf(host)).filter(({ why }) => why !== "stopped"),
      ...(await findDrift(host, component, deployed)),
    ];
    const projections = [
      ...new Set(problems.filter(({ why }) => why !== "foreign").map(({ projection }) => projection)),
    ];
    return projections.length === 0 ? undefined : { kind: "repair", projections };
  });

/** How far a component may be in use when it is taken away. */
export interface RetireSettings {
  /** Leaves messages that wait in its queue unhandled. Default false: then it is not retired before they are handled. */
  readonly abandon?: boolean;
}

/** Takes a component away. */
export const retireComponent = (
  host: DeployHost,
  component: string,
  options: DeploymentOptions,
  { abandon = false }: RetireSettings,
): Promise<DeployReport> =>
  request(host, component, options, async (deployed) => {
    const found = await host.groups.find(queueOf(component));
    if (found === undefined && deployed.group === undefined) return undefined;
    const waiting = Number((found?.lastKnown ?? -1n) - (found?.checkpoint ?? -1n));
    const consumers = found?.consumers ?? 0;
    if (consumers > 0 || (waiting > 0 && !abandon)) throw new NotRetirable(component, consumers, waiting);
    return { kind: "retire" };
  });

async function request(
  host: DeployHost,
  component: string,
  options: DeploymentOptions,
  decide: (deployed: Deployed) => Promise<Change | undefined>,
): Promise<DeployReport> {
  const steps: DeployStep[] = [];
  const done = (step: DeployStep): void => {
    steps.push(step);
    options.done(step);
  };
  const deployed = await change(host, component, { ...options, done }, async (journaled) => {
    if (journaled === undefined) throw new NotDeployed(component);
    return decide(journaled);
  });
  return { steps, problems: problemsOf(component, deployed, await statusesOf(host)) };
}
