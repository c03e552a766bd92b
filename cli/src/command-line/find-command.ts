import type { Command } from "./command.ts";
import { UsageError } from "./usage-error.ts";

/** The command that words name, and what stands behind its name. @throws UsageError */
export function findCommand(
  commands: readonly Command[],
  args: readonly string[],
  under = "",
): { readonly command: Command; readonly rest: readonly string[] } {
  const [word = "", ...rest] = args;
  const command = commands.find(({ name }) => name === `${under}${word}`);
  if (command === undefined) {
    const names = commands.map(({ name }) => name.slice(under.length)).join(", ");
    throw new UsageError(
      `There is no command "${under}${word}". There are: ${names}. sluice ${under}--help says what they do.`,
    );
  }
  const [next = "--help"] = rest;
  if (command.commands === undefined || next.startsWith("-")) return { command, rest };
  return findCommand(command.commands, rest, `${command.name} `);
}
