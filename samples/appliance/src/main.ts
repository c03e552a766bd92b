import { join } from "node:path";
import { commandLine, numberOf, runProgram } from "@sluice/sample-display";
import { assemble } from "./image/assemble.ts";
import { installTools, requireTools, ToolsMissing } from "./image/tools.ts";
import { type Machine, MEMORY, powerOn } from "./machine.ts";
import { startOutside } from "./outside.ts";
import { measured, ORDERS } from "./measured.ts";
import { cutPowerAtRandom } from "./power-cuts.ts";

const USAGE = `Makes a machine of a component: boots it, lets it handle messages, measures, and cuts its power.

  --cuts N      cut the power at random moments this many times, and count what is lost and doubled (default 2)
  --memory MIB  of the machine (default ${MEMORY})
  --console     show what the machine writes to its console
  --install     install what is missing, by apt-get: takes root
  --help        show this

Exit code 3 where this system has not what it takes.
`;

const FOLDER = join(import.meta.dirname, "..", "..", "..", ".data", "appliance");
const TOOLS_MISSING = 3;

await runProgram(async ({ args, stdout, stderr, stopping, say }) => {
  const values = commandLine(args, {
    cuts: { type: "string" },
    memory: { type: "string" },
    console: { type: "boolean" },
    install: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  });
  if (values.help === true) {
    stdout.write(USAGE);
    return 0;
  }
  const cuts = values.cuts === undefined ? 2 : numberOf("--cuts", values.cuts, 0, 1000);
  const memory = values.memory === undefined ? MEMORY : numberOf("--memory", values.memory, 64, 65_536);
  stopping.addEventListener("abort", () => process.exit(130));
  try {
    await (values.install === true ? installTools() : requireTools());
  } catch (error) {
    if (!(error instanceof ToolsMissing)) throw error;
    say(error.message);
    return TOOLS_MISSING;
  }
  say("Putting the image together.");
  const image = await assemble(FOLDER);
  await using outside = await startOutside(say);
  const switchOn = (): Machine =>
    powerOn({
      ...image,
      port: outside.port,
      memory,
      onConsole: (text) => void (values.console === true && stderr.write(text)),
    });
  say("Power on.");
  await using machine = switchOn();
  stdout.write(`${await measured(image, outside, machine)}\n`);
  if (cuts === 0) return 0;
  const { orders, lost, doubled } = await cutPowerAtRandom(outside, machine, switchOn, {
    cuts,
    first: ORDERS,
    random: Math.random,
    say,
  });
  stdout.write(`The power was cut ${cuts} times. Of ${orders} orders ${lost} were lost, ${doubled} doubled.\n`);
  return lost + doubled === 0 ? 0 : 1;
});
