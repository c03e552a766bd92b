import { commands, type Disposable, env, l10n, Uri, type WebviewPanel, window, workspace } from "vscode";
import { shownConnection, titlePanel } from "../../connections/panel-connection.ts";
import { showError } from "../../connections/show-error.ts";
import { integer64 } from "../../events/place.ts";
import { shortName } from "../../events/short-name.ts";
import type { Services } from "../../services.ts";
import { OPEN_STREAM_COMMAND, type OpenStream } from "../../stream-panel/open-stream.ts";
import { wait } from "../../timing/wait.ts";
import { panelPage } from "../../webview/panel-page.ts";
import type { FlowAction } from "../model/flow-action.ts";
import type { OpenFlow } from "../open-flow.ts";
import { parseToHost, type ToHost, type ToView } from "../protocol.ts";
import { FlowSession } from "./flow-session.ts";

export interface FlowPanelOptions {
  readonly services: Services;
  readonly webviewPanel: WebviewPanel;
  readonly shown: OpenFlow;
}

type Of<Kind extends ToHost["kind"]> = ToHost & { kind: Kind };

/** One conversation's panel: what VS Code does for it, around the session that reads. */
export class FlowPanel implements Disposable {
  readonly #options: FlowPanelOptions;
  readonly #session: FlowSession;
  readonly #listeners: Disposable[] = [];
  #isReady = false;
  #isShown = false;

  constructor(options: FlowPanelOptions) {
    const { services, webviewPanel, shown } = options;
    const { connections, extensionUri } = services;
    const { connectionId, correlationId, from } = shown;
    this.#options = options;
    this.#session = new FlowSession({
      asked: {
        correlationId,
        ...(from !== undefined && {
          from: { ...from, position: { commit: integer64(from.commit), prepare: integer64(from.prepare) } },
        }),
      },
      post: (message) => this.#post(message),
      open: () => connections.open(connectionId),
      wait,
      onState: (lost) => this.#post({ kind: "connection", state: lost === undefined ? "open" : "unreachable" }),
      snapshots: async () => (await import("../reading/snapshot-state.ts")).snapshotState,
    });
    this.#listeners.push(
      webviewPanel.webview.onDidReceiveMessage((message: unknown) => {
        const parsed = parseToHost(message);
        if (parsed !== undefined) this.#receive(parsed);
      }),
      // VS Code takes the view of a hidden panel away, and begins it anew when it is shown.
      webviewPanel.onDidChangeViewState(() => {
        if (webviewPanel.visible) return;
        this.#isReady = false;
        this.#session.leave();
      }),
      connections.onDidChange((id) => {
        if (id === undefined || id === connectionId) this.#showConnection();
      }),
    );
    this.#setTitle();
    webviewPanel.webview.html = panelPage(webviewPanel.webview, extensionUri, "flow", webviewPanel.title);
  }

  get isActive(): boolean {
    return this.#options.webviewPanel.active;
  }

  shows({ connectionId, correlationId }: OpenFlow): boolean {
    const { shown } = this.#options;
    return shown.connectionId === connectionId && shown.correlationId === correlationId;
  }

  reveal(): void {
    this.#options.webviewPanel.reveal();
  }

  do(what: FlowAction): void {
    this.#post({ kind: "do", what });
  }

  dispose(): void {
    this.#session.dispose();
    this.#listeners.forEach((listener) => listener.dispose());
  }

  #post(message: ToView): void {
    void this.#options.webviewPanel.webview.postMessage(message);
  }

  #receive(message: ToHost): void {
    switch (message.kind) {
      case "ready":
        this.#isReady = true;
        this.#isShown = false;
        this.#session.handle(message);
        this.#showConnection();
        break;
      case "open":
        void this.#reporting(() => this.#open(message));
        break;
      case "copy":
        void this.#reporting(() => this.#copy(message));
        break;
      case "save":
        void this.#reporting(() => this.#save(message));
        break;
      case "start-server":
        void commands.executeCommand("sluice.embedded.start");
        break;
      default:
        this.#session.handle(message);
    }
  }

  /** Tells the view whose streams it shows; of a connection that is removed meanwhile it keeps what it shows. */
  #showConnection(): void {
    const { services, shown } = this.#options;
    const { connectionId, correlationId, from } = shown;
    const connection = services.connections.find(connectionId);
    // The tab of a hidden panel is in sight all the same.
    if (connection !== undefined || !this.#isShown) this.#setTitle();
    if (!this.#isReady) return;
    if (connection === undefined && this.#isShown) {
      this.#post({ kind: "connection", state: "removed" });
      return;
    }
    this.#isShown = true;
    this.#post({
      kind: "shown",
      ...shownConnection(connectionId, connection),
      correlationId,
      ...(from !== undefined && { from }),
    });
    if (connection === undefined) this.#post({ kind: "connection", state: "removed" });
  }

  #setTitle(): void {
    const { services, webviewPanel, shown } = this.#options;
    const connection = services.connections.find(shown.connectionId);
    const name = l10n.t("Flow {0}", shortName(shown.correlationId));
    titlePanel(webviewPanel, name, connection);
  }

  async #open({ stream, revision }: Of<"open">): Promise<void> {
    const { connectionId } = this.#options.shown;
    const opened: OpenStream = { connectionId, stream, revision, isPreview: true, isBeside: true };
    await commands.executeCommand(OPEN_STREAM_COMMAND, opened);
  }

  async #copy({ text }: Of<"copy">): Promise<void> {
    await env.clipboard.writeText(text);
    window.setStatusBarMessage(l10n.t("Copied as Mermaid"), 3_000);
  }

  async #save({ extension, text }: Of<"save">): Promise<void> {
    const folder = workspace.workspaceFolders?.[0]?.uri;
    const file = `flow-${this.#options.shown.correlationId.replace(/[^\p{L}\p{N}.-]+/gu, "_").slice(0, 100)}`;
    const target = await window.showSaveDialog({
      title: l10n.t("Save the Drawing"),
      filters: extension === "svg" ? { SVG: ["svg"] } : { Mermaid: ["mmd"] },
      ...(folder !== undefined && { defaultUri: Uri.joinPath(folder, `${file}.${extension}`) }),
    });
    if (target === undefined) return;
    await workspace.fs.writeFile(target, new TextEncoder().encode(text));
    window.setStatusBarMessage(l10n.t("Saved {0}", target.fsPath), 3_000);
  }

  async #reporting(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const { services, shown } = this.#options;
      services.log.error(error instanceof Error ? error : String(error));
      await showError(error, services.connections.find(shown.connectionId));
    }
  }
}
