import { commands, Disposable, ViewColumn, type WebviewPanel, window } from "vscode";
import type { Services } from "../../services.ts";
import { parsePanelState } from "../model/panel-state.ts";
import { OPEN_STREAM_COMMAND, type OpenStream } from "../open-stream.ts";
import type { PanelSource } from "../schemas.ts";
import { askForStream } from "./ask-for-stream.ts";
import { eventDocuments } from "../../events/event-documents.ts";
import { pageRoots } from "../../webview/panel-page.ts";
import { PANEL_ACTIONS } from "../model/panel-action.ts";
import { parsePickedRow } from "../protocol.ts";
import { CONTEXT_KEYS, StreamPanel } from "./stream-panel.ts";

/** Names panels of this kind to VS Code, which brings them back after a reload by it. */
const VIEW_TYPE = "sluice.stream";

/** Opens panels on streams, and brings them back after a reload. */
export function registerStreamPanels(services: Services): Disposable {
  const documents = eventDocuments();
  const panels = new Set<StreamPanel>();

  /** The one that the next look takes over. */
  let preview: StreamPanel | undefined;

  const activePanel = (): StreamPanel | undefined => [...panels].find(({ isActive }) => isActive);
  const onContext = (): void => {
    const context = activePanel()?.context;
    for (const key of CONTEXT_KEYS) void commands.executeCommand("setContext", `sluice.stream.${key}`, context?.[key]);
  };

  const adopt = (
    webviewPanel: WebviewPanel,
    connectionId: string,
    source: PanelSource,
    revision?: string,
  ): StreamPanel => {
    webviewPanel.webview.options = { enableScripts: true, localResourceRoots: [...pageRoots(services.extensionUri)] };
    const onKept = (): void => void (preview = preview === panel ? undefined : preview);
    const panel = new StreamPanel({
      services,
      documents,
      webviewPanel,
      connectionId,
      source,
      revision,
      onKept,
      onContext,
    });
    panels.add(panel);
    webviewPanel.onDidChangeViewState(onContext);
    onContext();
    webviewPanel.onDidDispose(() => {
      panels.delete(panel);
      onKept();
      panel.dispose();
    });
    return panel;
  };

  /** The active one, unless a menu that was opened in another one still stands. */
  const panelOf = (connectionId: string): StreamPanel | undefined => {
    const active = activePanel();
    return active?.isOf(connectionId) === true ? active : [...panels].find((panel) => panel.isOf(connectionId));
  };

  const open = async (wanted: OpenStream | undefined): Promise<void> => {
    const asked = wanted ?? (await askForStream(services.connections));
    if (asked === undefined) return;
    const { connectionId, stream, revision, isPreview = false, isBeside = false } = asked;
    const source: PanelSource = stream === "$all" ? { all: true } : { stream };
    // What would cover the tab that it has to stand beside is left alone.
    const { viewColumn } = window.tabGroups.activeTabGroup;
    const isFree = ({ column }: StreamPanel): boolean => !isBeside || column !== viewColumn;
    const shown = [...panels].find((panel) => panel.shows(connectionId, source) && isFree(panel));
    if (shown !== undefined) {
      if (shown === preview && !isPreview) preview = undefined;
      shown.reveal(revision, isPreview);
      return;
    }
    if (isPreview && preview?.isOf(connectionId) === true && isFree(preview)) {
      preview.show(source, revision);
      return;
    }
    const ofPreview = isPreview && preview !== undefined && isFree(preview) ? preview.column : undefined;
    const column = ofPreview ?? (isBeside ? ViewColumn.Beside : ViewColumn.Active);
    if (isPreview) preview?.close();
    const where = { viewColumn: column, preserveFocus: isPreview };
    const panel = window.createWebviewPanel(VIEW_TYPE, stream, where, { enableFindWidget: false });
    const opened = adopt(panel, connectionId, source, revision);
    if (isPreview) preview = opened;
  };

  const onActive = (act: (panel: StreamPanel) => Promise<void>) => async (): Promise<void> => {
    const active = activePanel();
    if (active !== undefined) await act(active);
  };

  return Disposable.from(
    documents,
    commands.registerCommand(
      "sluice.stream.export",
      onActive((panel) => panel.export()),
    ),
    commands.registerCommand(
      "sluice.stream.append",
      onActive((panel) => panel.append()),
    ),
    ...PANEL_ACTIONS.map((what) =>
      commands.registerCommand(`sluice.stream.${what}`, (argument: unknown) => {
        const picked = parsePickedRow(argument);
        const panel = picked === undefined ? activePanel() : panelOf(picked.connectionId);
        return panel?.do(what, picked);
      }),
    ),
    commands.registerCommand(
      "sluice.stream.jump",
      onActive((panel) => panel.jump()),
    ),
    commands.registerCommand(OPEN_STREAM_COMMAND, open),
    window.registerWebviewPanelSerializer(VIEW_TYPE, {
      async deserializeWebviewPanel(webviewPanel, kept: unknown) {
        const state = parsePanelState(kept);
        if (state === undefined) {
          webviewPanel.dispose();
          return;
        }
        adopt(webviewPanel, state.connectionId, state.at.source);
      },
    }),
    new Disposable(() => panels.forEach((panel) => panel.dispose())),
  );
}
