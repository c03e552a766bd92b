import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import * as l10n from "@vscode/l10n";
import { EmbeddedStartError } from "./embedded-errors.ts";
import { serverLine } from "./server-output.ts";

export interface ServerCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly directory?: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
}

/** A server that listens. */
export interface ServerProcess {
  readonly pid: number;
  readonly connectionString: string;
  /** Resolves when it has ended, whoever has ended it, with how: "exit code 1", "SIGKILL". */
  readonly ended: Promise<string>;
  /** Asks it to stop, and makes it where it does not. */
  stop(): Promise<void>;
}

/** How long a server may take to write what it has accepted. */
const PATIENCE_MS = 10_000;

/**
 * Starts a server as a process of its own, and waits until it listens.
 *
 * @param onLine told each line that the server writes.
 * @param signal ends it while it starts.
 * @throws EmbeddedStartError, or what the signal was aborted with.
 */
export async function startServerProcess(
  { program, args, directory, environment }: ServerCommand,
  onLine: (text: string) => void,
  signal: AbortSignal,
): Promise<ServerProcess> {
  signal.throwIfAborted();
  const child = spawn(program, args, {
    ...(directory === undefined ? {} : { cwd: directory }),
    env: environment,
    windowsHide: true,
    // The channel says nothing, but ends with this process, however that ended; then the server stops, too.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const listening = Promise.withResolvers<string>();
  let reason: string | undefined;
  const hear = (line: string): void => {
    onLine(line);
    const told = serverLine(line);
    if (told.kind === "listening") listening.resolve(told.connectionString);
    else if (told.kind === "failed") reason = told.message;
    else reason ??= line.trim() === "" ? undefined : line;
  };
  for (const stream of [child.stdout, child.stderr]) if (stream !== null) createInterface(stream).on("line", hear);
  // Closed, not only ended: by then all that it has written is heard.
  const ended = once(child, "close").then(
    ([code, by]: (number | string | null)[]) => (typeof by === "string" ? by : l10n.t("exit code {0}", String(code))),
    (error: Error) => {
      reason = error.message;
      return error.message;
    },
  );
  const stop = async (): Promise<void> => {
    // Where there are no signals, the end of the channel is one.
    if (process.platform === "win32") child.disconnect();
    else child.kill("SIGTERM");
    const impatience = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
    await ended;
    clearTimeout(impatience);
  };
  const giveUp = (): void => void child.kill("SIGKILL");
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    const connectionString = await Promise.race([
      listening.promise,
      ended.then((how) => {
        signal.throwIfAborted();
        throw new EmbeddedStartError(reason ?? how);
      }),
    ]);
    return { pid: child.pid ?? 0, connectionString, ended, stop };
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}
