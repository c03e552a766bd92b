import * as l10n from "@vscode/l10n";
import {
  ConnectionClosedError,
  CertificateNotTrustedError,
  ConnectionStringError,
  LoginRefusedError,
  ServerUnreachableError,
} from "../event-store/errors.ts";
import type { ErrorAction } from "../notifications/error-action.ts";
import { type Connection, EMBEDDED_ID } from "./connection.ts";
import {
  ConnectionGoneError,
  NotOfferedHereError,
  PasswordMissingError,
  ServerStoppedError,
  WriteCanceledError,
  WriteRefusedError,
} from "./connection-errors.ts";
import { EnvironmentVariableMissingError } from "./environment.ts";

export interface ErrorPresentation {
  /** What has happened and what helps, in the user's language. */
  readonly sentence: string;
  /** What leads to the remedy, the likeliest first. May be empty. */
  readonly actions: readonly ErrorAction[];
  /** The user has caused it on purpose and need not be told. */
  readonly isSilent: boolean;
}

/** How an error is shown, wherever it is: in a notification, a tree, a panel. The connection it happened on, if any. */
export function presentError(error: unknown, connection?: Connection): ErrorPresentation {
  return {
    sentence: error instanceof Error ? error.message : String(error),
    actions: actionsFor(error, connection),
    isSilent: error instanceof WriteCanceledError,
  };
}

function actionsFor(error: unknown, connection: Connection | undefined): readonly ErrorAction[] {
  if (error instanceof WriteCanceledError || error instanceof NotOfferedHereError) return [];
  if (error instanceof ConnectionGoneError) {
    return error.id === EMBEDDED_ID ? [startEmbedded(), chooseConnection()] : [chooseConnection()];
  }
  if (error instanceof ServerStoppedError) return [startEmbedded()];
  if (connection === undefined) return [];
  const { id, origin } = connection;
  const action = (title: string, command: string): ErrorAction => ({ title, command, arguments: [id] });
  const connect = action(l10n.t("Retry"), "sluice.connect");
  const edit =
    origin === "workspace"
      ? action(l10n.t("Open sluice.json"), "sluice.openWorkspaceConnections")
      : action(l10n.t("Edit Connection…"), "sluice.editConnection");
  const password = action(l10n.t("Enter Password…"), "sluice.setPassword");
  if (error instanceof WriteRefusedError) {
    return origin === "workspace" ? [edit] : [action(l10n.t("Change Policy…"), "sluice.setPolicy")];
  }
  if (error instanceof ConnectionClosedError) return [connect];
  if (error instanceof PasswordMissingError) return [password];
  if (error instanceof LoginRefusedError) return connection.login === undefined ? [edit] : [password, edit];
  if (error instanceof EnvironmentVariableMissingError || error instanceof ConnectionStringError) return [edit];
  if (error instanceof CertificateNotTrustedError) {
    return origin === "user" ? [action(l10n.t("Choose CA File…"), "sluice.chooseAuthorityFile"), edit] : [edit];
  }
  if (error instanceof ServerUnreachableError) {
    return origin === "embedded" ? [startEmbedded(), connect] : [connect, edit, startEmbedded()];
  }
  return [];
}

function startEmbedded(): ErrorAction {
  return { title: l10n.t("Start Embedded Server"), command: "sluice.embedded.start", arguments: [] };
}

function chooseConnection(): ErrorAction {
  return { title: l10n.t("Choose Connection…"), command: "sluice.chooseConnection", arguments: [] };
}
