import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

const PROBE = join(import.meta.dirname, "probe.ts");

/** What a process has used since it was started. */
export interface Usage {
  /** Seconds of processor time, all threads together. */
  readonly cpu: number;
  /** Resident memory in bytes, now and at its highest. */
  readonly memory: number;
  readonly mostMemory: number;
}

/** A process of the benchmark: the server, or a ceiling. It says in one JSON line that it is ready. */
export class Child {
  readonly #process: ChildProcess;
  /** For clients, where it is a server. */
  readonly connectionString: string;
  /** Seconds from the start of the process until it was ready. */
  readonly readyAfter: number;

  private constructor(process: ChildProcess, connectionString: string, readyAfter: number) {
    this.#process = process;
    this.connectionString = connectionString;
    this.readyAfter = readyAfter;
  }

  /** @param profile a directory for its CPU profile, written when it ends. */
  static async start(module: string, args: readonly string[], profile?: string): Promise<Child> {
    const started = performance.now();
    const child = fork(module, args, {
      execArgv: [
        "--conditions=sluice-source",
        "--import",
        PROBE,
        ...(profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`]),
      ],
      stdio: ["ignore", "pipe", "inherit", "ipc"],
    });
    if (child.stdout === null) throw new Error("The process has no output.");
    for await (const line of createInterface({ input: child.stdout })) {
      const said = JSON.parse(line) as { readonly event: string; readonly connectionString?: string };
      if (said.event !== "listening" && said.event !== "ready") continue;
      child.stdout.resume();
      return new Child(child, said.connectionString ?? "", (performance.now() - started) / 1000);
    }
    throw new Error(`${module} ended before it was ready.`);
  }

  /** Asks it something, one question at a time. */
  ask<Answer>(question: unknown): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const child = this.#process;
      const answered = (answer: unknown): void => {
        child.off("exit", ended);
        resolve(answer as Answer);
      };
      const ended = (): void => {
        child.off("message", answered);
        reject(new Error("The process ended before it answered."));
      };
      child.once("message", answered).once("exit", ended);
      child.send(question as object);
    });
  }

  usage(): Promise<Usage> {
    return this.ask("usage");
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGTERM");
    await ended;
  }
}
