import { progressOn, runProgram, type Surroundings } from "@sluice/sample-display";
import { complete } from "./complete.ts";
import { live } from "./live.ts";
import { optionsOf, USAGE } from "./options.ts";
import { show } from "./show.ts";
import { type Audit, holds } from "./verify.ts";

await runProgram(async ({ args, from, stopping, stdout, stderr, say }: Surroundings) => {
  const options = optionsOf(args, from);
  if (options === "help") {
    stdout.write(USAGE);
    return 0;
  }
  if (options.show !== undefined) {
    stdout.write(`${await show(options, options.show, say)}\n`);
    return 0;
  }
  const { orders } = options;
  if (orders === undefined) {
    await live(options, stopping, stdout);
    return 0;
  }
  const progress = progressOn(stderr, "orders completed");
  const result = await complete({ ...options, orders }, stopping, { say, progress });
  stdout.write(`${options.json ? JSON.stringify(counts(result)) : inWords(result)}\n`);
  return holds(result) ? 0 : 1;
});

function counts({ orders, completed, lost, duplicated, debits, credits }: Audit): object {
  return { orders, completed, lost, duplicated, debits, credits };
}

function inWords({ orders, completed, lost, duplicated, debits, credits }: Audit): string {
  return `Of ${orders} orders ${completed} were completed, ${lost} lost, ${duplicated} doubled; debits ${debits} and credits ${credits} cents.`;
}
