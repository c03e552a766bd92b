import { setTimeout as sleep } from "node:timers/promises";
import type { ConformanceClock } from "./conformance-bench.ts";
import { expectThat } from "./expect.ts";

export const REAL_CLOCK: ConformanceClock = { now: () => new Date(), sleep: (milliseconds) => sleep(milliseconds) };
const DEFAULT_PATIENCE = 30_000;
const BETWEEN_LOOKS = 10;

/**
 * Waits until `probe` says true, by the clock of the bench.
 * @param patience milliseconds that it may take.
 * @throws AssertionError that says what was expected, when it has not come about in time.
 */
export async function until(
  expected: string,
  probe: () => boolean | Promise<boolean>,
  patience = DEFAULT_PATIENCE,
  clock = REAL_CLOCK,
): Promise<void> {
  const end = clock.now().getTime() + patience;
  while (!(await probe())) {
    expectThat(clock.now().getTime() < end, `within ${patience / 1000} s ${expected}`);
    await clock.sleep(BETWEEN_LOOKS);
  }
}
