import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

const CLOCK = join(import.meta.dirname, "jumping-clock.ts");

/** A program of this folder in a process of its own. */
export interface Child {
  /** Resolves when it has said its first line; never, where it ends before. */
  readonly ready: Promise<unknown>;
  /** Resolves when it has ended: with what it said last where it ended by itself and not well. */
  readonly ended: Promise<string | undefined>;
  /** `kill -9`, and waits until it is gone. */
  kill(): Promise<void>;
  /** Holds it still until what is answered is disposed of. */
  frozen(): Disposable;
  jumpClock(milliseconds: number): void;
}

export function startChild(file: string, ...args: readonly string[]): Child {
  const program = join(import.meta.dirname, file);
  const child = spawn(
    process.execPath,
    ["--conditions=sluice-source", "--import", CLOCK, program, ...args],
    // By the channel it gets jumps of its clock, and learns when this process is gone.
    { stdio: ["ignore", "pipe", "pipe", "ipc"] },
  );
  const exited = once(child, "exit");
  let isKilled = false;
  const said: string[] = [];
  createInterface({ input: child.stderr! }).on("line", (line) => {
    said.push(line);
    if (said.length > 40) said.shift();
  });
  const lines = createInterface({ input: child.stdout! });
  return {
    ready: once(lines, "line"),
    ended: exited.then(([code]) => {
      if (isKilled || code === 0) return undefined;
      return `${file} ended by itself with ${String(code)}:\n${said.join("\n")}`;
    }),
    async kill() {
      isKilled = true;
      child.kill("SIGKILL");
      await exited;
    },
    frozen() {
      child.kill("SIGSTOP");
      return { [Symbol.dispose]: () => void child.kill("SIGCONT") };
    },
    jumpClock(milliseconds) {
      if (child.connected) child.send({ jump: milliseconds }, () => {});
    },
  };
}
