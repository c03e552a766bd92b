import {
  commandLine,
  runProgram,
  SERVER_OPTIONS,
  SERVER_USAGE,
  serverChoiceOf,
  startSystem,
} from "@sluice/sample-display";
import { holds } from "./audit.ts";
import { runMorning } from "./morning.ts";
import { ORDERS } from "./orders.ts";
import { auditText } from "./show.ts";
import { system } from "./system.ts";

const USAGE = `A morning in a record shop: a process manager sees each order through, or takes back what was begun.

Places ${ORDERS.length} orders, tells what becomes of them, and checks the streams when all have ended: exit code 0 when what was shipped was paid,
once, and nothing is left of what was canceled, 1 when not. The same command on the same --data goes on where this one was killed.

  --json             place all at once; one line of JSON on stdout, everything else on stderr
${SERVER_USAGE}`;

/** Milliseconds between two orders, where a person watches. */
const PAUSE = 350;

await runProgram(async ({ args, from, stopping, stdout, say }) => {
  const values = commandLine(args, { ...SERVER_OPTIONS, json: { type: "boolean" } });
  if (values.help === true) {
    stdout.write(USAGE);
    return 0;
  }
  const json = values.json === true;
  await using running = await startSystem(serverChoiceOf(values, from), system, { sender: "customers", say });
  const result = await runMorning(running, {
    pause: json ? 0 : PAUSE,
    stopping,
    say: (line) => void (json ? say(line) : stdout.write(`${line}\n`)),
  });
  stdout.write(`${json ? JSON.stringify(result) : auditText(result)}\n`);
  return holds(result, ORDERS.length) ? 0 : 1;
});
