import { UsageError } from "./command-line.ts";
import type { Output } from "./display.ts";
import { stopSignal } from "./stop-signal.ts";

/** What a program is started with. */
export interface Surroundings {
  readonly args: readonly string[];
  /** The directory it was called in, also through npm. */
  readonly from: string;
  /** Aborted when the program is asked to stop, or nobody reads any more what it writes. */
  readonly stopping: AbortSignal;
  /** The result, and nothing else, goes here. */
  readonly stdout: Output;
  readonly stderr: Output;
  /** Writes a line to stderr. */
  say(text: string): void;
}

/**
 * Runs a program to its end and ends the process: with the exit code it answers, 2 where what was typed makes no sense, 1 where it
 * fails for another reason. An error is one sentence on stderr.
 */
export async function runProgram(program: (surroundings: Surroundings) => Promise<number>): Promise<never> {
  const { stdout, stderr } = process;
  // Whoever read the output may be gone, such as `head`: then there is nobody left to run for.
  const gone = new AbortController();
  stdout.on("error", (error) => gone.abort(error));
  const stopping = AbortSignal.any([stopSignal(), gone.signal]);
  const say = (text: string): void => void stderr.write(`${text}\n`);
  // npm runs this in the folder of the workspace, and says where it was called.
  const from = process.env["INIT_CWD"] ?? process.cwd();
  try {
    process.exit(await program({ args: process.argv.slice(2), from, stopping, stdout, stderr, say }));
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exit(error instanceof UsageError ? 2 : 1);
  }
}
