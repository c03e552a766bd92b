import { join } from "node:path";
import { commandLine, numberOf, runProgram, table } from "@sluice/sample-display";
import { assemble, type Image } from "./image/assemble.ts";
import { installTools, requireTools, ToolsMissing } from "./image/tools.ts";
import { type Machine, MEMORY, powerOn } from "./machine.ts";
import { type Outside, startOutside } from "./outside.ts";
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
/** Orders for the figure of throughput. */
const ORDERS = 200;

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
    first: ORDERS + 1,
    random: Math.random,
    say,
  });
  stdout.write(`The power was cut ${cuts} times. Of ${orders} orders ${lost} were lost, ${doubled} doubled.\n`);
  return lost + doubled === 0 ? 0 : 1;
});

async function measured(image: Image, outside: Outside, machine: Machine): Promise<string> {
  const failed = machine.off.then(() => {
    throw new Error("The machine switched itself off. Start with --console to see why.");
  });
  const on = performance.now();
  await outside.order(0, 1);
  await Promise.race([outside.until(() => outside.prices.size === 1), failed]);
  const first = performance.now() - on;
  await Promise.race([outside.until(() => outside.started() !== undefined), failed]);
  const facts = outside.started();
  if (facts === undefined) throw new Error("The machine has started and said nothing of it.");
  const began = performance.now();
  await outside.order(1, ORDERS);
  await Promise.race([outside.until(() => outside.prices.size === ORDERS + 1), failed]);
  const rate = (ORDERS * 1000) / (performance.now() - began);
  const unpacked = [...image.files.values()].reduce((sum, size) => sum + size, 0);
  const component = [...image.files].reduce(
    (sum, [path, size]) => (path.startsWith("/component/") ? sum + size : sum),
    0,
  );
  return table([
    ["what", "measured"],
    ["the kernel, as it is in Debian's package", megabytes(image.kernelSize)],
    ["the file system, compressed", megabytes(image.initramfsSize)],
    [`the same, unpacked: ${image.files.size} files`, megabytes(unpacked)],
    ["of that the component with all it imports", megabytes(component)],
    ["from power on to the first handled message", `${(first / 1000).toFixed(1)} s`],
    ["memory that the machine has", megabytes(facts.memory * 1024)],
    ["of that taken, file system and kernel included", megabytes(facts.taken * 1024)],
    ["of that the component's process", megabytes(facts.resident * 1024)],
    ["orders a second, each in a heap of its own", rate.toFixed(0)],
    ["processes besides the kernel's own", `${facts.processes.join(", ")} (id ${facts.pid})`],
    ["sockets that listen", String(facts.listening)],
    ["files, those of /dev included", String(facts.files.length)],
    ["shells, users, packages, disks, other programs", othersIn(facts.files)],
    ["addresses that answer, of four it tried", facts.reached.join(", ")],
  ]);
}

/** What is in a machine besides what it cannot do without. */
function othersIn(files: readonly string[]): string {
  const needed = /^\/(init|node|component\/.*|modules\/.*\.ko|lib(64)?\/.*\.so\.\d+|dev\/(console|null))$/;
  const others = files.filter((path) => !needed.test(path));
  return others.length === 0 ? "none" : others.join(", ");
}

const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
