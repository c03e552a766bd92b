import type { FoldEntry } from "../declare/view.ts";

/** Finds the fold for an event: that of its own type, else of the nearest base type, else of the longest wildcard (`sales.*`). */
export function foldTable<State>(
  folds: readonly FoldEntry<State>[],
): (type: string, baseTypes: readonly string[]) => FoldEntry<State> | undefined {
  const byType = new Map(folds.map((fold) => [fold.on.type, fold]));
  const wildcards = folds
    .filter(({ on }) => on.type.endsWith(".*"))
    .map((fold) => ({ fold, prefix: fold.on.type.slice(0, -1) }))
    .toSorted((one, other) => other.prefix.length - one.prefix.length);
  return (type, baseTypes) => {
    for (const known of [type, ...baseTypes]) {
      const fold = byType.get(known);
      if (fold !== undefined) return fold;
    }
    return wildcards.find(({ prefix }) => type.startsWith(prefix))?.fold;
  };
}
