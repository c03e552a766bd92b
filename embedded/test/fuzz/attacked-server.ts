import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { EmbeddedOptions } from "../../src/index.ts";
import type { Fares } from "./served.ts";

/** What grpc-js says of headers that it leaves out. */
const LEFT_OUT = /^E Failed to add metadata entry .*\n/gm;

/** A server in a process of its own, and what it leaves behind. */
export class AttackedServer {
  readonly port: number;
  readonly connectionString: string;
  readonly #process: ChildProcess;
  #stderr = "";

  private constructor(process: ChildProcess, port: number, connectionString: string) {
    this.#process = process;
    this.port = port;
    this.connectionString = connectionString;
    process.stderr?.on("data", (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).replaceAll(LEFT_OUT, "").slice(-20_000);
    });
  }

  static async start(options: EmbeddedOptions): Promise<AttackedServer> {
    const child = fork(join(import.meta.dirname, "served.ts"), [JSON.stringify(options)], {
      execArgv: ["--conditions=sluice-source", "--expose-gc"],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    const [{ port, connectionString }] = (await once(child, "message")) as [{ port: number; connectionString: string }];
    return new AttackedServer(child, port, connectionString);
  }

  /** The end of what it wrote to its error output. */
  get stderr(): string {
    return this.#stderr;
  }

  get isAlive(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Fails when it is dead or does not answer in time, with what it said last. */
  async fares(): Promise<Fares> {
    const answer = once(this.#process, "message", { signal: AbortSignal.timeout(60_000) });
    try {
      this.#process.send("how are you", () => {});
      return ((await answer) as [Fares])[0];
    } catch (cause) {
      const { exitCode, signalCode } = this.#process;
      throw new Error(`The server does not answer (${exitCode ?? signalCode ?? "alive"}): ${this.#stderr}`, { cause });
    }
  }

  async stop(): Promise<void> {
    if (!this.isAlive) return;
    const gone = once(this.#process, "exit");
    this.#process.send("stop");
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), 8000);
    await gone;
    clearTimeout(timer);
  }
}
