import { commands, Disposable, ViewColumn, type WebviewPanel, window } from "vscode";
import type { Services } from "../../services.ts";
import { parsePanelState } from "../model/panel-state.ts";
import { OPEN_STREAM_COMMAND, type OpenStream } from "../open-stream.ts";
import type { PanelSource } from "../schemas.ts";
import { askForStream } from "./ask-for-stream.ts";
import { eventDocuments } from "./event-documents.ts";
import { pageRoots } from "./panel-page.ts";
import { StreamPanel } from "./stream-panel.ts";

/** Names panels of this kind to VS Code, which brings them back after a reload by it. */
const VIEW_TYPE = "sluice.stream";

const COPIES = ["id", "data", "fixture"] as const;

/** Opens panels on streams, and brings them back after a reload. */
export function registerStreamPanels(services: Services): Disposable {
  const documents = eventDocuments();
  const panels = new Set<StreamPanel>();

  /** The one that the next look takes over. */
  let preview: StreamPanel | undefined;

  const adopt = (
    webviewPanel: WebviewPanel,
    connectionId: string,
    source: PanelSource,
    revision?: string,
  ): StreamPanel => {
    webviewPanel.webview.options = { enableScripts: true, localResourceRoots: [...pageRoots(services.extensionUri)] };
    const onKept = (): void => void (preview = preview === panel ? undefined : preview);
    const panel = new StreamPanel({ services, documents, webviewPanel, connectionId, source, revision, onKept });
    panels.add(panel);
    webviewPanel.onDidDispose(() => {
      panels.delete(panel);
      onKept();
      panel.dispose();
    });
    return panel;
  };

  const open = async (wanted: OpenStream | undefined): Promise<void> => {
    const asked = wanted ?? (await askForStream(services.connections));
    if (asked === undefined) return;
    const { connectionId, stream, revision, isPreview = false } = asked;
    const source: PanelSource = stream === "$all" ? { all: true } : { stream };
    const shown = [...panels].find((panel) => panel.shows(connectionId, source));
    if (shown !== undefined) {
      if (shown === preview && !isPreview) preview = undefined;
      shown.reveal(revision, isPreview);
      return;
    }
    if (isPreview && preview?.isOf(connectionId) === true) {
      preview.show(source);
      return;
    }
    const column = (isPreview ? preview?.column : undefined) ?? ViewColumn.Active;
    if (isPreview) preview?.close();
    const where = { viewColumn: column, preserveFocus: isPreview };
    const panel = window.createWebviewPanel(VIEW_TYPE, stream, where, { enableFindWidget: false });
    const opened = adopt(panel, connectionId, source, revision);
    if (isPreview) preview = opened;
  };

  const onActive = (act: (panel: StreamPanel) => Promise<void>) => async (): Promise<void> => {
    const active = [...panels].find(({ isActive }) => isActive);
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
    ...COPIES.map((what) =>
      commands.registerCommand(`sluice.stream.copy-${what}`, (picked: unknown) =>
        onActive((panel) => panel.copyPicked(what, picked))(),
      ),
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
