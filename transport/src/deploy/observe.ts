import type { GroupState } from "../store/groups.ts";
import type { ProjectionStatus } from "../store/projections.ts";
import type { Store } from "../store/store.ts";
import { queueOf } from "../topology/queue-address.ts";
import { backfillName, filterName, routerName } from "../topology/stream-names.ts";
import { type Deployed, NOTHING_DEPLOYED } from "./deployed.ts";
import { type Statuses, statusesOf } from "./deploy-component.ts";
import { findDrift } from "./drift.ts";
import { ifRefused } from "./if-refused.ts";
import { readJournal } from "./journal.ts";
import type { Recorded } from "./plan.ts";
import { problemsOf } from "./problem.ts";
import { oldestWaiting } from "./queue-state.ts";

/** A projection of a component, as it is deployed or was left behind. */
export interface ObservedProjection {
  readonly name: string;
  readonly kind: "router" | "category router" | "filter" | "backfill";
  /** The component, or the category whose router it is. */
  readonly owner: string;
  /** Undefined where it is not there, or the caller may not see it. */
  readonly status: ProjectionStatus | undefined;
  /** Another generation has taken its place, and it was not taken away yet. */
  readonly isSuperseded: boolean;
}

/** A component as it is on a server. */
export interface ObservedComponent extends Recorded {
  readonly name: string;
  /** Undefined where there is none, or the caller may not see it. */
  readonly group: GroupState | undefined;
  /** When the oldest message that nobody has settled came into the queue; undefined where none waits. */
  readonly oldestWaiting: Date | undefined;
  readonly projections: readonly ObservedProjection[];
  /** Whether the caller may read the texts of projections, so that those that were edited are among the problems. */
  readonly seesTexts: boolean;
}

/** What of a server belongs to components. */
export interface ServerObservation {
  /** By name. Of one that was retired only the journal is left, so it is here where it was asked for. */
  readonly components: readonly ObservedComponent[];
  /** What the server runs; undefined where the caller may not see it. */
  readonly statuses: Statuses;
  /** Whether the caller may see groups: what waits, what is parked, who receives. */
  readonly seesGroups: boolean;
}

/** Components looked at side by side. */
const SIDE_BY_SIDE = 10;
const GENERATED = /^sluice\.(router|filter|backfill)\.(.+?)(?:\.(\d+))?$/;

/**
 * Looks at all components of a server: what is recorded, what runs, what waits. One call for all projections, one for all groups,
 * and a few short reads for each component. Changes nothing.
 * @param names components to look at although nothing of them may be on the server.
 * @throws ServerUnreachable; AccessRefused where journals may not be read
 */
export async function observe(store: Store, names: readonly string[]): Promise<ServerObservation> {
  const statuses = await statusesOf(store);
  const groups = await groupsOf(store);
  const inQueues = [...(groups?.keys() ?? [])];
  const generated = [...(statuses?.keys() ?? [])].flatMap((name) => GENERATED.exec(name)?.[2] ?? []);
  const candidates = [...new Set([...names, ...inQueues, ...generated])].toSorted();
  const found = await sideBySide(candidates, (name) => observeOne(store, name, statuses, groups?.get(name)));
  // A router is named after its component or after a category of it, and which of the two stands in the component's journal.
  const categories = new Set(
    found.flatMap(({ name, deployed }) => Object.keys(deployed?.routers ?? {}).filter((owner) => owner !== name)),
  );
  const isComponent = ({ name, deployed, open, group }: ObservedComponent): boolean =>
    deployed !== undefined || open !== undefined || group !== undefined || !categories.has(name);
  return { components: found.filter(isComponent), statuses, seesGroups: groups !== undefined };
}

async function observeOne(
  store: Store,
  name: string,
  statuses: Statuses,
  group: GroupState | undefined,
): Promise<ObservedComponent> {
  const { deployed, open } = await readJournal(store, name);
  const text = async (projection: string): Promise<{ readonly text: string } | undefined> => {
    if (statuses?.has(projection) !== true) return undefined;
    const last = await store.projections.lastText(projection);
    return last === undefined ? undefined : { text: last };
  };
  const recorded = deployed ?? NOTHING_DEPLOYED;
  const drift = await findDrift(text, name, recorded).catch(ifRefused(undefined));
  return {
    name,
    deployed,
    open,
    group,
    problems: [...problemsOf(name, recorded, statuses), ...(drift ?? [])],
    seesTexts: drift !== undefined,
    oldestWaiting: group && (await oldestWaiting(store, name, group)),
    projections: projectionsOf(name, recorded, statuses),
  };
}

async function groupsOf({ groups }: Store): Promise<ReadonlyMap<string, GroupState> | undefined> {
  const all = await groups.list().catch(ifRefused(undefined));
  const inQueues = all?.filter(({ stream, group }) => queueOf(group).stream === stream);
  return inQueues && new Map(inQueues.map(({ group, state }) => [group, state]));
}

/** Those that are to run, then earlier generations that are there still. Pure. */
export function projectionsOf(
  component: string,
  { group, filter, backfills, routers }: Deployed,
  statuses: Statuses,
): readonly ObservedProjection[] {
  const current = [
    ...Object.entries(routers).map(([owner, { kind, generation }]) => ({
      name: routerName(owner, generation),
      kind,
      owner,
    })),
    ...(filter === undefined || group === undefined
      ? []
      : [{ name: filterName(component, filter.generation), kind: "filter" as const, owner: component }]),
    ...backfills.map((number) => ({
      name: backfillName(component, number),
      kind: "backfill" as const,
      owner: component,
    })),
  ];
  const names = new Set(current.map(({ name }) => name));
  const earlier = [...(statuses?.keys() ?? [])].flatMap((name) => {
    const [, kind, owner = ""] = GENERATED.exec(name) ?? [];
    if (names.has(name) || (owner !== component && !(kind === "router" && owner in routers))) return [];
    const of = kind === "router" ? (routers[owner]?.kind ?? "router") : (kind as "filter" | "backfill");
    return [{ name, kind: of, owner }];
  });
  return [...current, ...earlier].map((one) => ({
    ...one,
    status: statuses?.get(one.name),
    isSuperseded: !names.has(one.name),
  }));
}

async function sideBySide<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let begin = 0; begin < items.length; begin += SIDE_BY_SIDE) {
    results.push(...(await Promise.all(items.slice(begin, begin + SIDE_BY_SIDE).map(work))));
  }
  return results;
}
