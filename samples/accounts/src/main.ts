import {
  commandLine,
  displayOn,
  numberOf,
  runProgram,
  SERVER_OPTIONS,
  SERVER_USAGE,
  serverChoiceOf,
  startSystem,
} from "@sluice/sample-display";
import { holds } from "./audit.ts";
import { accountTable, auditText, beginning, booksTable, transferLine } from "./show.ts";
import { system } from "./system.ts";
import { runTransfers } from "./transfers.ts";

const USAGE = `Transfers money between accounts that may refuse: both entries are written, or neither is.

Asks for transfers, shows what becomes of them, and checks the streams when all are settled: exit code 0 when money was neither made
nor lost and no entry stands alone, 1 when not. The same command on the same --data goes on where this one was killed.

  --transfers N      how many (default 60)
  --json             ask for all at once; one line of JSON on stdout, everything else on stderr
${SERVER_USAGE}`;

/** Milliseconds between two transfers, where a person watches. */
const PAUSE = 90;

await runProgram(async ({ args, from, stopping, stdout, stderr, say }) => {
  const values = commandLine(args, {
    ...SERVER_OPTIONS,
    transfers: { type: "string" },
    json: { type: "boolean" },
  });
  if (values.help === true) {
    stdout.write(USAGE);
    return 0;
  }
  const transfers = numberOf("--transfers", values.transfers ?? "60", 1, 10_000);
  const json = values.json === true;
  const display = displayOn(json ? stderr : stdout);
  await using running = await startSystem(serverChoiceOf(values, from), system, { sender: "customers", say });
  const pause = json ? 0 : PAUSE;
  const { accounts, ...result } = await runTransfers(
    running,
    { transfers, pause, stopping },
    {
      begun: (before) => display.say(beginning(transfers, before)),
      ended: (transfer, reason, books, over) => {
        if (json && over % 10 === 0) display.say(`${over} of ${transfers} are over.`);
        if (!json) display.say(transferLine(transfer, reason));
        if (!json && stdout.isTTY === true) display.show(booksTable(books));
      },
    },
  );
  if (!json) display.show(accountTable(accounts));
  stdout.write(`${json ? JSON.stringify(result) : auditText(result)}\n`);
  return holds(result) ? 0 : 1;
});
