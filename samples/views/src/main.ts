import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  commandLine,
  numberOf,
  runProgram,
  SERVER_OPTIONS,
  SERVER_USAGE,
  serverChoiceOf,
  table,
} from "@sluice/sample-display";
import { demonstrate, holds, type Result } from "./demonstration.ts";

const USAGE = `A lending library: what is lent and returned is folded into SQLite, rebuilt beside the running read model and switched,
while it happens and while somebody asks over HTTP all the time. Ends with a check: exit code 0 when it holds.

  --loans N          times a book is asked for, half of them before the rebuild and half meanwhile (default 600)
  --http N           port of the queries on 127.0.0.1 (default: any that is free)
  --stay             go on answering until Ctrl-C
  --json             one line of JSON on stdout, everything else on stderr
${SERVER_USAGE}`;

const OPTIONS = {
  ...SERVER_OPTIONS,
  loans: { type: "string" },
  http: { type: "string" },
  stay: { type: "boolean" },
  json: { type: "boolean" },
} as const;

await runProgram(async ({ args, from, stopping, stdout, say }) => {
  const values = commandLine(args, OPTIONS);
  if (values.help === true) {
    stdout.write(USAGE);
    return 0;
  }
  const server = serverChoiceOf(values, from);
  const loans = numberOf("--loans", values.loans ?? "600", 2, 1_000_000);
  const http = numberOf("--http", values.http ?? "0", 0, 65_535);
  const directory = "data" in server ? join(server.data, "views") : mkdtempSync(join(tmpdir(), "sluice-views-"));
  if (!("data" in server)) process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  const leave = (): void => {
    say("Stopped before all was checked.");
    process.exit(1);
  };
  stopping.addEventListener("abort", leave);
  const done = async (result: Result): Promise<void> => {
    stdout.write(`${values.json === true ? JSON.stringify(result) : inWords(result)}\n`);
    if (values.stay !== true) return;
    stopping.removeEventListener("abort", leave);
    say("Going on answering. Ctrl-C stops.");
    await once(stopping, "abort");
  };
  return holds(await demonstrate({ server, directory, loans, http, say, done })) ? 0 : 1;
});

function inWords({ readers, events, rebuiltIn, models, queries, slowest, wrong, isEqual }: Result): string {
  const rows = readers.map(({ reader, inHand, lent }) => [String(reader), Number(inHand), Number(lent)]);
  return [
    table([["reader", "in hand", "lent"], ...rows]),
    `Rebuilt in ${rebuiltIn} ms and switched from ${models.join(" to ")}: ${events} events.`,
    `${queries} queries meanwhile, the slowest ${slowest} ms, ${wrong} of them wrong.`,
    `The rows are ${isEqual ? "" : "NOT "}what the streams say.`,
  ].join("\n");
}
