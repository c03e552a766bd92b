import type { GroupState } from "../store/groups.ts";
import type { Access } from "../topology/access.ts";
import { queueOf } from "../topology/queue-address.ts";
import type { ComponentShape } from "../topology/shape.ts";
import { backfillName, filterName, routerName } from "../topology/stream-names.ts";
import { accessWanted } from "./access-wanted.ts";
import { type Deployed, GENERATOR, NOTHING_DEPLOYED } from "./deployed.ts";
import { type Statuses, statusesOf } from "./deploy-component.ts";
import { findDrift } from "./drift.ts";
import { settingsFor } from "./group.ts";
import type { DeployHost } from "./host.ts";
import { ifRefused } from "./if-refused.ts";
import { type OpenDeployment, readJournal } from "./journal.ts";
import { type AccessPlan, planAccess } from "./plan-access.ts";
import type { PlannedStep } from "./planned-step.ts";
import { type Problem, problemsOf } from "./problem.ts";

/** What is deployed for a component against what it needs. */
export interface ComponentPlan {
  readonly component: string;
  /** What `deploy` would add; a start does the same. */
  readonly steps: readonly PlannedStep[];
  /** What `prune` would take away; backfills only when they have ended. */
  readonly removals: readonly PlannedStep[];
  /** What does not run as it was deployed. */
  readonly problems: readonly Problem[];
  /** A deployment that was begun and not ended yet. */
  readonly open?: OpenDeployment;
  /** Of the rights on its streams; absent where nobody has said whose they are. */
  readonly access?: AccessPlan;
}

/** What of the server a plan is made from. */
export interface Observed {
  readonly statuses: Statuses;
  readonly group: Pick<GroupState, "messageTimeout" | "maxRetryCount" | "resolvesLinks"> | undefined;
}

/** Looks at the server and plans. @throws ServerUnreachable, AccessRefused */
export async function planShape(
  host: DeployHost,
  shape: ComponentShape,
  accessOf?: (component: string) => Access | undefined,
): Promise<ComponentPlan> {
  const { deployed = NOTHING_DEPLOYED, open } = await readJournal(host, shape.name);
  const observed = { statuses: await statusesOf(host), group: await host.groups.find(queueOf(shape.name)) };
  const drift = await findDrift((name) => host.projections.find(name), shape.name, deployed).catch(ifRefused([]));
  const problems = [...problemsOf(shape.name, deployed, observed.statuses), ...drift];
  const plan = planOf(shape, { deployed, open, problems }, observed);
  const asked = accessWanted(accessOf?.(shape.name), deployed);
  const access = asked ?? deployed.access;
  if (access === undefined) return plan;
  const planned = planAccess(host, shape, deployed, access);
  // Who only looks at what was deployed may not be allowed to see rights.
  const found = await (asked === undefined ? planned.catch(ifRefused(undefined)) : planned);
  return found === undefined ? plan : { ...plan, steps: [...plan.steps, ...found.steps], access: found.plan };
}

/** What is recorded of a component, and what does not run of it. */
export interface Recorded {
  /** Undefined where nothing was ever deployed for it. */
  readonly deployed: Deployed | undefined;
  readonly open: OpenDeployment | undefined;
  readonly problems: readonly Problem[];
}

/** Plans from what was seen. Pure. */
export const planOf = (
  shape: ComponentShape,
  { deployed = NOTHING_DEPLOYED, open, problems }: Recorded,
  observed: Observed,
): ComponentPlan => ({
  component: shape.name,
  steps: stepsOf(shape, deployed, observed),
  removals: removalsOf(shape, deployed),
  problems,
  ...(open === undefined ? {} : { open }),
});

/** What is to be added. Pure. */
export function stepsOf(
  shape: ComponentShape,
  deployed: Deployed,
  { statuses, group }: Observed,
): readonly PlannedStep[] {
  const { name: component, events, categories, messageTimeout } = shape;
  const { stream, group: groupName } = queueOf(component);
  const steps: PlannedStep[] = [];
  const isMissing = (name: string): boolean => statuses?.has(name) === false;
  if (settingsFor(group, messageTimeout, true) !== undefined) {
    const action = group === undefined ? "create" : "update";
    steps.push({ kind: "group", name: `${stream}::${groupName}`, action });
  }
  const { generation = 1, subscriptions = {} } = deployed.filter ?? {};
  const filter = filterName(component, generation);
  const isOutdated = deployed.generator < GENERATOR;
  const subscribes = Object.fromEntries(Object.entries(events).filter(([pattern]) => !(pattern in subscriptions)));
  const isNew = deployed.filter === undefined;
  if (isNew ? Object.keys(events).length > 0 : isMissing(filter)) {
    const name = isNew ? filter : filterName(component, generation + 1);
    steps.push({
      kind: "projection",
      name,
      action: isMissing(filter) || statuses === undefined ? "create" : "update",
      subscribes,
    });
  } else if (Object.keys(subscribes).length > 0 || (isOutdated && !isNew)) {
    steps.push({ kind: "projection", name: filter, action: "update", subscribes });
    const history = Object.fromEntries(Object.entries(subscribes).filter(([, from]) => from === "start"));
    if (Object.keys(history).length > 0) {
      const name = backfillName(component, Math.max(0, ...deployed.backfills) + 1);
      steps.push({ kind: "projection", name, action: "create", subscribes: history });
    }
  }
  for (const owner of [component, ...Object.keys(categories).toSorted()]) {
    const router = deployed.routers[owner];
    const name = routerName(owner, router?.generation);
    if (isMissing(name)) {
      const next = router === undefined ? name : routerName(owner, router.generation + 1);
      steps.push({ kind: "projection", name: next, action: "create" });
    } else if (router === undefined || isOutdated) {
      steps.push({ kind: "projection", name, action: statuses === undefined ? "create" : "update" });
    }
  }
  return steps;
}

/** What is there and needed no more. Pure. */
export function removalsOf(
  { name: component, events, categories }: ComponentShape,
  deployed: Deployed,
): readonly PlannedStep[] {
  const { filter, backfills, routers } = deployed;
  const unsubscribes = Object.keys(filter?.subscriptions ?? {}).filter((pattern) => !(pattern in events));
  return [
    ...Object.entries(routers)
      .filter(([owner]) => owner !== component && !(owner in categories))
      .map(([owner, { generation }]) => removal(routerName(owner, generation))),
    ...backfills.map((number) => removal(backfillName(component, number))),
    ...(unsubscribes.length === 0
      ? []
      : [
          {
            kind: "projection",
            name: filterName(component, filter?.generation),
            action: "update",
            unsubscribes,
          } as const,
        ]),
  ];
}

const removal = (name: string): PlannedStep => ({ kind: "projection", name, action: "remove" });
