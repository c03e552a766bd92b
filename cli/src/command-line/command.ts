import type { Terminal } from "../terminal/terminal.ts";
import type { Options, Values } from "./options.ts";
import { parsed } from "./parse.ts";

/** Options that every command has. */
export const COMMON_OPTIONS = {
  connection: {
    type: "string",
    value: "STRING",
    about: "the server, such as esdb://127.0.0.1:2113?tls=false; default: SLUICE_CONNECTION",
  },
  json: { type: "boolean", about: "one JSON value on stdout instead of text" },
  help: { type: "boolean", about: "shows this" },
} as const satisfies Options;

/** What a command is run with. */
export interface Call<O extends Options> {
  readonly values: Values<O & typeof COMMON_OPTIONS>;
  /** What was typed without an option's name. */
  readonly words: readonly string[];
  readonly terminal: Terminal;
  readonly environment: NodeJS.ProcessEnv;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

export type Surroundings = Pick<Call<Options>, "terminal" | "environment" | "signal">;

interface Definition<O extends Options> {
  readonly name: string;
  /** What it does, in a few words. */
  readonly summary: string;
  /** What stands behind its name, such as `FILE` or `COMPONENT [ID]…`. */
  readonly words: string;
  /** How many words it takes. */
  readonly takes: { readonly least: number; readonly most: number };
  /** What completion offers as the first word: files, or these. */
  readonly completes?: "files" | readonly string[];
  /** A paragraph: meaning, and what is changed. */
  readonly about: string;
  readonly example: string;
  readonly options: O;
  /** What its first word chooses from, where that leads on to a command of its own. */
  readonly commands?: readonly Command[];
  /** Does it, and answers the exit code. */
  run(call: Call<O>): Promise<number>;
}

/** A command of the program, without the types of its options. */
export interface Command extends Omit<Definition<Options>, "run"> {
  /** @param args what was typed behind its name. @throws UsageError */
  run(args: readonly string[], surroundings: Surroundings): Promise<number>;
}

export function command<const O extends Options>(definition: Definition<O>): Command {
  const { options, takes, name } = definition;
  const all = { ...options, ...COMMON_OPTIONS };
  return {
    ...definition,
    options: all,
    run: (args, surroundings) => definition.run({ ...parsed(name, args, all, takes), ...surroundings }),
  };
}
