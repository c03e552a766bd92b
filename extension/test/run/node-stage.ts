import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { type Counts, countsOf } from "./counted.ts";

const repository = join(import.meta.dirname, "..", "..", "..");

/** Runs tests of `node:test` by the repository's own runner. @param args patterns of files, and the runner's options */
export async function runNodeTests(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Counts> {
  const child = spawn(process.execPath, ["--conditions=sluice-source", "test/run.ts", ...args], {
    cwd: repository,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    process.stdout.write(chunk);
  });
  const [code] = await once(child, "close");
  return countsOf(output, code === 0);
}
