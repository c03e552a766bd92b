import * as l10n from "@vscode/l10n";
import type { Color, Connection, ConnectionState } from "./connection.ts";
import { serversOf } from "./connection-string.ts";
import { capabilityWord, colorWord, policyWord, stateWord } from "./connection-words.ts";

/** A connection as a row says it. */
export interface ConnectionItem {
  readonly label: string;
  readonly description: string;
  /** Lines of plain text. */
  readonly tooltip: readonly string[];
  /** Of a product icon. */
  readonly icon: string;
  readonly color: Color | undefined;
  /** Words between semicolons, for `when` clauses: origin, state, whether it has a login. */
  readonly contextValue: string;
  /** All that the row tells by color and icon, too. */
  readonly spoken: string;
}

const ICONS: Readonly<Record<ConnectionState["kind"], string>> = {
  closed: "debug-disconnect",
  opening: "loading~spin",
  open: "database",
  failed: "warning",
};

export function connectionItem(connection: Connection, state: ConnectionState, isCurrent: boolean): ConnectionItem {
  const { name, login, policy, color, origin, folder, isStopped = false } = connection;
  const servers = serversOf(connection.connectionString);
  const version = state.kind === "open" ? state.version : undefined;
  // What decides whether to be careful stands first: a narrow view cuts the rest off.
  const described = [
    ...(isCurrent ? [l10n.t("current")] : []),
    ...(policy === "read-write" ? [] : [policyWord(policy)]),
    ...(isStopped ? [l10n.t("stopped")] : []),
    ...(state.kind === "opening" || state.kind === "failed" ? [stateWord(state)] : []),
    ...(version === undefined ? [] : [version]),
    ...(folder === undefined ? [] : [folder]),
    ...(name === servers ? [] : [servers]),
  ];
  return {
    label: name,
    description: described.join(" · "),
    tooltip: [
      name,
      connection.connectionString,
      login === undefined ? l10n.t("without a login") : l10n.t("login: {0}", login),
      l10n.t("policy: {0}", policyWord(policy)),
      l10n.t("state: {0}", isStopped ? l10n.t("stopped") : stateWord(state)),
      ...(version === undefined ? [] : [l10n.t("server version: {0}", version)]),
      ...(state.kind === "open" && state.capabilities !== undefined && state.capabilities.length > 0
        ? [l10n.t("offers: {0}", state.capabilities.map(capabilityWord).join(", "))]
        : []),
      ...(state.kind === "failed" ? [state.error.message] : []),
      originText(origin),
    ],
    icon: ICONS[state.kind],
    color,
    contextValue: `;connection;${origin};${isStopped ? "stopped" : state.kind};${login === undefined ? "anonymous" : "login"};`,
    spoken: [
      name,
      servers,
      ...(folder === undefined ? [] : [folder]),
      isStopped ? l10n.t("stopped") : stateWord(state),
      policyWord(policy),
      ...(color === undefined ? [] : [colorWord(color)]),
      ...(isCurrent ? [l10n.t("current")] : []),
    ].join(", "),
  };
}

function originText(origin: Connection["origin"]): string {
  switch (origin) {
    case "user":
      return l10n.t("added on this machine");
    case "workspace":
      return l10n.t("from .vscode/sluice.json of the workspace");
    case "embedded":
      return l10n.t("the embedded server that runs in this window");
  }
}
