import type { Event } from "vscode";
import type { Credentials } from "../event-store/credentials.ts";
import type { Connection } from "./connection.ts";

/** Where connections come from: the user's own, the workspace's, the embedded server that runs. */
export interface ConnectionSource {
  readonly all: readonly Connection[];
  /** Connections were added, changed or removed, or their credentials were. */
  readonly onDidChange: Event<void>;
  /**
   * Undefined for a connection without a login, or one that is not from here.
   * @throws PasswordMissingError, EnvironmentVariableMissingError
   */
  credentialsOf(connection: Connection): Promise<Credentials | undefined>;
}
