import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

const MAIN = join(import.meta.dirname, "..", "embedded", "src", "cli", "main.ts");

/** An embedded server in a process of its own, as a user starts it. */
export class ServerProcess {
  readonly #process: ChildProcess;
  readonly address: string;

  private constructor(process: ChildProcess, address: string) {
    this.#process = process;
    this.address = address;
  }

  /** @param options what stands behind `npm run embedded --`, besides the port; port 0 takes a free one. */
  static async start(options: readonly string[], port = 0): Promise<ServerProcess> {
    const args = ["--conditions=sluice-source", MAIN, "--port", String(port), ...options];
    // The channel says nothing, but ends with this process, however that ended; then the server stops, too.
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit", "ipc"] });
    for await (const line of createInterface({ input: child.stdout! })) {
      const address = /listening on (\S+)/.exec(line)?.[1];
      if (address === undefined) continue;
      child.stdout!.resume();
      return new ServerProcess(child, address);
    }
    throw new Error("The embedded server ended before it listened.");
  }

  get connectionString(): string {
    return `esdb://${this.address}?tls=false`;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  get port(): number {
    return Number(this.address.split(":").at(-1));
  }

  /** Holds it still until what is answered is disposed of: it takes requests, and answers none. */
  suspended(): Disposable {
    this.#process.kill("SIGSTOP");
    return { [Symbol.dispose]: () => void this.#process.kill("SIGCONT") };
  }

  /** Ends it with no chance to write or say anything. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (!this.isRunning) return;
    const ended = once(this.#process, "exit");
    this.#process.kill(signal);
    await ended;
  }
}
