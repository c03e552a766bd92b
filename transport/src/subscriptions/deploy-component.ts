import type { Store } from "../store/store.ts";
import { queueOf } from "../topology/queue-address.ts";
import { generateCategoryRouter, generateRouter } from "../topology/router.ts";
import { ensureFilter } from "./filter.ts";
import type { Wanted } from "./filter-plan.ts";
import { ensureGroup, type GroupOptions } from "./group.ts";
import { ProjectionDeployer } from "./projection-deployer.ts";
import { requireByCategory } from "./require-by-category.ts";

/** What a deployment did, in order. */
export interface DeployReport {
  readonly steps: readonly DeployStep[];
}

export interface DeployStep {
  readonly kind: "projection" | "group";
  readonly name: string;
  readonly action: "created" | "updated" | "started" | "unchanged";
}

/** What a component needs on the server. */
export interface Needs {
  readonly name: string;
  /** Categories of its aggregates and process managers. */
  readonly categories: readonly string[];
  readonly subscriptions: Wanted;
  readonly group: GroupOptions;
}

/**
 * Creates and updates what components need: for each its group, then its filter, then its routers. So what anyone sends has a way
 * before anyone can send it, and a deployment interrupted anywhere is finished by the next one.
 * @throws ProjectionsNotRunning, ProjectionRefused, ServerUnreachable
 */
export async function deployAll(store: Store, components: readonly Needs[]): Promise<DeployReport> {
  await requireByCategory(store);
  const projections = new ProjectionDeployer(store);
  const steps: DeployStep[] = [];
  for (const { name, subscriptions, group } of components) {
    const queue = queueOf(name);
    const action = await ensureGroup(store.groups, queue, group);
    steps.push({ kind: "group", name: `${queue.stream}::${queue.group}`, action });
    for (const done of await ensureFilter(projections, name, subscriptions))
      steps.push({ kind: "projection", ...done });
  }
  for (const { name, categories } of components) {
    const routers = [
      generateRouter(name),
      ...categories.toSorted().map((category) => generateCategoryRouter(category, name)),
    ];
    for (const router of routers) {
      steps.push({
        kind: "projection",
        name: router.name,
        action: await projections.ensure(router.name, () => router),
      });
    }
  }
  return { steps };
}
