import { complete } from "./complete.ts";
import { live } from "./live.ts";
import { optionsOf, USAGE, UsageError } from "./options.ts";
import { show } from "./show.ts";
import { stopSignal } from "./signals.ts";
import { holds } from "./verify.ts";

/** Runs what was asked for, and answers the exit code. */
async function main(): Promise<number> {
  // npm runs this in the folder of the workspace, and says where it was called.
  const options = optionsOf(process.argv.slice(2), process.env["INIT_CWD"] ?? process.cwd());
  if (options === "help") {
    process.stdout.write(USAGE);
    return 0;
  }
  const stopping = stopSignal();
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  if (options.show !== undefined) {
    process.stdout.write(`${await show(options, options.show, say)}\n`);
    return 0;
  }
  const { orders } = options;
  if (orders === undefined) {
    await live(options, stopping, process.stdout);
    return 0;
  }
  const result = await complete({ ...options, orders }, stopping, { say, progress: progressOn(process.stderr) });
  process.stdout.write(`${options.json ? JSON.stringify(result) : inWords(result)}\n`);
  return holds(result) ? 0 : 1;
}

/** On a terminal, one line that counts up. */
function progressOn(output: NodeJS.WriteStream): (completed: number, orders: number) => void {
  let shown = -1;
  return (completed, orders) => {
    if (output.isTTY !== true || completed === shown) return;
    shown = completed;
    output.write(`\r${completed} of ${orders} orders completed${completed === orders ? "\n" : ""}`);
  };
}

function inWords({
  orders,
  completed,
  lost,
  duplicated,
  debits,
  credits,
}: Awaited<ReturnType<typeof complete>>): string {
  return `Of ${orders} orders ${completed} were completed, ${lost} lost, ${duplicated} doubled; debits ${debits} and credits ${credits} cents.`;
}

// Whoever read the output may be gone before the system is stopped.
process.stdout.on("error", () => {});
try {
  process.exit(await main());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof UsageError ? 2 : 1);
}
