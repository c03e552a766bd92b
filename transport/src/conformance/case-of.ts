import type { ConformanceBench } from "./conformance-bench.ts";
import type { ConformanceCase, Need } from "./conformance-case.ts";
import { onStage, type Stage } from "./stage.ts";

/** A case that is played on a stage of its own. */
export function caseOf(
  numbers: readonly number[],
  name: string,
  needs: readonly Need[],
  play: (stage: Stage) => Promise<void>,
): ConformanceCase {
  return Object.freeze({ numbers, name, needs, run: (bench: ConformanceBench) => onStage(bench, play) });
}
