import type { Access } from "../topology/access.ts";
import type { GeneratedProjection } from "../topology/generated.ts";
import { generateFilter } from "../topology/filter.ts";
import type { Pattern } from "../topology/pattern.ts";
import { generateCategoryRouter, generateRouter, type RouterKind } from "../topology/router.ts";
import type { From } from "../topology/shape.ts";
import { backfillName } from "../topology/stream-names.ts";

/**
 * Grows with every change of the generated texts, so that an older version of this package leaves alone what a newer one has
 * deployed.
 */
export const GENERATOR = 2;

/** A subscription as it was made: both stay as they are for as long as it lasts. */
export interface Subscription {
  readonly from: From;
  /** Log position it begins at. */
  readonly since: number;
}

/** A filter as deployed. */
export interface DeployedFilter {
  readonly generation: number;
  readonly subscriptions: Readonly<Record<Pattern, Subscription>>;
}

/** A router as deployed. */
export interface DeployedRouter {
  readonly kind: RouterKind;
  readonly generation: number;
  readonly since: number;
}

/** What is deployed for a component, as the journal keeps it: generations, and where each part begins. JSON. */
export interface Deployed {
  readonly generator: number;
  /** Absent after the component was retired. */
  readonly group?: { readonly messageTimeout: number };
  /** Absent where it never subscribed to anything. */
  readonly filter?: DeployedFilter;
  /** Numbers of the backfills that are there. */
  readonly backfills: readonly number[];
  /** By owner: the component itself, or one of its categories. */
  readonly routers: Readonly<Record<string, DeployedRouter>>;
  /** Revision of the queue up to which all was settled when the component was retired. */
  readonly settled?: number;
  /** Whose its streams are; absent where nobody has said. */
  readonly access?: Access;
}

export const NOTHING_DEPLOYED: Deployed = { generator: 0, backfills: [], routers: {} };

export const routerOf = (
  component: string,
  owner: string,
  { kind, generation, since }: DeployedRouter,
): GeneratedProjection =>
  kind === "router"
    ? generateRouter(owner, { generation, since })
    : generateCategoryRouter(owner, component, { generation, since });

/** A filter's subscriptions as its text has them. */
export const sinceOf = (subscriptions: Readonly<Record<Pattern, Subscription>>): ReadonlyMap<Pattern, number> =>
  new Map(Object.entries(subscriptions).map(([pattern, { since }]) => [pattern, since]));

/** The filter and the routers as their texts must be; none after the component was retired. */
export function projectionsOf(component: string, { group, filter, routers }: Deployed): readonly GeneratedProjection[] {
  if (group === undefined) return [];
  return [
    ...(filter === undefined ? [] : [generateFilter(component, sinceOf(filter.subscriptions), filter.generation)]),
    ...Object.entries(routers).map(([owner, router]) => routerOf(component, owner, router)),
  ];
}

/** Names of all projections that are to run. */
export const namesOf = (component: string, deployed: Deployed): readonly string[] => [
  ...projectionsOf(component, deployed).map(({ name }) => name),
  ...deployed.backfills.map((number) => backfillName(component, number)),
];
