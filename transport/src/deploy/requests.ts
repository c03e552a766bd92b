import type { GroupState } from "../store/groups.ts";
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
      ...(await findDrift((name) => host.projections.find(name), component, deployed)),
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
  /**
   * Milliseconds without any progress, after which a component that is still in use is not retired. An instance that has just stopped
   * takes a moment to be gone, and the server some seconds to record what it has settled. Default 10 000.
   */
  readonly settleWithin?: number;
  /** Told each time that something has changed of what is waited for. */
  readonly onWaiting?: (use: QueueUse) => void;
}

/** How far the queue of a component is in use. */
export interface QueueUse {
  /** Connections that receive from it. */
  readonly consumers: number;
  /** Messages that nobody has settled, as far as the server has recorded it. */
  readonly waiting: number;
}

const SETTLE_WITHIN = 10_000;
const LOOK_AGAIN = 100;

/** Takes a component away. */
export const retireComponent = (
  host: DeployHost,
  component: string,
  options: DeploymentOptions,
  { abandon = false, settleWithin = SETTLE_WITHIN, onWaiting }: RetireSettings,
): Promise<DeployReport> =>
  request(host, component, options, async (deployed) => {
    const { environment, signal } = options;
    let last: QueueUse | undefined;
    for (let changedAt = environment.now(); ;) {
      const found = await host.groups.find(queueOf(component));
      if (found === undefined && deployed.group === undefined) return undefined;
      const use = useOf(found);
      if (use.consumers === 0 && (use.waiting <= 0 || abandon)) return { kind: "retire" };
      if (use.consumers !== last?.consumers || use.waiting !== last.waiting) {
        changedAt = environment.now();
        onWaiting?.(use);
      }
      last = use;
      if (environment.now() - changedAt >= settleWithin) throw new NotRetirable(component, use.consumers, use.waiting);
      await environment.sleep(LOOK_AGAIN, signal);
    }
  });

const useOf = (group: GroupState | undefined): QueueUse => ({
  consumers: group?.consumers ?? 0,
  waiting: Number((group?.lastKnown ?? -1n) - (group?.checkpoint ?? -1n)),
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
