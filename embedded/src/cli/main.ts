#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { ConnectionStringError } from "../client/connection-errors.ts";
import { asksForHelp } from "./arguments.ts";
import { backupCommand, restoreCommand } from "./backup-command.ts";
import type { Command } from "./command.ts";
import { exportCommand } from "./export-command.ts";
import { importCommand } from "./import-command.ts";
import { parseCliOptions, USAGE } from "./options.ts";
import { scavengeCommand } from "./scavenge-command.ts";
import { serve } from "./serve.ts";
import { UsageError } from "./usage-error.ts";

const FAILED = 1;
const MISUSED = 2;

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ["backup", backupCommand],
  ["restore", restoreCommand],
  ["scavenge", scavengeCommand],
  ["export", exportCommand],
  ["import", importCommand],
]);

const args = process.argv.slice(2);

// Whoever runs the program can do nothing about what libraries ought to do otherwise.
process.noDeprecation = true;

/** Answers the exit code. */
async function main(): Promise<number> {
  const [name = "", ...rest] = args;
  const command = COMMANDS.get(name);
  if (command !== undefined) {
    if (!asksForHelp(rest)) return command.run(rest);
    process.stdout.write(command.usage);
    return 0;
  }
  if (args.includes("--version")) {
    process.stdout.write(`${ownVersion()}\n`);
    return 0;
  }
  const options = parseCliOptions(args);
  if (options !== "help") return serve(options);
  process.stdout.write(USAGE);
  return 0;
}

/** Of this package, as it was installed. */
function ownVersion(): string {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

/** Says what went wrong, in the form that was asked for, and ends the process. */
function fail(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${args.includes("--json") ? JSON.stringify({ event: "failed", message }) : message}\n`);
  const isMisused = error instanceof UsageError || error instanceof ConnectionStringError;
  process.exit(isMisused ? MISUSED : FAILED);
}

try {
  process.exit(await main());
} catch (error) {
  fail(error);
}
