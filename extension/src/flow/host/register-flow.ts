import { commands, Disposable, l10n, ViewColumn, type WebviewPanel, window } from "vscode";
import type { Connection } from "../../connections/connection.ts";
import { showError } from "../../connections/show-error.ts";
import { askText } from "../../quick-input/ask-text.ts";
import type { Services } from "../../services.ts";
import { pageRoots } from "../../webview/panel-page.ts";
import { FLOW_ACTIONS } from "../model/flow-action.ts";
import { parseFlowState } from "../model/flow-state.ts";
import { OPEN_FLOW_COMMAND, type OpenFlow } from "../open-flow.ts";
import { newestFlow } from "../reading/newest-flow.ts";
import { FlowPanel } from "./flow-panel.ts";

/** Names panels of this kind to VS Code, which brings them back after a reload by it. */
const VIEW_TYPE = "sluice.flow";
/** How long a server is asked for its newest events: the user waits. */
const ASKED_MS = 10_000;

/** Opens conversations, and brings them back after a reload. */
export function registerFlow(services: Services): Disposable {
  const panels = new Set<FlowPanel>();

  const adopt = (webviewPanel: WebviewPanel, shown: OpenFlow): void => {
    webviewPanel.webview.options = { enableScripts: true, localResourceRoots: [...pageRoots(services.extensionUri)] };
    const panel = new FlowPanel({ services, webviewPanel, shown });
    panels.add(panel);
    webviewPanel.onDidDispose(() => {
      panels.delete(panel);
      panel.dispose();
    });
  };

  const open = (wanted: OpenFlow): void => {
    const known = [...panels].find((panel) => panel.shows(wanted));
    if (known !== undefined) return known.reveal();
    const options = { enableFindWidget: false };
    adopt(window.createWebviewPanel(VIEW_TYPE, wanted.correlationId, ViewColumn.Active, options), wanted);
  };

  /** Lets the user choose one where there is none. */
  const connection = async (): Promise<Connection | undefined> => {
    if (services.connections.current === undefined) await commands.executeCommand("sluice.chooseConnection");
    return services.connections.current;
  };

  const openById = async (): Promise<void> => {
    const current = await connection();
    if (current === undefined) return;
    const id = await askText({
      title: l10n.t("Show a Conversation of {0}", current.name),
      prompt: l10n.t("Its correlation id, as it stands in the metadata of its events."),
    });
    if (typeof id === "string" && id !== "") open({ connectionId: current.id, correlationId: id });
  };

  const openNewest = async (): Promise<void> => {
    const current = await connection();
    if (current === undefined) return;
    try {
      const reader = await services.connections.open(current.id);
      const newest = await newestFlow(current.id, reader, AbortSignal.timeout(ASKED_MS));
      if (newest !== undefined) open(newest);
      else
        void window.showInformationMessage(
          l10n.t("None of the newest events of {0} has a correlation id. Send a message first.", current.name),
        );
    } catch (error) {
      await showError(error, current);
    }
  };

  return Disposable.from(
    commands.registerCommand("sluice.flow.newest", openNewest),
    // From the palette nothing is handed in.
    commands.registerCommand(OPEN_FLOW_COMMAND, (wanted: OpenFlow | undefined) =>
      wanted === undefined ? openById() : open(wanted),
    ),
    ...FLOW_ACTIONS.map((what) =>
      commands.registerCommand(`sluice.flow.${what}`, () => [...panels].find(({ isActive }) => isActive)?.do(what)),
    ),
    window.registerWebviewPanelSerializer(VIEW_TYPE, {
      async deserializeWebviewPanel(webviewPanel, kept: unknown) {
        const state = parseFlowState(kept);
        if (state === undefined) webviewPanel.dispose();
        else adopt(webviewPanel, state);
      },
    }),
    new Disposable(() => panels.forEach((panel) => panel.dispose())),
  );
}
