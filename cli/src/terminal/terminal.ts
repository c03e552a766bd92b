import { createInterface } from "node:readline/promises";
import { jsonText } from "./json-text.ts";
import { type Paint, paintFor, plain } from "./paint.ts";

/** Where a command says what it does: text for a person, or JSON for a program. */
export interface Terminal {
  readonly isJson: boolean;
  readonly paint: Paint;
  /** What was asked for: one JSON value, or one of several that come with time; or a text, unless it is empty. */
  print(value: unknown, text: string): void;
  /** What was done meanwhile. A program reads it in the result. */
  say(text: string): void;
  /** How far it has come; shown at a terminal only, and gone with the next line. */
  progress(text: string): void;
  /** Asks a person who is there. @returns undefined where nobody is. */
  confirm(question: string, signal: AbortSignal): Promise<boolean | undefined>;
  /** Takes a progress line away. */
  finish(): void;
}

const BACK_TO_START = "\r\u001b[K";

export function openTerminal(isJson: boolean, environment: NodeJS.ProcessEnv): Terminal {
  const { stdin, stdout, stderr } = process;
  // Whoever reads the output may be gone before the command is done, as `head` is.
  stdout.on("error", () => {});
  stderr.on("error", () => {});
  let isUnfinished = false;
  const finish = (): void => {
    if (isUnfinished) stderr.write(BACK_TO_START);
    isUnfinished = false;
  };
  return {
    isJson,
    paint: isJson ? plain : paintFor(stdout.isTTY, environment),
    finish,
    print(value, text) {
      finish();
      if (isJson) stdout.write(`${jsonText(value)}\n`);
      else if (text !== "") stdout.write(`${text}\n`);
    },
    say(text) {
      finish();
      if (!isJson) stdout.write(`${text}\n`);
    },
    progress(text) {
      if (!stderr.isTTY) return;
      stderr.write(`${BACK_TO_START}${text}`.slice(0, BACK_TO_START.length + (stderr.columns || 80) - 1));
      isUnfinished = true;
    },
    async confirm(question, signal) {
      if (!stdin.isTTY || !stderr.isTTY) return undefined;
      finish();
      const lines = createInterface({ input: stdin, output: stderr });
      // A terminal that is read line by line hands Ctrl-C to the reader.
      lines.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
      try {
        return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `, { signal })).trim());
      } finally {
        lines.close();
      }
    },
  };
}
