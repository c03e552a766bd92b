import type { Capabilities } from "../seam/index.ts";
import type { ConformanceBench } from "./conformance-bench.ts";
import type { ConformanceCase, Need } from "./conformance-case.ts";
import { conformanceCases } from "./conformance-cases.ts";

/** What the case needs and is not there: it cannot be played then. */
export function missingFor({ needs }: ConformanceCase, bench: ConformanceBench): readonly Need[] {
  const { capabilities } = bench;
  const isCapability = (need: Need): need is keyof Capabilities => need in capabilities;
  return needs.filter((need) => (isCapability(need) ? !capabilities[need] : bench[need] === undefined));
}

/** As a test is called: `conformance – 1. a message reaches …`. */
export function titleOf({ numbers, name }: Pick<ConformanceCase, "numbers" | "name">, area = "conformance"): string {
  return `${area} – ${[...numbers.map((number) => `${number}.`), name].join(" ")}`;
}

/**
 * Registers every case that the transport is capable of and the bench can play.
 *
 * @param test of any runner: `test` of node:test or vitest, `it` of mocha. The runner's time limit for one test has to be longer than
 *   the bench's patience.
 * @param area what the tests' names begin with. Default `conformance`.
 */
export function registerConformance(
  test: (name: string, fn: () => Promise<void>) => unknown,
  bench: ConformanceBench,
  area = "conformance",
): void {
  for (const conformanceCase of conformanceCases()) {
    if (missingFor(conformanceCase, bench).length > 0) continue;
    void test(titleOf(conformanceCase, area), () => conformanceCase.run(bench));
  }
}
