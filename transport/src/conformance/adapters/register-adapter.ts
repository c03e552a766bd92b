import { titleOf } from "../register.ts";
import type { AdapterBench } from "./adapter-bench.ts";
import { ADAPTER_CASES } from "./adapter-cases.ts";

/**
 * Registers every case that the bench of an adapter can play.
 *
 * @param test of any runner: `test` of node:test or vitest, `it` of mocha. The runner's time limit for one test has to be longer than
 *   the bench's patience.
 * @param area what the tests' names begin with, such as the name of the bus.
 */
export function registerAdapterConformance(
  test: (name: string, fn: () => Promise<void>) => unknown,
  bench: AdapterBench,
  area: string,
): void {
  for (const adapterCase of ADAPTER_CASES) {
    if (adapterCase.needs.some((need) => bench[need] === undefined)) continue;
    void test(titleOf(adapterCase, area), () => adapterCase.run(bench));
  }
}
