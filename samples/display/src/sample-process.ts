import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..", "..");

export interface Ended {
  /** Null for one that was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A sample in a process of its own, as a user starts it: for tests. */
export class SampleProcess {
  readonly #process: ChildProcess;
  readonly #listeners = new Set<() => void>();
  readonly ended: Promise<Ended>;
  stdout = "";
  stderr = "";

  private constructor(command: string, args: readonly string[], cwd = ROOT) {
    const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    this.#process = child;
    const heard = (): void => this.#listeners.forEach((listener) => listener());
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.stdout += text;
      heard();
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
      heard();
    });
    this.ended = once(child, "close").then(([code]) => {
      heard();
      return { code: code as number | null, stdout: this.stdout, stderr: this.stderr };
    });
  }

  /** The sample of this name, without npm in front of it. */
  static start(name: string, ...args: readonly string[]): SampleProcess {
    return SampleProcess.startIn(ROOT, name, ...args);
  }

  /** The same in a directory. */
  static startIn(directory: string, name: string, ...args: readonly string[]): SampleProcess {
    const main = join(ROOT, "samples", name, "src", "main.ts");
    return new SampleProcess(process.execPath, ["--conditions=sluice-source", main, ...args], directory);
  }

  /** By npm, with what stands behind `npm` on the command line. */
  static startByNpm(...args: readonly string[]): SampleProcess {
    return new SampleProcess("npm", ["--silent", ...args]);
  }

  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Waits until it has said something, on stdout or stderr. */
  async said(what: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = what.exec(this.stdout) ?? what.exec(this.stderr);
      if (match !== null) return match;
      if (!this.isRunning) throw new Error(`It ended without saying ${what}: ${this.stdout}${this.stderr}`);
      await new Promise<void>((resolve) => {
        const listener = (): void => {
          this.#listeners.delete(listener);
          resolve();
        };
        this.#listeners.add(listener);
      });
    }
  }

  async end(signal: NodeJS.Signals): Promise<Ended> {
    this.#process.kill(signal);
    return this.ended;
  }
}

/** A directory of a test's own, not there yet; gone after it. */
export function dataDirectory(t: { after(then: () => void): void }): string {
  const parent = mkdtempSync(join(tmpdir(), "sluice-sample-"));
  t.after(() => rmSync(parent, { recursive: true, force: true }));
  return join(parent, "data");
}
