import { render } from "lit";
import { Browsing, type Spot } from "../model/browsing.ts";
import { actionFor } from "../model/grid-keys.ts";
import { parseFilter } from "../model/filter/parse-filter.ts";
import type { PanelState, Stop } from "../model/panel-state.ts";
import type { Place } from "../../events/place.ts";
import type { ToView } from "../protocol.ts";
import { isSameSource, type PanelSource } from "../schemas.ts";
import { EventGrid } from "./event-grid.ts";
import { act, perform } from "./grid-keyboard.ts";
import { NewestPlace } from "./newest-place.ts";
import { PanelFocus } from "./panel-focus.ts";
import { FilterField } from "./filter-field.ts";
import { HeldEvent } from "./held-event.ts";
import type { HostLink } from "./host-link.ts";
import { LiveControl } from "./live-control.ts";
import { panelTemplate } from "./panel-template.ts";
import { ScrollAnchor } from "./scroll-anchor.ts";
import { Selection } from "./selection.ts";
import { onceAFrame } from "../../webview/view/once-a-frame.ts";
import { StateKeeper } from "../../webview/view/state-keeper.ts";
import { takeSurroundings } from "../../webview/view/surroundings.ts";
import { ToldState } from "./told-state.ts";
import { Way } from "./way.ts";

type Shown = ToView & { kind: "shown" };

/** How near to an edge of what is held the next page is asked for, in rows. */
const NEAR = 60;

/** The panel as its user sees it: holds what is shown, and draws it once a frame at most. */
export class PanelView {
  readonly #root: HTMLElement;
  readonly #link: HostLink;
  readonly post: HostLink["post"];
  readonly grid: EventGrid;
  readonly browsing: Browsing;
  #requests = 0;
  readonly draw = onceAFrame(() => this.#frame());
  #isRevealing = false;
  readonly #anchor = new ScrollAnchor();
  readonly way = new Way();
  shown: Shown | undefined;
  connection: "open" | "unreachable" | "stopped" | "removed" = "open";
  readonly selection: Selection;
  readonly live: LiveControl;
  readonly #keeper: StateKeeper<PanelState>;
  detailsShare = 0.42;
  columns: Record<string, number> = {};
  filterText = "";
  readonly filterField = new FilterField(() => this.draw());
  readonly newest: NewestPlace;
  readonly #held: HeldEvent;
  readonly #told: ToldState;
  readonly #focus: PanelFocus;

  constructor(root: HTMLElement, link: HostLink) {
    this.#root = root;
    this.#link = link;
    this.post = link.post;
    this.grid = new EventGrid(() => this.draw());
    const nextRequest = (): number => ++this.#requests;
    this.browsing = new Browsing({
      post: link.post,
      nextRequest,
      onChange: (change) => {
        this.#anchor.add(change);
        this.draw();
      },
    });
    const { post } = link;
    this.selection = new Selection({ browsing: this.browsing, post, nextRequest, onChange: () => this.draw() });
    this.#told = new ToldState(post);
    this.newest = new NewestPlace(post, nextRequest);
    this.#held = new HeldEvent(post, nextRequest);
    this.live = new LiveControl(this.browsing, this.#anchor);
    this.#focus = new PanelFocus(
      root,
      this.grid,
      () => this.draw(),
      () => this.selection.act("data"),
    );
    this.#keeper = new StateKeeper(link.keep, () => this.#stateToKeep());
  }

  start(): void {
    this.#link.onMessage((message) => this.#receive(message));
    for (const kind of ["wheel", "pointerdown", "keydown"] as const) {
      this.#root.addEventListener(kind, () => this.#anchor.release(this.browsing.live === "following"), {
        capture: true,
        passive: true,
      });
    }
    window.addEventListener("resize", () => this.draw());
    this.#focus.start();
    this.#link.post({ kind: "ready" });
  }

  /** Shows another source, or another part of it; what is shown now can be gone back to. */
  go(source: PanelSource, spot: Spot, filter = ""): void {
    this.way.leave(this.#stop());
    this.#show(source, filter, spot, typeof spot === "string" ? undefined : spot);
  }

  /** Where its host sends it; a filter stays in its stream. */
  #goTo(source: PanelSource, spot: Spot): void {
    const isSame = isSameSource(source, this.browsing.source);
    this.go(source, spot, isSame ? this.browsing.filter : "");
  }

  step(way: "back" | "forward"): void {
    const stop = this.way.step(way, this.#stop());
    if (stop !== undefined) {
      this.#showStop(stop);
    }
  }

  /** Reads the source anew, with what stands in the filter's field, around what is in sight. */
  applyFilter(): void {
    const { source, filter, live } = this.browsing;
    const { filterText } = this;
    if (filterText !== filter && parseFilter(filterText, Date.now()).problem === undefined) {
      const { active } = this.selection;
      const place = active ?? this.#stop().top?.place;
      this.#show(source, filterText, live === "off" ? (place ?? "end") : "end", active);
      if (live !== "off") {
        this.live.toggle();
      }
    }
    this.draw();
  }

  /** Reads all anew where it is; what was followed is followed on. */
  reload(): void {
    const isLive = this.browsing.live !== "off";
    this.#showStop(this.#stop());
    if (isLive) {
      this.live.toggle();
    }
  }

  /** Goes to what the active row leads to, if it is a link. */
  followLink(): void {
    const target = this.browsing.window.rows[this.selection.index]?.link?.target;
    if (target !== undefined) this.go({ stream: target.stream }, { revision: target.revision });
  }

  toEdge(edge: "start" | "end"): void {
    if (edge === "end" && this.live.toNewest()) this.selection.reset(undefined);
    else this.#show(this.browsing.source, this.browsing.filter, edge, undefined);
  }

  openDetails(): void {
    // The pane takes room from the grid, perhaps just where the row is.
    this.#isRevealing = !this.selection.isDetailsOpen;
    this.selection.openDetails();
  }

  closeDetails(): void {
    this.selection.closeDetails();
    this.grid.focus();
  }

  resizeColumn(id: string, width: number): void {
    this.columns = { ...this.columns, [id]: width };
    this.draw();
  }

  resizeDetails(share: number): void {
    this.detailsShare = share;
    this.draw();
  }

  onKey(event: KeyboardEvent): void {
    const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
    const page = this.grid.page;
    const action = actionFor({ key, isShift: shiftKey, isCtrl: ctrlKey || metaKey, isAlt: altKey }, page);
    if (action === undefined) {
      return;
    }
    event.preventDefault();
    perform(this, action);
  }

  #frame(): void {
    if (this.shown === undefined) {
      return;
    }
    this.#chooseActive();
    this.#drawNow();
    if (this.#anchor.settle(this.grid, this.browsing, this.live.isPaused)) {
      this.#drawNow();
    }
    if (this.#isRevealing) {
      this.#isRevealing = false;
      this.grid.reveal(this.selection.index);
    }
    this.#focus.settle();
    this.browsing.taken();
    this.#told.tell({
      canGoBack: this.way.back.length > 0,
      canGoForward: this.way.forward.length > 0,
      canCompare: this.selection.marked !== undefined,
      gridFocus: this.#focus.isInGrid,
    });
    this.#wantMore();
    this.#keeper.soon();
  }

  #receive(message: ToView): void {
    switch (message.kind) {
      case "shown":
        this.#takeShown(message);
        break;
      case "connection":
        this.connection = message.state;
        this.draw();
        break;
      case "go":
        this.#goTo(message.source, message.to);
        break;
      case "do":
        act(this, message.what, message.place);
        break;
      case "newest":
        this.newest.receive(message);
        this.draw();
        break;
      case "details":
        if (this.#held.isGone(message)) this.reload();
        this.selection.details.receive(message);
        this.draw();
        break;
      case "back":
        if (!this.#held.ask(this.browsing)) this.reload();
        break;
      case "tailed":
        this.browsing.receive(message);
        this.live.rate.saw(this.browsing.figures.arrived, performance.now());
        break;
      case "failed":
        if (this.#held.isGone(message)) this.reload();
        else if (this.selection.details.fail(message)) this.draw();
        else this.browsing.receive(message);
        break;
      default:
        this.browsing.receive(message);
    }
  }

  #takeShown(message: Shown): void {
    const before = this.shown;
    this.shown = message;
    const { isStopped } = message.connection;
    this.connection = isStopped ? "stopped" : "open";
    takeSurroundings(message);
    if (before === undefined) {
      const { kept } = this.#link;
      if (kept !== undefined) {
        this.#restore(kept);
      } else {
        this.#show(message.source, "", message.place ?? "end", message.place);
      }
    } else if (!isStopped && (before.connection.isStopped || before.connection.server !== message.connection.server)) {
      this.reload();
    }
    this.draw();
  }

  #restore({ at, back, forward, isDetailsOpen, detailsShare, columns, isLive }: PanelState): void {
    this.way.restore(back, forward);
    if (isDetailsOpen) {
      this.selection.openDetails();
    }
    this.detailsShare = detailsShare;
    this.columns = columns;
    this.#showStop(at);
    if (isLive) {
      this.live.toggle();
    }
  }

  #showStop({ source, filter, top, active }: Stop): void {
    this.#show(source, filter, top?.place ?? "end", active ?? undefined);
    this.#anchor.set(top?.place ?? "end", top?.offset);
  }

  #show(source: PanelSource, filter: string, spot: Spot, active: Place | undefined): void {
    this.filterText = filter;
    this.#anchor.set(spot);
    this.#link.post({ kind: "moved", source, filter });
    this.newest.ask(source, isSameSource(source, this.browsing.source));
    this.browsing.show(source, filter, spot);
    this.selection.reset(active);
  }

  #chooseActive(): void {
    const { rows } = this.browsing.window;
    if (!this.browsing.isFresh) {
      this.selection.propose((this.#anchor.isAtEnd ? rows.at(-1) : rows[0])?.place);
    }
  }

  /** Makes this row the active one, and shows it. */
  moveTo(index: number, isExtending: boolean): void {
    const { rows } = this.browsing.window;
    const bounded = Math.max(0, Math.min(rows.length - 1, index));
    const row = rows[bounded];
    if (row !== undefined) {
      this.selection.pick(row.place, isExtending);
      this.grid.reveal(bounded);
    }
  }

  #drawNow(): void {
    if (this.shown !== undefined) {
      render(panelTemplate(this, this.shown), this.#root);
      this.grid.connect(this.#root);
    }
  }

  /** Asks for the page behind the edge that is near. */
  #wantMore(): void {
    const { rows } = this.browsing.window;
    const { index } = this.grid.top;
    if (index + this.grid.page + NEAR > rows.length) {
      this.browsing.want("after");
    }
    if (index < NEAR) {
      this.browsing.want("before");
    }
  }

  #stop(): Stop {
    const { index, offset } = this.grid.top;
    const { rows, end } = this.browsing.window;
    const top = rows[index];
    const isAtEnd = end.isReached && this.grid.isAtEnd;
    return {
      source: this.browsing.source,
      filter: this.browsing.filter,
      top: isAtEnd || top === undefined ? null : { place: top.place, offset },
      active: this.selection.active ?? null,
    };
  }

  /** While the first page is on its way, what was kept before is right and what is shown is not yet. */
  #stateToKeep(): PanelState | undefined {
    const { shown, detailsShare, columns, way } = this;
    if (shown === undefined || this.browsing.isFresh || !this.#anchorIsMet()) {
      return undefined;
    }
    return {
      connectionId: shown.connection.id,
      at: this.#stop(),
      back: [...way.back],
      forward: [...way.forward],
      isDetailsOpen: this.selection.isDetailsOpen,
      detailsShare,
      columns,
      isLive: this.browsing.live !== "off",
    };
  }

  #anchorIsMet(): boolean {
    return this.browsing.search("before") === undefined || !this.#anchor.isSet;
  }
}
