import type { Call } from "../command-line/command.ts";
import { EXIT } from "../command-line/exit-code.ts";
import type { Options } from "../command-line/options.ts";
import { UsageError } from "../command-line/usage-error.ts";

export const YES_OPTIONS = { yes: { type: "boolean", about: "does it without asking" } } as const satisfies Options;

/**
 * Asks whether to do what was shown. @returns undefined to go on, or the exit code to end with.
 * @throws UsageError where nobody is there to be asked.
 */
export async function unlessRefused(
  {
    values: { yes },
    terminal,
    signal,
  }: Pick<Call<typeof YES_OPTIONS>, "terminal" | "signal"> & { readonly values: { readonly yes: boolean } },
  question: string,
): Promise<number | undefined> {
  if (yes) return undefined;
  const answer = await terminal.confirm(question, signal);
  if (answer === undefined) throw new UsageError(`${question} Nobody is at a terminal to be asked: say --yes.`);
  if (answer) return undefined;
  terminal.print({ done: false }, "Nothing was done.");
  return EXIT.failed;
}
