import * as l10n from "@vscode/l10n";
import { render } from "lit";
import { onceAFrame } from "../../webview/view/once-a-frame.ts";
import type { PanelLink } from "../../webview/view/panel-link.ts";
import { StateKeeper } from "../../webview/view/state-keeper.ts";
import { takeSurroundings } from "../../webview/view/surroundings.ts";
import type { FlowAction } from "../model/flow-action.ts";
import type { FlowState, Tab } from "../model/flow-state.ts";
import { svgText } from "../model/svg-text.ts";
import { tableAction } from "../model/table-keys.ts";
import type { TableRow } from "../model/tables.ts";
import type { ToHost, ToView } from "../protocol.ts";
import { Asked } from "./asked.ts";
import { type Conversation, type Course, FlowPicture } from "./flow-picture.ts";
import { flowTemplate } from "./flow-template.ts";
import { themePalette } from "./palette.ts";

type Shown = ToView & { kind: "shown" };
type Links = ToView & { kind: "links" };

/** What is asked of the host. */
type Wanted = "read" | "links" | "course";

const ZOOMS = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2] as const;

/** The panel as its user sees it: holds what is shown, and draws it once a frame at most. */
export class FlowView {
  readonly #root: HTMLElement;
  readonly #link: PanelLink<ToView, ToHost, FlowState>;
  readonly post: (message: ToHost) => void;
  readonly #keeper: StateKeeper<FlowState>;
  readonly #asked = new Asked<Wanted>();
  readonly draw = onceAFrame(() => this.#frame());
  #isRevealing = false;
  #picture: FlowPicture | undefined;
  shown: Shown | undefined;
  connection: "open" | "unreachable" | "removed" = "open";
  conversation: Conversation | undefined;
  course: Course | undefined;
  links: Links | undefined;
  /** Why the last reading came to nothing. */
  failure: string | undefined;
  progress: (ToView & { kind: "progress" }) | undefined;
  tab: Tab = "tree";
  active: string | undefined;
  /** The event of the timeline's stream that is looked at, by its revision. */
  activeStep: string | undefined;
  areLinksShown = false;
  instance: string | undefined;
  share = 0.55;
  zoom: number = 1;
  readonly open = new Set<string>();

  constructor(root: HTMLElement, link: PanelLink<ToView, ToHost, FlowState>) {
    this.#root = root;
    this.#link = link;
    this.post = link.post;
    this.#keeper = new StateKeeper(link.keep, () => this.#stateToKeep());
  }

  start(): void {
    this.#link.onMessage((message) => this.#receive(message));
    window.addEventListener("resize", () => this.draw());
    // What is drawn takes the focus where nothing in it has it: VS Code gives it to the panel when it likes.
    window.addEventListener("focus", () => this.draw());
    const { kept } = this.#link;
    if (kept !== undefined) {
      this.tab = kept.tab;
      this.active = kept.active ?? undefined;
      this.areLinksShown = kept.areLinksShown;
      this.instance = kept.instance ?? undefined;
      this.share = kept.share;
      kept.open.forEach((key) => this.open.add(key));
    }
    this.post({ kind: "ready" });
  }

  get picture(): FlowPicture | undefined {
    const { conversation } = this;
    if (conversation === undefined) return undefined;
    const links = this.areLinksShown ? (this.links?.links ?? []) : [];
    this.#picture ??= new FlowPicture({ conversation, links, open: this.open, course: this.course });
    return this.#picture;
  }

  isWaitingFor(wanted: Wanted): boolean {
    return this.#asked.of(wanted) !== undefined;
  }

  read(isFurther: boolean): void {
    this.failure = undefined;
    this.post({ kind: "read", request: this.#ask("read"), isFurther });
    this.draw();
  }

  /** What was found until now is enough. */
  stop(): void {
    const request = this.#asked.of("read");
    if (request !== undefined) this.post({ kind: "stop", request });
  }

  show(tab: Tab): void {
    this.tab = tab;
    this.#isRevealing = true;
    if (tab === "timeline") this.#wantCourse();
    this.draw();
  }

  showInstance(stream: string): void {
    this.instance = stream;
    this.activeStep = undefined;
    this.#wantCourse();
    this.draw();
  }

  toggleLinks(): void {
    this.areLinksShown = !this.areLinksShown;
    this.#picture = undefined;
    if (this.areLinksShown) this.#wantLinks();
    this.draw();
  }

  zoomBy(step: 1 | -1): void {
    const at = ZOOMS.findIndex((zoom) => zoom === this.zoom);
    this.zoom = ZOOMS[Math.max(0, Math.min(ZOOMS.length - 1, at + step))] ?? 1;
    this.draw();
  }

  resize(share: number): void {
    this.share = share;
    this.draw();
  }

  /** Makes it the one that keys act on. */
  turnTo(key: string): void {
    if (this.tab === "timeline") this.activeStep = key;
    else this.active = key;
    this.#isRevealing = true;
    this.draw();
  }

  /** The row that keys act on in the tab that is shown. */
  get activeKey(): string | undefined {
    return this.tab === "timeline" ? this.activeStep : this.active;
  }

  /** Acts on what is active now, which need not be drawn yet. Answers whether the key does something. */
  onTableKey(key: string, page: number): boolean {
    const rows = this.picture?.table(this.tab).rows ?? [];
    const action = tableAction(key, rows, this.activeKey, page);
    if (action === undefined) return false;
    if (action.kind === "move") this.turnTo(action.key);
    else if (action.kind === "open") this.openEvent(action.row);
    else this.toggle(action.row);
    return true;
  }

  /** Of a drawing: an event is shown in its stream, a group is opened or closed. */
  pick(key: string): void {
    this.turnTo(key);
    const row = this.picture?.table(this.tab).rows.find((other) => other.key === key);
    if (row === undefined) return;
    if (row.isOpen === undefined) this.openEvent(row);
    else this.toggle(row);
  }

  toggle({ key }: TableRow): void {
    if (!this.open.delete(key)) this.open.add(key);
    this.#picture = undefined;
    this.draw();
  }

  openEvent({ event }: TableRow): void {
    if (event !== undefined) this.post({ kind: "open", ...event });
  }

  act(what: FlowAction): void {
    switch (what) {
      case "tree":
      case "sequence":
      case "timeline":
      case "table":
        return this.show(what);
      case "reload":
        return this.read(false);
      case "links":
        return this.toggleLinks();
      case "save-svg":
        return this.#saveSvg();
      case "copy-mermaid":
        return this.#withMermaid((text) => this.post({ kind: "copy", text }));
      case "save-mermaid":
        return this.#withMermaid((text) => this.post({ kind: "save", extension: "mmd", text }));
    }
  }

  #frame(): void {
    if (this.shown === undefined) return;
    render(flowTemplate(this, this.shown), this.#root);
    if (this.#isRevealing) {
      this.#isRevealing = false;
      for (const active of this.#root.querySelectorAll(":is(tr,rect).active")) {
        active.scrollIntoView({ block: "nearest", inline: "nearest" });
      }
    }
    if (document.hasFocus() && document.activeElement === document.body) {
      this.#root.querySelector<HTMLElement>(".flow-table")?.focus();
    }
    this.#keeper.soon();
  }

  #receive(message: ToView): void {
    switch (message.kind) {
      case "shown":
        this.#takeShown(message);
        break;
      case "connection":
        this.connection = message.state;
        break;
      case "progress":
        if (this.#asked.isAwaited(message.request)) this.progress = message;
        break;
      case "conversation":
        if (this.#takes(message)) this.#takeConversation(message);
        break;
      case "links":
        if (this.#takes(message)) {
          this.links = message;
          this.#picture = undefined;
        }
        break;
      case "course":
        if (this.#takes(message)) {
          this.course = message;
          this.#picture = undefined;
          this.activeStep ??= this.#stepOfActive();
          this.#isRevealing = true;
        }
        break;
      case "failed":
        if (this.#takes(message)) this.failure = message.message;
        break;
      case "do":
        this.act(message.what);
        break;
    }
    this.draw();
  }

  #takeShown(message: Shown): void {
    const before = this.shown;
    this.shown = message;
    this.connection = "open";
    takeSurroundings(message);
    const { from } = message;
    if (before === undefined && from !== undefined) this.active ??= `${from.revision}@${from.stream}`;
    const { isStopped, server } = message.connection;
    const isOther = before === undefined || before.connection.isStopped || before.connection.server !== server;
    if (isOther && !isStopped) this.read(false);
  }

  #takeConversation(message: Conversation): void {
    this.conversation = message;
    this.links = undefined;
    this.course = undefined;
    this.#picture = undefined;
    const { picture } = this;
    const [first] = picture?.causes ?? [];
    this.active ??= first?.event.key;
    const { instances = [] } = picture ?? {};
    if (this.instance === undefined || !instances.includes(this.instance)) {
      const own = message.events.find(({ key }) => key === this.active)?.stream;
      this.instance = own !== undefined && instances.includes(own) ? own : instances[0];
    }
    this.#isRevealing = true;
    if (this.areLinksShown) this.#wantLinks();
    if (this.tab === "timeline") this.#wantCourse();
  }

  #wantLinks(): void {
    if (this.links === undefined && this.conversation !== undefined) {
      this.post({ kind: "links", request: this.#ask("links") });
    }
  }

  #wantCourse(): void {
    if (this.instance === undefined || this.course?.stream === this.instance) return;
    this.post({ kind: "course", request: this.#ask("course"), stream: this.instance });
  }

  /** The event that was looked at in the tree, where it lies in the stream of the timeline. */
  #stepOfActive(): string | undefined {
    const event = this.conversation?.events.find(({ key }) => key === this.active);
    return event?.stream === this.instance ? event?.revision : undefined;
  }

  #ask(wanted: Wanted): number {
    this.progress = undefined;
    return this.#asked.ask(wanted);
  }

  #takes({ request }: { readonly request: number }): boolean {
    if (!this.#asked.take(request)) return false;
    this.progress = undefined;
    return true;
  }

  #saveSvg(): void {
    const drawing = this.picture?.drawing(this.tab === "table" ? "sequence" : this.tab);
    if (drawing === undefined || this.shown === undefined) return;
    const title = l10n.t("Conversation {0}", this.shown.correlationId);
    this.post({ kind: "save", extension: "svg", text: svgText(drawing, themePalette(), title) });
  }

  #withMermaid(take: (text: string) => void): void {
    const text = this.picture?.mermaid(this.tab);
    if (text !== undefined) take(text);
  }

  #stateToKeep(): FlowState | undefined {
    const { shown } = this;
    if (shown === undefined) return undefined;
    const { from } = shown;
    return {
      connectionId: shown.connection.id,
      correlationId: shown.correlationId,
      ...(from !== undefined && { from }),
      tab: this.tab,
      active: this.active ?? null,
      open: [...this.open],
      areLinksShown: this.areLinksShown,
      instance: this.instance ?? null,
      share: this.share,
    };
  }
}
