import { commands, Disposable, l10n, ViewColumn, type WebviewPanel, window } from "vscode";
import { askText } from "../../quick-input/ask-text.ts";
import type { Services } from "../../services.ts";
import { pageRoots } from "../../webview/panel-page.ts";
import { FLOW_ACTIONS } from "../model/flow-action.ts";
import { parseFlowState } from "../model/flow-state.ts";
import { OPEN_FLOW_COMMAND, type OpenFlow } from "../open-flow.ts";
import { FlowPanel } from "./flow-panel.ts";

/** Names panels of this kind to VS Code, which brings them back after a reload by it. */
const VIEW_TYPE = "sluice.flow";

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

  const openById = async (): Promise<void> => {
    const { current } = services.connections;
    if (current === undefined) {
      void window.showInformationMessage(l10n.t("There is no connection yet. Add one in the view Connections."));
      return;
    }
    const id = await askText({
      title: l10n.t("Show a Conversation of {0}", current.name),
      prompt: l10n.t("Its correlation id, as it stands in the metadata of its events."),
    });
    if (typeof id === "string" && id !== "") open({ connectionId: current.id, correlationId: id });
  };

  return Disposable.from(
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
