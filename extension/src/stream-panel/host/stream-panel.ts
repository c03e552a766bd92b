import { commands, type Disposable, l10n, type ViewColumn, type WebviewPanel, window } from "vscode";
import { shownConnection, titlePanel } from "../../connections/panel-connection.ts";
import { showError } from "../../connections/show-error.ts";
import { wait } from "../../timing/wait.ts";
import type { Services } from "../../services.ts";
import { parseJumpTarget } from "../model/jump-target.ts";
import { parseToHost, type PickedRow, type ToHost, type ToView } from "../protocol.ts";
import type { PanelAction } from "../model/panel-action.ts";
import { shortName } from "../../events/short-name.ts";
import type { PanelSource } from "../schemas.ts";
import type { EventDocuments } from "../../events/event-documents.ts";
import { EventActions } from "./event-actions.ts";
import { exportWithProgress } from "./export-with-progress.ts";
import { panelPage } from "../../webview/panel-page.ts";
import { PanelSession } from "./panel-session.ts";

export interface StreamPanelOptions {
  readonly services: Services;
  readonly documents: EventDocuments;
  readonly webviewPanel: WebviewPanel;
  readonly connectionId: string;
  readonly source: PanelSource;
  readonly revision: string | undefined;
  /** Told when the user has done something here that wants it to stay. */
  readonly onKept: () => void;
  /** Told when {@link StreamPanel.context} has changed. */
  readonly onContext: () => void;
}

/** What `when` clauses are told of the active panel, as `sluice.stream.*`. */
export type PanelContext = Readonly<Record<(typeof CONTEXT_KEYS)[number], boolean>>;
export const CONTEXT_KEYS = ["canGoBack", "canGoForward", "canCompare", "gridFocus", "canAppend"] as const;

/** One panel: what VS Code does for it, around the session that reads. */
export class StreamPanel implements Disposable {
  readonly #options: StreamPanelOptions;
  readonly #closed = new AbortController();
  readonly #session: PanelSession;
  readonly #events: EventActions;
  readonly #listeners: Disposable[] = [];
  #source: PanelSource;
  #filter = "";
  /** The view listens. VS Code takes that of a hidden panel away, and begins it anew when it is shown. */
  #isReady = false;
  #isShown = false;
  /** The server has gone away, or the connection was closed. */
  #isAway = false;
  /** Where the view is to go as soon as it listens. */
  #going: (ToView & { kind: "go" }) | undefined;
  #state: Omit<ToHost & { kind: "state" }, "kind"> = {
    canGoBack: false,
    canGoForward: false,
    canCompare: false,
    gridFocus: false,
  };

  constructor(options: StreamPanelOptions) {
    const { services, webviewPanel, connectionId, source } = options;
    const { connections, extensionUri } = services;
    this.#options = options;
    this.#source = source;
    this.#session = new PanelSession({
      post: (message) => this.#post(message),
      open: () => connections.open(connectionId),
      wait,
      onState: (lost) =>
        this.#post({
          kind: "connection",
          state: lost === undefined ? "open" : "unreachable",
          message: lost?.message ?? "",
        }),
    });
    const { documents } = options;
    this.#events = new EventActions({
      services,
      documents,
      connectionId,
      session: this.#session,
      signal: this.#closed.signal,
    });
    this.#listeners.push(
      webviewPanel.webview.onDidReceiveMessage((message: unknown) => {
        const parsed = parseToHost(message);
        if (parsed !== undefined) {
          this.#receive(parsed);
        }
      }),
      webviewPanel.onDidChangeViewState(() => {
        if (webviewPanel.visible) return;
        this.#isReady = false;
        this.#session.leave();
      }),
      connections.onDidChange((id) => {
        if (id === undefined || id === connectionId) {
          this.#showConnection();
          this.#seeBack();
          options.onContext();
        }
      }),
    );
    this.#setTitle();
    webviewPanel.webview.html = panelPage(webviewPanel.webview, extensionUri, "stream-panel", nameOf(source));
  }

  shows(connectionId: string, source: PanelSource): boolean {
    return connectionId === this.#options.connectionId && nameOf(source) === nameOf(this.#source);
  }

  isOf(connectionId: string): boolean {
    return connectionId === this.#options.connectionId;
  }

  get context(): PanelContext {
    const connection = this.#options.services.connections.find(this.#options.connectionId);
    const canWrite = connection !== undefined && connection.policy !== "read-only";
    return { ...this.#state, canAppend: canWrite && "stream" in this.#source && !this.#source.stream.startsWith("$") };
  }

  get column(): ViewColumn | undefined {
    return this.#options.webviewPanel.viewColumn;
  }

  close(): void {
    this.#options.webviewPanel.dispose();
  }

  /** Shows another stream in the same tab, without taking the focus. */
  show(source: PanelSource, revision: string | undefined): void {
    this.#source = source;
    this.#filter = "";
    this.#setTitle();
    this.#options.webviewPanel.reveal(undefined, true);
    this.#go(revision === undefined ? "end" : { revision });
  }

  get isActive(): boolean {
    return this.#options.webviewPanel.active;
  }

  /** Writes what the filter lets through into a file that the user chooses. */
  export(): Promise<void> {
    return this.#reporting(() => exportWithProgress(this.#session, nameOf(this.#source), this.#source, this.#filter));
  }

  /** Opens a draft of an event for this stream. */
  append(): Promise<void> {
    return this.#reporting(() => this.#events.append("all" in this.#source ? "" : this.#source.stream));
  }

  /** @param picked the row whose menu asks for it; the active one without it */
  do(what: PanelAction, picked: PickedRow | undefined): Promise<void> {
    return this.#reporting(async () => {
      if (picked === undefined) this.#post({ kind: "do", what });
      else await this.#doWith(what, picked);
    });
  }

  async #doWith(what: PanelAction, picked: PickedRow): Promise<void> {
    switch (what) {
      case "copy-id":
        return this.#events.copy({ what: "id", ...picked });
      case "copy-data":
        return this.#events.copy({ what: "data", ...picked });
      case "copy-fixture":
        return this.#events.copy({ what: "fixture", ...picked });
      case "open-in-editor":
        return this.#events.edit(picked);
      case "append-like":
        return this.#events.appendLike(picked);
      case "show-flow":
        return this.#events.showFlow(picked);
      default:
        if (nameOf(picked.source) !== nameOf(this.#source))
          throw new Error(l10n.t("The panel shows another stream by now."));
        this.#post({ kind: "do", what, place: picked.place });
    }
  }

  /** Asks the user where to go. */
  jump(): Promise<void> {
    return this.#reporting(() => this.#jump(this.#source));
  }

  reveal(revision: string | undefined, preservesFocus: boolean): void {
    this.#options.webviewPanel.reveal(undefined, preservesFocus);
    if (revision !== undefined) this.#go({ revision });
  }

  dispose(): void {
    this.#closed.abort();
    this.#session.dispose();
    this.#listeners.forEach((listener) => listener.dispose());
  }

  #go(to: (ToView & { kind: "go" })["to"]): void {
    this.#going = { kind: "go", source: this.#source, to };
    this.#goOn();
  }

  /** What a view is told before it listens is lost, or said before it knows what it has shown. */
  #goOn(): void {
    if (!this.#isReady || this.#going === undefined) return;
    this.#post(this.#going);
    this.#going = undefined;
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
        this.#goOn();
        break;
      case "moved":
        this.#source = message.source;
        this.#filter = message.filter;
        if (message.filter !== "") this.#options.onKept();
        this.#setTitle();
        this.#options.onContext();
        break;
      case "copy":
        void this.#reporting(() => this.#events.copy(message));
        break;
      case "edit":
        void this.#reporting(() => this.#events.edit(message));
        break;
      case "append-like":
        void this.#reporting(() => this.#events.appendLike(message));
        break;
      case "show-flow":
        void this.#reporting(() => this.#events.showFlow(message));
        break;
      case "start-server":
        void commands.executeCommand("sluice.embedded.start");
        break;
      case "state":
        this.#state = message;
        this.#options.onContext();
        break;
      case "compare":
        void this.#reporting(() => this.#events.compare(message));
        break;
      case "jump":
        void this.jump();
        break;
      default:
        this.#session.handle(message);
    }
  }

  /**
   * Tells the view whose streams it shows; it reads anew where that is another server or another login than before. Of a
   * connection that is removed meanwhile it keeps what it shows.
   */
  #showConnection(): void {
    const { services, connectionId, revision } = this.#options;
    const connection = services.connections.find(connectionId);
    // The tab of a hidden panel is in sight all the same.
    if (connection !== undefined || !this.#isShown) this.#setTitle();
    if (!this.#isReady) return;
    if (connection === undefined && this.#isShown) {
      this.#post({ kind: "connection", state: "removed", message: "" });
      return;
    }
    this.#isShown = true;
    this.#post({
      kind: "shown",
      ...shownConnection(connectionId, connection),
      source: this.#source,
      ...(revision !== undefined && { place: { revision } }),
    });
    if (connection === undefined) {
      this.#post({ kind: "connection", state: "removed", message: "" });
    }
  }

  /** A view that does not listen reads anew when it does. */
  #seeBack(): void {
    const { services, connectionId } = this.#options;
    const { kind } = services.connections.stateOf(connectionId);
    const isBack = this.#isAway && kind === "open";
    this.#isAway = kind === "failed" || kind === "closed" || (this.#isAway && kind === "opening");
    if (isBack && this.#isReady) this.#post({ kind: "back" });
  }

  #setTitle(): void {
    const { services, webviewPanel, connectionId } = this.#options;
    const connection = services.connections.find(connectionId);
    const stream = shortName(nameOf(this.#source));
    titlePanel(webviewPanel, stream, connection);
  }

  async #jump(source: PanelSource): Promise<void> {
    const text = await window.showInputBox({
      title: l10n.t("Go to in {0}", nameOf(source)),
      prompt:
        "all" in source
          ? l10n.t("A position, a time (2026-01-31 10:00, 9:30), how long ago (-15m, -2h, -1d), start or end")
          : l10n.t("A revision, a time (2026-01-31 10:00, 9:30), how long ago (-15m, -2h, -1d), start or end"),
      validateInput: (value) =>
        value === "" || parseJumpTarget(value, source, Date.now()) !== undefined
          ? undefined
          : l10n.t("This is neither a number nor a time."),
    });
    const target = parseJumpTarget(text ?? "", source, Date.now());
    if (target === undefined) {
      return;
    }
    const to =
      target.kind === "spot"
        ? target.spot
        : ((await this.#session.seekTime(source, target.time, this.#closed.signal)) ?? "end");
    this.#post({ kind: "go", source, to });
  }

  async #reporting(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!this.#closed.signal.aborted) {
        const { services, connectionId } = this.#options;
        services.log.error(error instanceof Error ? error : String(error));
        await showError(error, services.connections.find(connectionId));
      }
    }
  }
}

function nameOf(source: PanelSource): string {
  return "all" in source ? "$all" : source.stream;
}
