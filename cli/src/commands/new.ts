import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { command } from "../command-line/command.ts";
import { EXIT } from "../command-line/exit-code.ts";
import { UsageError } from "../command-line/usage-error.ts";
import { writeStarter } from "../starter/write-starter.ts";

export const newCommand = command({
  name: "new",
  summary: "writes a small project to begin with",
  words: "NAME",
  takes: { least: 1, most: 1 },
  about: `Writes a project of one component into a new folder NAME: messages, a handler, a program that runs on an embedded server, tests,
    scripts that plan and deploy. It takes Node 22.18 or newer. Never into a folder that has something in it.`,
  example: "sluice new shop",
  options: {},
  async run({ words, terminal }) {
    const [name = ""] = words;
    if (!/^[a-z0-9][a-z0-9._-]*$/.test(name)) {
      throw new UsageError(`"${name}" is no name of a package: take small letters, digits and . _ - after the first.`);
    }
    const folder = resolve(name);
    if (existsSync(folder) && !isEmpty(folder)) {
      throw new UsageError(`${folder} is there already and is left as it is: take another name.`);
    }
    const files = writeStarter(name, folder);
    const next = `cd ${name}\nnpm install\nnpm start`;
    terminal.print({ folder, files }, `${files.map((file) => `+ ${name}/${file}`).join("\n")}\n\nNext:\n\n${next}`);
    return EXIT.ok;
  },
});

function isEmpty(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0;
  } catch {
    // It is a file.
    return false;
  }
}
