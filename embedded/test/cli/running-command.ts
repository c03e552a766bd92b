import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";

const main = join(import.meta.dirname, "../../src/cli/main.ts");

/** The program, run with these arguments until it ends or the test does. */
export const running = (t: TestContext, ...args: readonly string[]) =>
  started(t, process.execPath, ["--conditions=sluice-source", main, ...args]);

/** The same, where no file may become larger than `blocks` of 512 bytes. */
export const runningLimited = (t: TestContext, blocks: number, ...args: readonly string[]) =>
  started(t, "sh", [
    "-c",
    `ulimit -f ${blocks}; exec "$0" "$@"`,
    process.execPath,
    "--conditions=sluice-source",
    main,
    ...args,
  ]);

function started(t: TestContext, command: string, args: readonly string[]) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  t.after(() => child.kill("SIGKILL"));
  let errors = "";
  child.stderr.on("data", (text) => {
    errors += text;
  });
  const reader = createInterface({ input: child.stdout });
  const all: string[] = [];
  reader.on("line", (line) => all.push(line));
  const lines = reader[Symbol.asyncIterator]();
  const ended = once(child, "close");
  return {
    child,
    /** The next line of its output. */
    line: async () => String((await lines.next()).value),
    end: async () => ({ code: (await ended)[0] as number | null, errors, lines: all }),
  };
}
