import { mkdir } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { EmbeddedCommandError } from "./embedded-errors.ts";
import { findEmbedded } from "./find-embedded.ts";
import type { ServerCommand } from "./server-process.ts";

/** The settings `sluice.embedded.*`, and what they are relative to. */
export interface EmbeddedSettings {
  /** Program and arguments that run the command line; empty for that of the workspace's package. */
  readonly command: readonly string[];
  /** Keep events in memory. */
  readonly memory: boolean;
  /** Where events are kept; empty for the storage that VS Code has for the workspace. */
  readonly dataDirectory: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Paths of the workspace's folders. */
  readonly folders: readonly string[];
  /** The storage that VS Code has for the workspace. */
  readonly storage: string;
}

/**
 * What to run for the settings. Makes the directory for the data.
 * @throws EmbeddedCommandError, EmbeddedMissingError, EmbeddedNotBuiltError
 */
export async function embeddedCommand(
  { command, memory, dataDirectory, port, folders, storage }: EmbeddedSettings,
  environment: NodeJS.ProcessEnv,
): Promise<ServerCommand> {
  if (!isList(command)) throw new EmbeddedCommandError();
  const [folder] = folders;
  const [program, ...given] = command;
  const args = ["--json", "--port", String(port)];
  if (memory) {
    args.push("--memory");
  } else {
    const data = dataDirectory === "" ? join(storage, "embedded") : absolute(dataDirectory, folder);
    await mkdir(data, { recursive: true });
    args.push("--data", data);
  }
  if (program !== undefined) return { program, args: [...given, ...args], directory: folder, environment };
  const script = await findEmbedded(folders, environment["PATH"] ?? environment["Path"] ?? "");
  return {
    // The program that runs this is VS Code's own, which is Node when it is told so.
    program: process.execPath,
    args: [script, ...args],
    directory: folder,
    environment: { ...environment, ELECTRON_RUN_AS_NODE: "1" },
  };
}

/** VS Code marks a setting that is of another type than it should be, and hands it out. */
const isList = (command: unknown): boolean =>
  Array.isArray(command) && command.every((part) => typeof part === "string");

const absolute = (path: string, folder = "."): string => (isAbsolute(path) ? path : join(folder, path));
