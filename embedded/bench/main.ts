/**
 * How fast the embedded server is, beside what nothing on this machine could beat: a gRPC server that does nothing, the
 * disk alone, QuickJS alone.
 *
 *   npm run bench -w embedded [-- --only NAME] [--seconds 2] [--rounds 5] [--full] [--json] [--profile DIR]
 *
 * Machines differ and are never alone, so only the ratios count: those who are compared run one after the other, in rounds,
 * and the median of the rounds' ratios is shown.
 */
import { parseArgs } from "node:util";
import { Bench, type BenchOptions, type Case } from "./bench.ts";
import { appendCases } from "./cases/appends.ts";
import { atRest } from "./cases/at-rest.ts";
import { diskBytes } from "./cases/disk-bytes.ts";
import { flatnessCases } from "./cases/flatness.ts";
import { persistentSubscription } from "./cases/persistent-subscription.ts";
import { projectionCases } from "./cases/projections.ts";
import { readCases } from "./cases/reads.ts";
import { slowScriptCases } from "./cases/slow-scripts.ts";
import { json, type Result, table } from "./report.ts";

const cases: readonly Case[] = [
  ...appendCases,
  diskBytes,
  ...readCases,
  persistentSubscription,
  ...projectionCases,
  ...slowScriptCases,
  atRest,
  ...flatnessCases,
];

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    seconds: { type: "string", default: "2" },
    rounds: { type: "string", default: "5" },
    full: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    profile: { type: "string" },
  },
});
const options: BenchOptions = {
  seconds: Number(values.seconds),
  rounds: Number(values.rounds),
  isFull: values.full,
  profile: values.profile,
};
const unknown = values.only?.find((name) => cases.every((one) => one.name !== name));
if (unknown !== undefined || !(options.seconds > 0) || !(options.rounds >= 1)) {
  console.error(
    `--only takes one of: ${cases.map(({ name }) => name).join(", ")}. --seconds and --rounds take numbers.`,
  );
  process.exit(2);
}

const results: Result[] = [];
for (const { name, measure } of cases) {
  if (values.only !== undefined && !values.only.includes(name)) continue;
  const bench = new Bench(options);
  try {
    const result = { name, figures: await measure(bench) };
    results.push(result);
    if (!values.json) console.log(table(result));
  } finally {
    await bench.end();
  }
}
if (values.json) console.log(json(results, options));
