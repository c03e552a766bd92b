import * as l10n from "@vscode/l10n";
import { type Disposable, MarkdownString, StatusBarAlignment, ThemeColor, window } from "vscode";
import { connectionItem } from "./connection-item.ts";
import type { ConnectionRegistry } from "./connection-registry.ts";

/** The current connection at the bottom of the window: name, state, policy, color. Hidden while there is none. */
export function connectionStatusBar(registry: ConnectionRegistry): Disposable {
  const entry = window.createStatusBarItem("sluice.connection", StatusBarAlignment.Left, 10);
  entry.name = l10n.t("Sluice Connection");
  entry.command = "sluice.chooseConnection";
  const show = (): void => {
    const { current } = registry;
    if (current === undefined) {
      entry.hide();
      return;
    }
    const state = registry.stateOf(current.id);
    const { icon, tooltip, color, spoken } = connectionItem(current, state, true);
    entry.text = `$(${icon}) ${current.name}${current.policy === "read-only" ? " $(lock)" : ""}`;
    entry.tooltip = new MarkdownString().appendText(tooltip.join("\n"));
    entry.color = color === undefined ? undefined : new ThemeColor(`sluice.${color}`);
    entry.backgroundColor = state.kind === "failed" ? new ThemeColor("statusBarItem.warningBackground") : undefined;
    entry.accessibilityInformation = { label: spoken, role: "button" };
    entry.show();
  };
  show();
  const listener = registry.onDidChange(show);
  return {
    dispose() {
      listener.dispose();
      entry.dispose();
    },
  };
}
