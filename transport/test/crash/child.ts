import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A program of this folder in a process of its own, once it has said its first line. */
export interface Child {
  readonly said: string;
  /** All that it has said. */
  readonly lines: readonly string[];
  /** Settles when it has ended. */
  readonly exited: Promise<unknown>;
  signal(name: NodeJS.Signals): void;
  /** `kill -9`, and waits until it is gone. */
  kill(): Promise<void>;
}

export async function startChild(file: string, ...args: readonly string[]): Promise<Child> {
  const program = spawn(process.execPath, ["--conditions=sluice-source", join(import.meta.dirname, file), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(program, "exit");
  const output = createInterface({ input: program.stdout });
  const lines: string[] = [];
  output.on("line", (line) => void lines.push(line));
  const [said] = (await Promise.race([
    once(output, "line"),
    exited.then(([code]) => Promise.reject(new Error(`${file} ended with ${String(code)} before it was ready`))),
  ])) as [string];
  return {
    said,
    lines,
    exited,
    signal: (name) => void program.kill(name),
    async kill() {
      if (program.exitCode === null && program.signalCode === null) program.kill("SIGKILL");
      await exited;
    },
  };
}

/** Processes of one program; those that still run are killed when it is disposed of. */
export interface Crew extends AsyncDisposable {
  readonly children: readonly Child[];
  start(): Promise<Child>;
}

export function crew(file: string, ...args: readonly string[]): Crew {
  const children: Child[] = [];
  return {
    children,
    async start() {
      const child = await startChild(file, ...args);
      children.push(child);
      return child;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(children.map((child) => child.kill()));
    },
  };
}
