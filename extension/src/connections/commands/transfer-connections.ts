import * as l10n from "@vscode/l10n";
import { type QuickPickItem, type Uri, window, workspace } from "vscode";
import type { Connection } from "../connection.ts";
import { connectionFileText, parseConnectionFile } from "../connection-file.ts";
import { freeName } from "../connection-list.ts";
import type { ConnectionParts } from "../connection-parts.ts";
import { serversOf } from "../connection-string.ts";
import { lineAt } from "../../documents/line-at.ts";

const FILTERS = { JSON: ["json"] };

/** Writes the connections that the user picks to a file, without their passwords, and tells what was left out. */
export async function exportConnections({ registry, passwords, log }: ConnectionParts): Promise<void> {
  const picked = await picks(registry.all.filter(({ origin }) => origin !== "embedded"));
  if (picked === undefined || picked.length === 0) return;
  const file = await window.showSaveDialog({ filters: FILTERS, title: l10n.t("Export connections") });
  if (file === undefined) return;
  await workspace.fs.writeFile(file, new TextEncoder().encode(connectionFileText(picked)));
  const kept = await Promise.all(picked.map((connection) => passwords.get(connection)));
  const leftOut = kept.filter((password) => password !== undefined).length;
  log.info(`exported ${picked.length} connections without ${leftOut} passwords`);
  void window.showInformationMessage(
    leftOut === 0
      ? l10n.t("Exported {0} connections.", picked.length)
      : l10n.t(
          "Exported {0} connections. Left out: {1} passwords, which stay on this machine.",
          picked.length,
          leftOut,
        ),
  );
}

async function picks(connections: readonly Connection[]): Promise<readonly Connection[] | undefined> {
  interface Item extends QuickPickItem {
    readonly connection: Connection;
  }
  const items = connections.map((connection): Item => ({
    connection,
    label: connection.name,
    description: serversOf(connection.connectionString),
    picked: connection.origin === "user",
  }));
  const picked = await window.showQuickPick(items, {
    canPickMany: true,
    title: l10n.t("Export connections"),
    placeHolder: l10n.t("Which connections?"),
  });
  return picked?.map(({ connection }) => connection);
}

/** Adds what a file declares, each under a name of its own, and tells what could not be taken. */
export async function importConnections({ registry, user, log }: ConnectionParts): Promise<void> {
  const [file] =
    (await window.showOpenDialog({ filters: FILTERS, title: l10n.t("Import connections"), canSelectMany: false })) ??
    [];
  if (file === undefined) return;
  const text = new TextDecoder().decode(await workspace.fs.readFile(file));
  const { connections, problems } = parseConnectionFile(text);
  for (const { place: _, password, ...draft } of connections) {
    const isKnown = registry.all.some(
      ({ name, connectionString, login }) =>
        name === draft.name && connectionString === draft.connectionString && login === draft.login,
    );
    if (!isKnown) await user.add({ ...draft, name: freeName(draft.name, registry.all) }, password);
  }
  for (const { from, text: problem } of problems) log.warn(`${placeText(file, text, from)}: ${problem}`);
  await tell(connections.length, problems.length, () => log.show());
}

function placeText(file: Uri, text: string, offset: number): string {
  const { line, character } = lineAt(text, offset);
  return `${file.path.split("/").at(-1)}:${line + 1}:${character + 1}`;
}

async function tell(taken: number, problems: number, showLog: () => void): Promise<void> {
  if (problems === 0) {
    void window.showInformationMessage(l10n.t("Imported {0} connections.", taken));
    return;
  }
  const show = l10n.t("Show Log");
  const answer = await window.showWarningMessage(
    l10n.t("Imported {0} connections. {1} things in the file were not taken; the log says which.", taken, problems),
    show,
  );
  if (answer === show) showLog();
}
