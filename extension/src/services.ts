import type { LogOutputChannel, Memento, Uri } from "vscode";
import type { Connections } from "./connections/connections.ts";

/** What every part of the extension is given: handed in, never looked up. */
export interface Services {
  readonly extensionUri: Uri;
  readonly log: LogOutputChannel;
  readonly connections: Connections;
  /** Kept for this workspace on this machine: what was open where. */
  readonly workspaceState: Memento;
  /** Kept for this user on this machine: favorites, recent streams. */
  readonly globalState: Memento;
}
