import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A program of this folder in a process of its own, once it has said its first line. */
export interface Child {
  readonly said: string;
  /** Settles when it has ended. */
  readonly exited: Promise<unknown>;
  /** `kill -9`, and waits until it is gone. */
  kill(): Promise<void>;
}

export async function startChild(file: string, ...args: readonly string[]): Promise<Child> {
  const program = spawn(process.execPath, ["--conditions=sluice-source", join(import.meta.dirname, file), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(program, "exit");
  const lines = createInterface({ input: program.stdout });
  const [said] = (await Promise.race([
    once(lines, "line"),
    exited.then(([code]) => Promise.reject(new Error(`${file} ended with ${String(code)} before it was ready`))),
  ])) as [string];
  return {
    said,
    exited,
    async kill() {
      if (program.exitCode === null && program.signalCode === null) program.kill("SIGKILL");
      await exited;
    },
  };
}
