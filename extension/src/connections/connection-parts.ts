import type { LogOutputChannel } from "vscode";
import type { ConnectionRegistry } from "./connection-registry.ts";
import type { Passwords } from "./passwords.ts";
import type { UserConnections } from "./user-connections.ts";
import type { WorkspaceConnections } from "./workspace-connections.ts";

/** What the views and commands of connections stand on; others are given `Connections` only. */
export interface ConnectionParts {
  readonly registry: ConnectionRegistry;
  readonly user: UserConnections;
  readonly shared: WorkspaceConnections;
  readonly passwords: Passwords;
  readonly log: LogOutputChannel;
}
