#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { EXIT } from "./command-line/exit-code.ts";
import { findCommand } from "./command-line/find-command.ts";
import { helpOf, helpOfAll } from "./command-line/help.ts";
import { COMMANDS } from "./commands/all.ts";
import { failureText } from "./render/failure-text.ts";
import { stopSignal } from "./terminal/stop-signal.ts";
import { openTerminal } from "./terminal/terminal.ts";

// Whoever runs the program can do nothing about what libraries ought to do otherwise.
process.noDeprecation = true;

/** By their names: what a help does not need is not loaded for it. */
const MISUSES: ReadonlySet<string> = new Set([
  "UsageError",
  "ConnectionStringError",
  "BadConnectionString",
  "InvalidName",
  "DuplicateDeclaration",
]);
const args = process.argv.slice(2);
const terminal = openTerminal(args.includes("--json"), process.env);
const signal = stopSignal();

/** Answers the exit code. */
async function main(): Promise<number> {
  const [name] = args;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    process.stdout.write(helpOfAll(COMMANDS));
    return name === undefined ? EXIT.misused : EXIT.ok;
  }
  if (name === "--version") {
    process.stdout.write(`${ownVersion()}\n`);
    return EXIT.ok;
  }
  const { command, rest } = findCommand(COMMANDS, args);
  if (rest.includes("--help") || rest.includes("-h")) {
    process.stdout.write(helpOf(command));
    return EXIT.ok;
  }
  return command.run(rest, { terminal, environment: process.env, signal });
}

/** Of this package, as it was installed. */
function ownVersion(): string {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

/** Says what went wrong, in the form that was asked for. Answers the exit code. */
function failed(error: unknown): number {
  terminal.finish();
  const isStopped = signal.aborted;
  const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
  const text = isStopped ? "Stopped. What was done stays; the same command again goes on." : failureText(message);
  process.stderr.write(
    `${terminal.isJson ? JSON.stringify({ error: isStopped ? "Stopped" : name, message: text }) : text}\n`,
  );
  if (isStopped) return EXIT.stopped;
  return MISUSES.has(name) ? EXIT.misused : EXIT.failed;
}

const code = await main().catch(failed);
// A module of the user's may have left something open. What is written before has left when this is written.
process.stdout.write("", () => process.exit(code));
