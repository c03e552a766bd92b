import {
  backfillName,
  filterName,
  generateBackfill,
  generateFilter,
  readBackfill,
  readFilter,
  type Span,
} from "../topology/filter.ts";
import type { GeneratedProjection } from "../topology/generated.ts";
import { firstSubscriptions, type FilterPlan, planBackfill, planFilter, type Wanted } from "./filter-plan.ts";
import { refusalOf } from "./projection-plan.ts";
import { ProjectionRefused } from "./projection-refused.ts";
import type { ProjectionAction, ProjectionDeployer, WantedOver } from "./projection-deployer.ts";

/** What changing a filter needs of the server's projections. */
export type FilterHost = Pick<ProjectionDeployer, "find" | "ensure" | "stop" | "logEnd">;

/** What was done to a projection. */
export interface ProjectionDone {
  readonly name: string;
  readonly action: ProjectionAction;
}

/**
 * Makes a component's filter pass on the types that are wanted, while events flow: a type that is kept arrives without gap or
 * repeat, each with the position its subscription has had from the beginning.
 *
 * A type is added to a filter while it stands still, so that its position is exactly where the filter goes on: everything before
 * is history, everything after is passed on, also when the filter is reset. Interrupted anywhere, a later call goes on.
 */
export async function ensureFilter(
  projections: FilterHost,
  component: string,
  wanted: Wanted,
): Promise<readonly ProjectionDone[]> {
  const name = filterName(component);
  const deployed = await projections.find(name);
  if (deployed === undefined) {
    if (wanted.size === 0) return [];
    const first = generateFilter(component, firstSubscriptions(wanted, await projections.logEnd()));
    return [{ name, action: await projections.ensure(name, keepingOf(component, wanted, first)) }];
  }
  const refusal = refusalOf(deployed.text, { kind: "filter", component });
  if (refusal !== undefined) throw new ProjectionRefused(name, refusal.refused, deployed.status, deployed.reason);
  const plan = planFilter(wanted, readFilter(deployed.text));
  if (plan.added.length === 0) {
    const keeping = keepingOf(component, wanted, generateFilter(component, plan.kept));
    return [{ name, action: await projections.ensure(name, keeping) }];
  }
  // Recovers one that was aborted, and refuses one that has faulted, before anything is done to it.
  if (deployed.state !== "stopped") {
    const asItIs = { ...generateFilter(component, plan.kept), text: deployed.text };
    await projections.ensure(name, () => asItIs);
    await projections.stop(name);
  }
  const position = await projections.logEnd();
  const backfills = await ensureBackfill(projections, component, plan, wanted, position);
  const added = plan.added.map((type) => [type, position] as const);
  const filter = generateFilter(component, new Map([...plan.kept, ...added]));
  return [...backfills, { name, action: await projections.ensure(name, keepingOf(component, wanted, filter)) }];
}

/**
 * The filter as planned, unless another instance was quicker: where all that is wanted is subscribed to already, its positions stay,
 * so that instances that start together do not take turns in replacing each other's text.
 */
function keepingOf(component: string, wanted: Wanted, planned: GeneratedProjection): WantedOver {
  return (deployed) => {
    if (deployed === undefined || refusalOf(deployed.text, planned) !== undefined) return planned;
    const { kept, added } = planFilter(wanted, readFilter(deployed.text));
    return added.length === 0 ? generateFilter(component, kept) : planned;
  };
}

async function ensureBackfill(
  projections: FilterHost,
  component: string,
  plan: FilterPlan,
  wanted: Wanted,
  position: number,
): Promise<readonly ProjectionDone[]> {
  const earlier: ReadonlyMap<string, Span>[] = [];
  for (;;) {
    const found = await projections.find(backfillName(component, earlier.length + 1));
    if (found === undefined) break;
    earlier.push(readBackfill(found.text));
  }
  const spans = planBackfill(plan, wanted, position, earlier);
  if (spans.size === 0) return [];
  const backfill = generateBackfill(component, earlier.length + 1, spans);
  return [{ name: backfill.name, action: await projections.ensure(backfill.name, () => backfill) }];
}
