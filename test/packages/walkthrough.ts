import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { until } from "../until.ts";

const BLOCK = /^```(?<language>ts|console)(?<words>[^\n]*)\n(?<text>[\s\S]*?)^```$/gm;
/** What stands for anything, within a line or as lines of its own. */
const ANYTHING = "…";
/** Milliseconds that something takes to come about at most, only so that a page which is wrong says where. */
const PATIENCE = 120_000;

export interface Walkthrough {
  /** An empty folder. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Where a page's own words do not do: packages that are not published yet, a port that is taken. */
  readonly replace: (text: string) => string;
}

/**
 * Does what a page asks its reader to do: a block of TypeScript is the file that its first line names; in a block `console` the lines
 * after `$` are typed, and what stands below must be what is said. A block `console terminal=NAME` types into a terminal in which programs
 * run on: what is typed next there ends the one before by Ctrl-C, and so does the word `stop`. `console wait` is for what comes about a moment later.
 */
export async function walkThrough(page: string, { folder, env, replace }: Walkthrough): Promise<void> {
  const terminals = new Map<string, Terminal>();
  try {
    for (const { groups = {} } of page.matchAll(BLOCK)) {
      const { language, words = "" } = groups;
      const text = replace(groups["text"] ?? "");
      const [, terminal] = /terminal=(\w+)/.exec(words) ?? [];
      if (language === "ts") writeSource(folder, text);
      else if (terminal === undefined) await type(text, words.includes("wait"), { cwd: folder, env });
      else {
        const [, command, said = text] = /^\$ (.*)\n([\s\S]*)$/.exec(text) ?? [];
        if (command !== undefined || words.includes("stop")) await terminals.get(terminal)?.close();
        if (command !== undefined) terminals.set(terminal, new Terminal(command, { cwd: folder, env }));
        await terminals.get(terminal)?.says(said);
      }
    }
  } finally {
    for (const terminal of [...terminals.values()].toReversed()) await terminal.close();
  }
}

function writeSource(folder: string, text: string): void {
  const [, file] = /^\/\/ (\S+\.ts)\n/.exec(text) ?? [];
  assert.ok(file, `a block names its file in its first line: ${text}`);
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

interface Place {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

async function type(text: string, isAwaited: boolean, { cwd, env }: Place): Promise<void> {
  for (const [, command = "", said = ""] of text.matchAll(/^\$ (.*)\n((?:(?!\$ ).*\n)*)/gm)) {
    const begun = performance.now();
    await until(async () => {
      const { output, code } = await new Promise<{ output: string; code: unknown }>((resolve) => {
        execFile("sh", ["-c", command], { cwd, env }, (error, stdout, stderr) =>
          resolve({ output: stdout + stderr, code: error?.code ?? 0 }),
        );
      });
      if (said === "" ? code === 0 : patternOf(said).test(spaced(output))) return true;
      if (isAwaited && performance.now() < begun + PATIENCE) return undefined;
      return assert.fail(`$ ${command}\n${output}\ninstead of\n${said}`);
    });
  }
}

class Terminal {
  readonly #child: ChildProcess;
  readonly #command: string;
  #output = "";

  constructor(command: string, { cwd, env }: Place) {
    this.#command = command;
    // A group of its own, as a terminal makes one: Ctrl-C reaches the program behind `npx`, too.
    this.#child = spawn("sh", ["-c", command], { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on("data", (chunk: Buffer) => (this.#output += chunk.toString()));
  }

  /** Waits for these lines, in any order between those of others. */
  async says(text: string): Promise<void> {
    const begun = performance.now();
    for (const line of text.split("\n").filter((line) => line !== ""))
      await until(async () => {
        if (this.#output.includes(line)) return true;
        const isOver = this.#child.exitCode !== null || performance.now() > begun + PATIENCE;
        return isOver ? assert.fail(`$ ${this.#command}\n${this.#output}\nwithout\n${line}`) : undefined;
      });
  }

  async close(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    process.kill(-pid, "SIGINT");
    await once(this.#child, "exit");
  }
}

/** Columns are as wide as what is in them. */
const spaced = (text: string): string => text.replaceAll(/ +/g, " ").trim();

function patternOf(said: string): RegExp {
  const pattern = spaced(said)
    .replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll(ANYTHING, "[\\s\\S]*");
  return new RegExp(`^${pattern}$`);
}
