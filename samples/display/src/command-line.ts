import { resolve } from "node:path";
import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import type { ServerChoice } from "./server.ts";

/** What was typed cannot be done; the message says what to type instead. A program ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Options of every sample: which server, and help. To be given to {@link commandLine} beside those of its own. */
export const SERVER_OPTIONS = {
  data: { type: "string" },
  port: { type: "string" },
  connection: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const satisfies ParseArgsOptionsConfig;

/** What `--help` says of them. */
export const SERVER_USAGE = `  --data DIR         where the embedded server keeps everything (default: in memory, gone when it ends)
  --port N           port of the embedded server (default: any that is free)
  --connection URL   use a server that runs already, such as esdb://127.0.0.1:2113?tls=false
  --help             show this
`;

/**
 * What was typed, by `parseArgs` of Node; no positionals.
 * @throws UsageError, one sentence, where it is nothing that `options` allow.
 */
export function commandLine<const Options extends ParseArgsOptionsConfig>(args: readonly string[], options: Options) {
  try {
    return parseArgs<{ args: string[]; options: Options }>({ args: [...args], options }).values;
  } catch (cause) {
    // Its first sentence; more may follow, on further lines.
    const problem = cause instanceof Error ? cause.message.replace(/\.?( To specify.*|\n.*)?$/s, ".") : String(cause);
    throw new UsageError(`${problem} --help shows what there is.`, { cause });
  }
}

/** What {@link SERVER_OPTIONS} give. */
export interface ServerValues {
  readonly data?: string | undefined;
  readonly port?: string | undefined;
  readonly connection?: string | undefined;
}

/**
 * The server that was asked for.
 * @param from the directory that --data is relative to.
 * @param defaultData where the embedded server keeps everything without --data; undefined for memory.
 * @throws UsageError
 */
export function serverChoiceOf(
  { data, port, connection }: ServerValues,
  from: string,
  defaultData?: string,
): ServerChoice {
  if (connection !== undefined && (data !== undefined || port !== undefined)) {
    throw new UsageError("--data and --port are for the embedded server: leave them out, or --connection.");
  }
  if (data === "") throw new UsageError("--data needs the name of a directory, such as --data ./data.");
  if (connection !== undefined) return { connectionString: connection };
  const on = { port: port === undefined ? 0 : numberOf("--port", port, 0, 65_535) };
  const directory = data === undefined ? defaultData : resolve(from, data);
  return directory === undefined ? { memory: true, ...on } : { data: directory, ...on };
}

/** The whole number that an option was given. @throws UsageError */
export function numberOf(option: string, text: string, least: number, most: number): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`${option} takes a whole number from ${least} to ${most}, not ${JSON.stringify(text)}.`);
}
