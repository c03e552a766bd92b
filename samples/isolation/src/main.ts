import { text } from "node:stream/consumers";
import { commandLine, runProgram, startServer, table } from "@sluice/sample-display";
import type { Cost } from "./comparing/cost.ts";
import { BESIDE, type Damage, damageOf } from "./comparing/damage.ts";
import { type Kind, startSubject } from "./comparing/start-subject.ts";

const USAGE = `Compares handlers that share the heap of their process with handlers that get one of their own for each message.

  --cost     only what it costs: throughput, latency, pauses, what is left behind
  --damage   only what a handler that misbehaves does to the messages beside its own
  --help     show this
`;

const KINDS = ["shared", "own"] as const;
const PROPERTIES_OF_A_PRICE = 2;
const ROGUES = ["looping", "sorting", "greedy", "tampering", "throwing", "prying"] as const;

await runProgram(async ({ args, stdout, stopping, say }) => {
  const values = commandLine(args, {
    cost: { type: "boolean" },
    damage: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  });
  if (values.help === true) {
    stdout.write(USAGE);
    return 0;
  }
  const isWanted = (part: "cost" | "damage"): boolean => values[part] === true || (!values.cost && !values.damage);
  if (isWanted("cost")) {
    const costs: Cost[] = [];
    for (const kind of KINDS) costs.push(await measured(kind, stopping, say));
    stdout.write(`${costTable(costs)}\n\n`);
  }
  if (isWanted("damage")) {
    const rows: string[][] = [["rule", "heap", `${BESIDE} orders beside it`, "the process", "its own order"]];
    for (const shop of ROGUES) {
      for (const kind of KINDS) {
        stopping.throwIfAborted();
        rows.push([shop, kind, ...inWords(await damageOf(kind, shop, say))]);
      }
    }
    stdout.write(`${table(rows)}\n`);
  }
  return 0;
});

async function measured(kind: Kind, stopping: AbortSignal, say: (text: string) => void): Promise<Cost> {
  stopping.throwIfAborted();
  await using server = await startServer({ memory: true, port: 0 }, say);
  const { stdout } = startSubject(kind, server.connectionString, "cost");
  return JSON.parse(stdout === null ? "" : await text(stdout)) as Cost;
}

function costTable(costs: readonly Cost[]): string {
  const row = (name: string, value: (cost: Cost) => string): string[] => [name, ...costs.map(value)];
  return table([
    ["", "one shared heap", "a heap of its own"],
    row("orders a second, many at once", ({ throughput }) => throughput.toFixed(0)),
    row("one order from sent to handled, p50", ({ median }) => `${median.toFixed(1)} ms`),
    row("the same, p99", ({ slow }) => `${slow.toFixed(1)} ms`),
    row("longest pause of the process while one order computes for 200 ms", ({ pause }) => `${pause.toFixed(0)} ms`),
    row("the 1000th order of a forgetful rule finds, of those before it", ({ remembered }) => String(remembered)),
    row("the process has grown by", ({ grown }) => `${Math.max(0, grown / 1024 / 1024).toFixed(0)} MiB`),
  ]);
}

function inWords({ right, wrong, process, reason, answered }: Damage): string[] {
  const told = answered === undefined ? "not settled" : "handled";
  const more = (answered?.length ?? 0) - PROPERTIES_OF_A_PRICE;
  const own = reason !== undefined ? `parked: ${reason}` : more > 0 ? `${told}, and told ${more} secrets` : told;
  return [wrong === 0 ? `${right} right` : `${right} right, ${wrong} wrong`, process, own];
}
