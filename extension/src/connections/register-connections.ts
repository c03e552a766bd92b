import { Disposable, window } from "vscode";
import { registerConnectionCommands } from "./connection-commands.ts";
import type { ConnectionParts } from "./connection-parts.ts";
import { connectionStatusBar } from "./connection-status-bar.ts";
import { ConnectionsTree } from "./connections-tree.ts";
import { connectionContextKeys } from "./context-keys.ts";
import { sharedNotices } from "./shared-notices.ts";

/** The Connections view, its commands, the status bar entry and the context keys. */
export function registerConnections(parts: ConnectionParts): Disposable {
  const { registry, shared } = parts;
  const tree = new ConnectionsTree(registry, () => sharedNotices(shared));
  const view = window.createTreeView("sluice.connections", { treeDataProvider: tree, showCollapseAll: false });
  const showReason = async (connectionId: string): Promise<boolean> => {
    if (!view.visible) return false;
    await view.reveal({ kind: "connection", connectionId }, { select: false });
    return true;
  };
  return Disposable.from(
    tree,
    view,
    registry.onDidChange(() => tree.refresh()),
    connectionStatusBar(registry),
    connectionContextKeys(registry),
    registerConnectionCommands(parts, showReason),
  );
}
