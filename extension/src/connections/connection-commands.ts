import * as l10n from "@vscode/l10n";
import { commands, Disposable, env, window } from "vscode";
import { addConnection } from "./commands/add-connection.ts";
import { connectionIdOf, targetOf, type TargetQuestion } from "./commands/connection-target.ts";
import {
  chooseAuthorityFile,
  duplicateConnection,
  editConnectionString,
  forgetPassword,
  removeConnection,
  renameConnection,
  setColor,
  setPassword,
  setPolicy,
} from "./commands/edit-connection.ts";
import { openSharedFile } from "./commands/shared-file-commands.ts";
import { exportConnections, importConnections } from "./commands/transfer-connections.ts";
import type { Connection } from "./connection.ts";
import type { ConnectionParts } from "./connection-parts.ts";
import { showError } from "./show-error.ts";

/**
 * The commands that act on connections. Each takes a connection's id or a row of a tree, or asks.
 * @param showReason shows why a connection has failed where the user is looking; answers whether it could
 */
export function registerConnectionCommands(
  parts: ConnectionParts,
  showReason: (connectionId: string) => Promise<boolean>,
): Disposable {
  const { registry } = parts;

  async function connect(connection: Connection): Promise<void> {
    try {
      await registry.open(connection.id);
    } catch (error) {
      // What the view says beneath the connection, with the same remedies, is not said a second time.
      const isSaid = registry.stateOf(connection.id).kind === "failed" && (await showReason(connection.id));
      if (!isSaid) await showError(error, registry.find(connection.id) ?? connection);
    }
  }

  async function use(connection: Connection): Promise<void> {
    registry.choose(connection.id);
    // Its rows and panels say that it is stopped, and lead on.
    if (connection.isStopped !== true) await connect(connection);
  }

  const command = (id: string, question: TargetQuestion, run: (connection: Connection) => unknown): Disposable =>
    commands.registerCommand(id, (argument?: unknown) =>
      reported(async () => {
        const connection = await targetOf(registry, argument, question);
        if (connection !== undefined) await run(connection);
      }),
    );
  const isOwn = ({ origin }: Connection): boolean => origin === "user";
  const hasLogin = ({ login }: Connection): boolean => login !== undefined;

  return Disposable.from(
    commands.registerCommand("sluice.addConnection", async () => {
      const added = await addConnection(parts);
      if (added !== undefined) await use(added);
    }),
    command("sluice.useConnection", { title: l10n.t("Use Connection") }, use),
    command("sluice.chooseConnection", { title: l10n.t("Choose Connection") }, use),
    command("sluice.connect", { title: l10n.t("Connect") }, async (connection) => {
      if (registry.stateOf(connection.id).kind === "open") registry.close(connection.id);
      await connect(connection);
      if (registry.stateOf(connection.id).kind === "open") {
        window.setStatusBarMessage(l10n.t("Connected to {0}", connection.name), 5000);
      }
    }),
    command("sluice.disconnect", { title: l10n.t("Disconnect") }, ({ id }) => registry.close(id)),
    command("sluice.editConnection", { title: l10n.t("Edit Connection"), isFor: isOwn }, async (connection) => {
      if (await editConnectionString(parts, connection)) await connect(connection);
    }),
    command("sluice.renameConnection", { title: l10n.t("Rename Connection"), isFor: isOwn }, (connection) =>
      renameConnection(parts, connection),
    ),
    command("sluice.duplicateConnection", { title: l10n.t("Duplicate Connection") }, async (connection) => {
      await renameConnection(parts, await duplicateConnection(parts, connection));
    }),
    command("sluice.removeConnection", { title: l10n.t("Remove Connection"), isFor: isOwn }, (connection) =>
      removeConnection(parts, connection),
    ),
    command("sluice.setPolicy", { title: l10n.t("Set Policy"), isFor: isOwn }, (connection) =>
      setPolicy(parts, connection),
    ),
    command("sluice.setColor", { title: l10n.t("Set Color"), isFor: isOwn }, (connection) =>
      setColor(parts, connection),
    ),
    command("sluice.setPassword", { title: l10n.t("Set Password"), isFor: hasLogin }, async (connection) => {
      if (await setPassword(parts, connection)) await connect(connection);
    }),
    command("sluice.forgetPassword", { title: l10n.t("Forget Password"), isFor: hasLogin }, (connection) =>
      forgetPassword(parts, connection),
    ),
    command("sluice.chooseAuthorityFile", { title: l10n.t("Choose CA File"), isFor: isOwn }, async (connection) => {
      if (await chooseAuthorityFile(parts, connection)) await connect(connection);
    }),
    command("sluice.copyConnectionString", { title: l10n.t("Copy Connection String") }, async (connection) => {
      await env.clipboard.writeText(connection.connectionString);
      window.setStatusBarMessage(l10n.t("Copied, without login and password"), 5000);
    }),
    commands.registerCommand("sluice.openWorkspaceConnections", (argument?: unknown) =>
      openSharedFile(parts.shared, connectionIdOf(argument)),
    ),
    commands.registerCommand("sluice.importConnections", () => reported(() => importConnections(parts))),
    commands.registerCommand("sluice.exportConnections", () => reported(() => exportConnections(parts))),
    commands.registerCommand("sluice.showLog", () => parts.log.show()),
  );
}

async function reported(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    await showError(error);
  }
}
