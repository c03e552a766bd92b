import type { Span, Subscriptions } from "../topology/filter.ts";

/** Message types wanted, and whether each is wanted from now on or from the start of history. */
export type Wanted = ReadonlyMap<string, "now" | "start">;

/** How a component's filter must change. */
export interface FilterPlan {
  /** Types that it passes on already and keeps, each with its position. */
  readonly kept: Subscriptions;
  /** Types to add, in order; a filter that runs must be stopped first, so that their position can be told. */
  readonly added: readonly string[];
}

/** Compares what a component wants with what its filter, if there is one, passes on. */
export function planFilter(wanted: Wanted, deployed: Subscriptions): FilterPlan {
  return {
    kept: new Map([...deployed].filter(([type]) => wanted.has(type))),
    added: [...wanted.keys()].filter((type) => !deployed.has(type)).toSorted(),
  };
}

/**
 * The subscriptions of a filter that has not passed anything over yet: history is still before it.
 * @param position where the log ends.
 */
export const firstSubscriptions = (wanted: Wanted, position: number): Subscriptions =>
  new Map([...wanted].map(([type, from]) => [type, from === "start" ? 0 : position]));

/**
 * The history to bring separately for types that a filter, stopped with the log ending at `position`, has passed over. What an
 * earlier backfill brought for a type is not brought again: a deployment that was interrupted goes on where it was.
 */
export function planBackfill(
  { added }: FilterPlan,
  wanted: Wanted,
  position: number,
  earlier: readonly ReadonlyMap<string, Span>[],
): ReadonlyMap<string, Span> {
  const spans = added
    .filter((type) => wanted.get(type) === "start")
    .map(
      (type) =>
        [type, { from: Math.max(0, ...earlier.map((spans) => spans.get(type)?.until ?? 0)), until: position }] as const,
    );
  return new Map(spans);
}
