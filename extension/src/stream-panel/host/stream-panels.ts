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

  const adopt = (webviewPanel: WebviewPanel, connectionId: string, source: PanelSource, revision?: string): void => {
    webviewPanel.webview.options = { enableScripts: true, localResourceRoots: [...pageRoots(services.extensionUri)] };
    const panel = new StreamPanel({ services, documents, webviewPanel, connectionId, source, revision });
    panels.add(panel);
    webviewPanel.onDidDispose(() => {
      panels.delete(panel);
      panel.dispose();
    });
  };

  const open = async (wanted: OpenStream | undefined): Promise<void> => {
    const asked = wanted ?? (await askForStream(services.connections));
    if (asked === undefined) return;
    const { connectionId, stream, revision } = asked;
    const source: PanelSource = stream === "$all" ? { all: true } : { stream };
    const shown = [...panels].find((panel) => panel.shows(connectionId, source));
    if (shown !== undefined) {
      shown.reveal(revision);
      return;
    }
    const panel = window.createWebviewPanel(VIEW_TYPE, stream, ViewColumn.Active, { enableFindWidget: false });
    adopt(panel, connectionId, source, revision);
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
