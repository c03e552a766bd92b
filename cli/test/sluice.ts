import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";

const MAIN = join(import.meta.dirname, "../src/main.ts");

/** What a test runner tells those it starts is not for the program; what Node has compiled once need not be compiled by each. */
export const PROGRAM_ENVIRONMENT: NodeJS.ProcessEnv = {
  ...process.env,
  NODE_TEST_CONTEXT: undefined,
  NODE_COMPILE_CACHE: join(tmpdir(), "sluice-cli-compiled"),
};

/** What the program has said by its end. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface SluiceOptions {
  readonly cwd?: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly input?: string;
}

/** Runs `sluice` as users do, to its end. */
export async function sluice(
  t: TestContext,
  connection: string | undefined,
  args: readonly string[],
  options: SluiceOptions = {},
): Promise<Ended> {
  return starting(t, connection, args, options).ended;
}

/** Starts `sluice`; it is ended with the test, if not before. */
export function starting(
  t: TestContext,
  connection: string | undefined,
  args: readonly string[],
  { cwd = import.meta.dirname, environment = {}, input = "" }: SluiceOptions = {},
) {
  const child = spawn(process.execPath, ["--conditions=sluice-source", MAIN, ...args], {
    cwd,
    env: { ...PROGRAM_ENVIRONMENT, SLUICE_CONNECTION: connection, ...environment },
  });
  t.after(() => child.kill("SIGKILL"));
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (text) => (stdout += text));
  child.stderr.on("data", (text) => (stderr += text));
  child.stdin.end(input);
  const ended = once(child, "close").then(([code]): Ended => ({ code: code as number | null, stdout, stderr }));
  return { child, ended, said: () => stdout };
}
