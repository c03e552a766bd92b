#!/usr/bin/env node
import { type ServerNote, startEmbedded } from "../index.ts";
import { parseCliOptions, USAGE, UsageError } from "./options.ts";

const args = process.argv.slice(2);

const FAILED = 1;
const MISUSED = 2;

/** Whoever read the output may be gone before the server is. */
process.stdout.on("error", () => {});

/** Starts the server and leaves it running until a signal. Answers the exit code where there is nothing to run. */
async function main(): Promise<number | undefined> {
  const options = parseCliOptions(args);
  if (options === "help") {
    process.stdout.write(USAGE);
    return 0;
  }
  const say = (event: string, details: object, text: string): void => {
    process.stdout.write(`${options.json ? JSON.stringify({ event, ...details }) : text}\n`);
  };
  const server = await startEmbedded({
    ...options.embedded,
    onNote: ({ event, ...details }) => say(event, details, noteText({ event, ...details } as ServerNote)),
  });
  const { host, port, connectionString } = server;
  say("listening", { host, port, connectionString }, `listening on ${host}:${port}`);

  let isStopping = false;
  async function stop(signal: NodeJS.Signals): Promise<void> {
    // Who asks twice does not want to wait.
    if (isStopping) process.exit(FAILED);
    isStopping = true;
    say("stopping", { signal }, "stopping");
    await server.stop();
    say("stopped", {}, "stopped");
    process.exit(0);
  }
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop(signal).catch(fail));
  return undefined;
}

function noteText(note: ServerNote): string {
  return note.event === "script-log" ? note.text : `projection ${note.projection} faulted: ${note.reason}`;
}

/** Says what went wrong, in the form that was asked for, and ends the process. */
function fail(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${args.includes("--json") ? JSON.stringify({ event: "failed", message }) : message}\n`);
  process.exit(error instanceof UsageError ? MISUSED : FAILED);
}

try {
  const code = await main();
  if (code !== undefined) process.exitCode = code;
} catch (error) {
  fail(error);
}
