import { type Command, command } from "../command-line/command.ts";
import { completionOf, SHELLS } from "../command-line/completion.ts";
import { EXIT } from "../command-line/exit-code.ts";
import { UsageError } from "../command-line/usage-error.ts";

/** @param all what is completed; asked for when the script is made, since this command is one of them. */
export const completionCommand = (all: () => readonly Command[]): Command =>
  command({
    name: "completion",
    summary: "a script that lets bash or zsh complete what is typed",
    words: SHELLS.join("|"),
    takes: { least: 1, most: 1 },
    completes: SHELLS,
    about:
      "Prints a script that lets a shell complete commands, options and files. Put the example into ~/.bashrc or ~/.zshrc.",
    example: 'eval "$(sluice completion bash)"',
    options: {},
    async run({ words, terminal }) {
      const shell = SHELLS.find((one) => one === words[0]);
      if (shell === undefined)
        throw new UsageError(`Completion is for ${SHELLS.join(" and ")}, not for "${words[0]}".`);
      const script = completionOf(shell, all());
      terminal.print({ shell, script }, script.trimEnd());
      return EXIT.ok;
    },
  });
