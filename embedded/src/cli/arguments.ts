import { parseArgs, type ParseArgsConfig } from "node:util";
import { nearest } from "./nearest.ts";
import { UsageError } from "./usage-error.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** Whoever asks for help gets it, whatever else stands there. */
export const asksForHelp = (args: readonly string[]): boolean => args.includes("--help") || args.includes("-h");

/**
 * The values of options on the command line. `alsoKnown` are further names that may have been meant.
 * @throws UsageError for what is none of them.
 */
export function parsedOptions<const O extends Options>(
  args: readonly string[],
  options: O,
  alsoKnown: readonly string[] = [],
) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message.replace(/\.?(\n.*| To specify.*)?$/s, ".") : String(cause);
    const unknown = /^Unknown option '--([^']*)'/.exec(problem)?.[1];
    const meant = unknown === undefined ? undefined : nearest(unknown, [...Object.keys(options), ...alsoKnown]);
    const hint = meant === undefined ? "" : ` Did you mean --${meant}?`;
    throw new UsageError(`${withoutPasswords(problem)}${hint} --help shows what there is.`, { cause });
  }
}

/** What was typed in the wrong place may be a connection string, and errors end up in logs. */
const withoutPasswords = (text: string): string => text.replaceAll(/(:\/\/[^:/\s]*):[^\s]*@/g, "$1:…@");

/** The value of an option that there has to be; `example` shows how it is typed. */
export function required(value: string | undefined, option: string, example: string): string {
  if (value === undefined || value === "") throw new UsageError(`${option} is missing: give ${option} ${example}.`);
  return value;
}

export function portOf(text: string, option: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new UsageError(`${option} takes a number from 0 to 65535, not "${text}".`);
}
