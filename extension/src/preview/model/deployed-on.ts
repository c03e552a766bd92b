import type { ServerView } from "../../server/server-watch.ts";

/**
 * What of a server previews are compared with, as a text that is another once something was deployed, taken away or edited by hand;
 * undefined while nothing of it is seen. What waits in queues changes all the time, and is nothing to a preview.
 */
export function deployedOn(view: ServerView): { readonly connectionId: string; readonly what: string } | undefined {
  if (view.kind !== "seen") return undefined;
  const { connectionId, observed } = view;
  const components = observed.components.map(({ name, deployed, projections, problems }) => [
    name,
    deployed,
    projections.map(({ name: projection, status, isSuperseded }) => [projection, status !== undefined, isSuperseded]),
    problems.map(({ projection, why }) => [projection, why]),
  ]);
  return { connectionId, what: JSON.stringify([connectionId, components]) };
}
