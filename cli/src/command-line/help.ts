import type { Command } from "./command.ts";
import { EXIT_CODES_HELP } from "./exit-code.ts";
import type { Options } from "./options.ts";

const WIDTH = 100;

/** What `sluice --help` says. */
export function helpOfAll(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return `sluice COMMAND [WORDS] [OPTIONS]

Plans, deploys, looks at and mends systems of components on EventStoreDB. Every command takes --connection STRING (or
SLUICE_CONNECTION), --json and --help. sluice --version says which version this is.

${commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}\n`).join("")}
${EXIT_CODES_HELP}

Example: sluice doctor --connection "esdb://127.0.0.1:2113?tls=false"
`;
}

/** What `sluice COMMAND --help` says. */
export function helpOf({ name, words, about, options, example, commands = [] }: Command): string {
  const own = words === "" ? "" : ` ${words}`;
  return `sluice ${name}${own} [OPTIONS]

${wrapped(about)}

${commandsText(commands)}${optionsText(options)}
${EXIT_CODES_HELP}

Example: ${example}
`;
}

function commandsText(commands: readonly Command[]): string {
  if (commands.length === 0) return "";
  const heads = commands.map(({ name, words }) => `${name} ${words}`);
  const width = Math.max(...heads.map((head) => head.length));
  return `${commands.map(({ summary }, index) => `  ${(heads[index] ?? "").padEnd(width)}  ${summary}\n`).join("")}\n`;
}

function optionsText(options: Options): string {
  const named = Object.entries(options).map(([name, { value, about }]) => ({
    head: `--${name}${value === undefined ? "" : ` ${value}`}`,
    about,
  }));
  const width = Math.max(...named.map(({ head }) => head.length));
  return named.map(({ head, about }) => `  ${head.padEnd(width)}  ${about}\n`).join("");
}

function wrapped(text: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join("\n");
}
