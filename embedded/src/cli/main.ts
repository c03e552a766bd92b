#!/usr/bin/env node
import { type ServerNote, startEmbedded } from "../index.ts";
import { parseCliOptions, USAGE, UsageError } from "./options.ts";

const args = process.argv.slice(2);

const FAILED = 1;
const MISUSED = 2;

/** Whoever read the output may be gone before the server is. */
process.stdout.on("error", () => {});

/** Runs the server until a signal, and answers the exit code. */
async function main(): Promise<number> {
  const options = parseCliOptions(args);
  if (options === "help") {
    process.stdout.write(USAGE);
    return 0;
  }
  const say = (event: string, details: object, text: string): void => {
    process.stdout.write(`${options.json ? JSON.stringify({ event, ...details }) : text}\n`);
  };
  // Listened for from the start, so that one that comes while the server starts is not lost.
  const signalled = firstSignal();
  const server = await startEmbedded({
    ...options.embedded,
    onNote: (note) => say(note.event, note, noteText(note)),
  });
  const { host, port, connectionString, tlsCAFile } = server;
  say("listening", { host, port, connectionString, tlsCAFile }, `listening on ${host}:${port}`);
  if (tlsCAFile !== undefined && !options.json) {
    process.stdout.write(`clients connect with ${connectionString}, and the login and password of a user\n`);
  }
  say("stopping", { signal: await signalled }, "stopping");
  await server.stop();
  say("stopped", {}, "stopped");
  return 0;
}

/** Resolves with the first signal to stop. Who sends a second one does not want to wait. */
function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let isAsked = false;
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.on(signal, () => {
        if (isAsked) process.exit(FAILED);
        isAsked = true;
        resolve(signal);
      });
    }
  });
}

function noteText(note: ServerNote): string {
  switch (note.event) {
    case "script-log":
      return note.text;
    case "projection-faulted":
      return `projection ${note.projection} faulted: ${note.reason}`;
    case "default-passwords":
      return `others can reach this server, and everybody knows the password of ${note.logins.join(" and ")}: change it`;
    default:
      return note.event;
  }
}

/** Says what went wrong, in the form that was asked for, and ends the process. */
function fail(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${args.includes("--json") ? JSON.stringify({ event: "failed", message }) : message}\n`);
  process.exit(error instanceof UsageError ? MISUSED : FAILED);
}

try {
  process.exit(await main());
} catch (error) {
  fail(error);
}
