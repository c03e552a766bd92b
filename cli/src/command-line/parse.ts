import { parseArgs } from "node:util";
import type { Options, Values } from "./options.ts";
import { UsageError } from "./usage-error.ts";

interface Parsed<O extends Options> {
  readonly values: Values<O>;
  readonly words: readonly string[];
}

/** What was typed behind a command's name, in its terms. @throws UsageError */
export function parsed<O extends Options>(
  command: string,
  args: readonly string[],
  options: O,
  { least, most }: { readonly least: number; readonly most: number },
): Parsed<O> {
  const help = `sluice ${command} --help shows what there is.`;
  const { values, positionals } = typed(args, options, help);
  if (positionals.length < least) throw new UsageError(`sluice ${command} needs more than that: ${help}`);
  if (positionals.length > most) {
    throw new UsageError(`sluice ${command} does not know what to do with "${positionals[most]}": ${help}`);
  }
  const all = Object.entries(options).map(([name, { type, multiple }]) => [
    name,
    values[name] ?? (type === "boolean" ? false : multiple === true ? [] : undefined),
  ]);
  return { values: Object.fromEntries(all) as Values<O>, words: positionals };
}

function typed(args: readonly string[], options: Options, help: string) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message.replace(/\.?( To specify.*)?$/s, ".") : String(cause);
    throw new UsageError(`${problem} ${help}`, { cause });
  }
}
