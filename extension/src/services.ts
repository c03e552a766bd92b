import type { LogOutputChannel, Memento, Uri } from "vscode";
import type { DeclaredComponents } from "./components/declared-components.ts";
import type { Connections } from "./connections/connections.ts";
import type { WorkspaceModels } from "./workspace-model/workspace-models.ts";
import type { ServerWatch } from "./server/server-watch.ts";

/** What every part of the extension is given: handed in, never looked up. */
export interface Services {
  readonly extensionUri: Uri;
  readonly log: LogOutputChannel;
  readonly connections: Connections;
  /** What the workspace's sources declare. */
  readonly workspaceModels: WorkspaceModels;
  /** The components of the current connection's server. */
  readonly server: ServerWatch;
  /** The components that the workspace declares. */
  readonly declared: DeclaredComponents;
  /** Kept for this workspace on this machine: what was open where. */
  readonly workspaceState: Memento;
  /** Kept for this user on this machine: favorites, recent streams. */
  readonly globalState: Memento;
}
