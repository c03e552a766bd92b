import { readFilter } from "../topology/filter.ts";
import { type Deployed, projectionsOf } from "./deployed.ts";
import type { Problem } from "./problem.ts";
import { refusalOf } from "./projection-plan.ts";

/**
 * Compares the texts of a component's projections with what the journal says: those that were edited by hand, had an older text put
 * back, or are somebody else's.
 * @param find the projection as it is now; undefined where there is none.
 * @throws AccessRefused: texts are the administrators' to read.
 */
export async function findDrift(
  find: (name: string) => Promise<{ readonly text: string } | undefined>,
  component: string,
  deployed: Deployed,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const wanted of projectionsOf(component, deployed)) {
    const found = await find(wanted.name);
    if (found === undefined || found.text === wanted.text) continue;
    const why = refusalOf(found.text, wanted)?.refused ?? (isOlder(found.text, deployed) ? "edited" : undefined);
    if (why === undefined) continue;
    const reason = why === "edited" ? "its text is not the one that was deployed" : "its text is of something else";
    problems.push({ component, projection: wanted.name, why, reason });
  }
  return problems;
}

const isOlder = (text: string, { filter }: Deployed): boolean => {
  const since = readFilter(text);
  return (
    text.startsWith("// sluice filter") &&
    Object.keys(filter?.subscriptions ?? {}).some((pattern) => !since.has(pattern))
  );
};
