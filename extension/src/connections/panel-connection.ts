import { env, l10n, type WebviewPanel } from "vscode";
import type { Connection } from "./connection.ts";
import { tabIcon } from "./tab-icon.ts";

/** What a panel is told of its connection, and of the window; also of one that is there no more. */
export function shownConnection(id: string, connection: Connection | undefined) {
  return {
    connection: {
      id,
      name: connection?.name ?? "",
      ...(connection?.color !== undefined && { color: connection.color }),
      isStopped: connection?.isStopped === true,
      // Another one means that all is read anew.
      server: `${connection?.login ?? ""}@${connection?.connectionString ?? ""}`,
    },
    ...(l10n.bundle !== undefined && { bundle: { ...l10n.bundle } }),
    locale: env.language,
  };
}

/** Puts the name of the connection and the color of its environment on a panel's tab. */
export function titlePanel(panel: WebviewPanel, name: string, connection: Connection | undefined): void {
  panel.title = connection === undefined ? name : `${name} · ${connection.name}`;
  // VS Code takes it away where there is none, which its type denies.
  Object.assign(panel, { iconPath: tabIcon(connection?.color) });
}
