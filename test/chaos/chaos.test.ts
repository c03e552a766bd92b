import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { test } from "node:test";
import { chaos } from "./run.ts";

const { SLUICE_CHAOS_SEED: seed, SLUICE_CHAOS_RUNS: runs, SLUICE_CHAOS_ORDERS: orders } = process.env;
/** Each holds every kind of fault. */
const SHORT = [20_261_129, 17];
/** A seed that is asked for, or that many random ones, or the fixed ones where nobody waits long. */
const seeds =
  seed !== undefined
    ? [Number(seed)]
    : runs !== undefined
      ? Array.from({ length: Number(runs) }, () => randomInt(2 ** 31))
      : SHORT;
const isLong = orders !== undefined;

for (const one of seeds) {
  test(`chaos – seed ${one}: nothing acknowledged is lost, nothing is done twice, order is kept, nothing is parked but poison`, async (t) => {
    const report = await chaos({
      seed: one,
      orders: Number(orders ?? 40),
      rounds: isLong ? Math.ceil(Number(orders) / 30) : 4,
      faultsInRound: isLong ? 3 : 4,
      instances: isLong ? 3 : 2,
    });
    t.diagnostic(`${report.entries} entries, ${report.faults.length} things that went wrong`);
    if (process.env["SLUICE_CHAOS_TELL"] !== undefined) for (const line of report.faults) t.diagnostic(line);
    const again = `SLUICE_CHAOS_SEED=${one}${isLong ? ` SLUICE_CHAOS_ORDERS=${orders}` : ""} repeats the plan.`;
    assert.equal(report.complaints.length, 0, [again, ...report.complaints, "", ...report.faults].join("\n"));
  });
}
