import type { ServerView } from "../server/server-watch.ts";

/** What a server tells of a component's queue. */
export interface ComponentFigures {
  /** Messages that wait, as far as the server has recorded what is handled; undefined where that is not known. */
  readonly lag: number | undefined;
  /** Failed messages that nobody has dealt with; undefined where that is not known, or not known yet. */
  readonly parked: number | undefined;
}

/** The figures of a component by what was seen of its server; undefined where nothing was seen, or it is not there. */
export function componentFigures(view: ServerView, component: string): ComponentFigures | undefined {
  if (view.kind !== "seen") return undefined;
  const group = view.observed.components.find(({ name }) => name === component)?.group;
  const parked = view.failed.get(component)?.reduce((sum, { count }) => sum + count, 0);
  if (group === undefined && parked === undefined) return undefined;
  const lag =
    group === undefined ? undefined : Math.max(0, Number((group.lastKnown ?? -1n) - (group.checkpoint ?? -1n)));
  return { lag, parked };
}
