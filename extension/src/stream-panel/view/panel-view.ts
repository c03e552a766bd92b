import { render } from "lit";
import { Browsing, type Change, type Spot } from "../model/browsing.ts";
import { actionFor } from "../model/grid-keys.ts";
import { parseFilter } from "../model/filter/parse-filter.ts";
import type { PanelState, Stop } from "../model/panel-state.ts";
import { keyOf, type Place } from "../model/place.ts";
import type { Details, ToView } from "../protocol.ts";
import type { PanelSource } from "../schemas.ts";
import { EventGrid } from "./event-grid.ts";
import { perform } from "./grid-keyboard.ts";
import type { HostLink } from "./host-link.ts";
import { panelTemplate } from "./panel-template.ts";

type Shown = ToView & { kind: "shown" };

/** How many stops of the way are remembered. */
const WAY = 50;
/** How near to an edge of what is held the next page is asked for, in rows. */
const NEAR = 60;
const FIRST_LINES = 400;

/** The panel as its user sees it: holds what is shown, and draws it once a frame at most. */
export class PanelView {
  readonly #root: HTMLElement;
  readonly #link: HostLink;
  readonly #grid: EventGrid;
  readonly browsing: Browsing;
  #requests = 0;
  #isDrawing = false;
  #isKept = true;
  #detailsRequest = 0;
  /** Where the grid shall stand as soon as enough rows are there; the user's own scrolling ends it. */
  #anchor: { readonly place: Place; readonly offset: number } | "end" | undefined;
  #back: Stop[] = [];
  #forward: Stop[] = [];
  shown: Shown | undefined;
  connection: "open" | "unreachable" | "removed" = "open";
  active: Place | undefined;
  /** The second row, with which the active one is compared. */
  marked: Place | undefined;
  details: Details | null | undefined;
  isDetailsOpen = false;
  detailsShare = 0.42;
  columns: Record<string, number> = {};
  lines = FIRST_LINES;
  filterText = "";

  constructor(root: HTMLElement, link: HostLink) {
    this.#root = root;
    this.#link = link;
    this.#grid = new EventGrid(() => this.draw());
    this.browsing = new Browsing({
      post: link.post,
      nextRequest: () => ++this.#requests,
      onChange: (change) => this.#follow(change),
    });
  }

  start(): void {
    this.#link.onMessage((message) => this.#receive(message));
    for (const kind of ["wheel", "pointerdown", "keydown"] as const) {
      this.#root.addEventListener(kind, () => (this.#anchor = undefined), { capture: true, passive: true });
    }
    window.addEventListener("resize", () => this.draw());
    this.#link.post({ kind: "ready" });
  }

  get grid(): EventGrid {
    return this.#grid;
  }

  focusFilter(): void {
    this.#root.querySelector<HTMLElement>("vscode-textfield")?.focus();
  }

  get canGoBack(): boolean {
    return this.#back.length > 0;
  }

  get canGoForward(): boolean {
    return this.#forward.length > 0;
  }

  /** Shows another source, or another part of it; what is shown now can be gone back to. */
  go(source: PanelSource, spot: Spot, filter = ""): void {
    this.#back = [...this.#back, this.#stop()].slice(-WAY);
    this.#forward = [];
    this.#show(source, filter, spot, typeof spot === "string" ? undefined : spot);
  }

  step(way: "back" | "forward"): void {
    const [from, to] = way === "back" ? [this.#back, this.#forward] : [this.#forward, this.#back];
    const stop = from.pop();
    if (stop !== undefined) {
      to.push(this.#stop());
      this.#showStop(stop);
    }
  }

  /** Reads the source anew, with what stands in the filter's field, around what is in sight. */
  applyFilter(): void {
    const { problem } = parseFilter(this.filterText);
    if (problem !== undefined) {
      this.draw();
      return;
    }
    const place = this.active ?? this.#stop().top?.place;
    this.#show(this.browsing.source, this.filterText, place ?? "end", this.active);
  }

  reload(): void {
    this.#showStop(this.#stop());
  }

  jump(): void {
    this.#link.post({ kind: "jump", source: this.browsing.source });
  }

  toEdge(edge: "start" | "end"): void {
    this.#show(this.browsing.source, this.browsing.filter, edge, undefined);
  }

  pick(place: Place, isExtending: boolean): void {
    this.marked = isExtending ? (this.marked ?? this.active) : undefined;
    this.active = place;
    this.#readDetails();
    this.draw();
  }

  openDetails(): void {
    this.isDetailsOpen = true;
    this.#readDetails();
    this.draw();
  }

  closeDetails(): void {
    this.isDetailsOpen = false;
    this.marked = undefined;
    this.#grid.focus();
    this.draw();
  }

  act(what: "id" | "data" | "fixture" | "edit" | "compare"): void {
    const source = this.browsing.source;
    const { active: place, marked } = this;
    if (place === undefined) {
      return;
    }
    if (what === "edit") {
      this.#link.post({ kind: "edit", source, place });
    } else if (what === "compare") {
      if (marked !== undefined) {
        this.#link.post({ kind: "compare", source, places: [marked, place] });
      }
    } else {
      this.#link.post({ kind: "copy", what, source, place });
    }
  }

  showMoreLines(): void {
    this.lines *= 10;
    this.draw();
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
    const page = this.#grid.page;
    const action = actionFor({ key, isShift: shiftKey, isCtrl: ctrlKey || metaKey, isAlt: altKey }, page);
    if (action === undefined) {
      return;
    }
    event.preventDefault();
    perform(this, action);
  }

  draw(): void {
    if (!this.#isDrawing) {
      this.#isDrawing = true;
      requestAnimationFrame(() => {
        this.#isDrawing = false;
        this.#drawNow();
        this.#wantMore();
        this.#keepSoon();
      });
    }
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
        this.go(message.source, message.to, this.browsing.filter);
        break;
      case "details":
        if (message.request === this.#detailsRequest) {
          this.details = message.details;
          this.lines = FIRST_LINES;
          this.draw();
        }
        break;
      default:
        this.browsing.receive(message);
    }
  }

  #takeShown(message: Shown): void {
    const before = this.shown;
    this.shown = message;
    this.connection = "open";
    document.documentElement.lang = message.locale;
    if (before === undefined) {
      const { kept } = this.#link;
      if (kept !== undefined) {
        this.#restore(kept);
      } else {
        this.#show(message.source, "", message.place ?? "end", message.place);
      }
    } else if (before.connection.server !== message.connection.server) {
      this.reload();
    }
    this.draw();
  }

  #restore({ at, back, forward, isDetailsOpen, detailsShare, columns }: PanelState): void {
    this.#back = [...back];
    this.#forward = [...forward];
    this.isDetailsOpen = isDetailsOpen;
    this.detailsShare = detailsShare;
    this.columns = columns;
    this.#showStop(at);
  }

  #showStop({ source, filter, top, active }: Stop): void {
    this.#show(source, filter, top?.place ?? "end", active ?? undefined);
    this.#anchor = top ?? "end";
  }

  #show(source: PanelSource, filter: string, spot: Spot, active: Place | undefined): void {
    this.active = active;
    this.marked = undefined;
    this.details = undefined;
    this.filterText = filter;
    this.#anchor = spot === "end" ? "end" : spot === "start" ? undefined : { place: spot, offset: 0 };
    this.#link.post({ kind: "moved", source });
    this.browsing.show(source, filter, spot);
    this.#readDetails();
  }

  /** Keeps in sight what was, whatever came or went above it. */
  #follow({ shift, isReset }: Change): void {
    if (this.shown === undefined) {
      return;
    }
    this.#drawNow();
    const { rows } = this.browsing.window;
    if (this.#anchor === "end") {
      this.#grid.scrollToEnd();
    } else if (this.#anchor !== undefined) {
      this.#grid.putOnTop(this.browsing.window.nearest(this.#anchor.place), this.#anchor.offset);
    } else if (isReset) {
      this.#grid.putOnTop(0, 0);
    } else if (shift !== 0) {
      this.#grid.shift(shift);
    }
    if (this.active === undefined && rows.length > 0 && !this.browsing.isFresh) {
      this.active = (this.#anchor === "end" ? rows.at(-1) : rows[0])?.place;
    }
    this.draw();
  }

  /** Makes this row the active one, and shows it. */
  moveTo(index: number, isExtending: boolean): void {
    const { rows } = this.browsing.window;
    const bounded = Math.max(0, Math.min(rows.length - 1, index));
    const row = rows[bounded];
    if (row !== undefined) {
      this.pick(row.place, isExtending);
      this.#grid.reveal(bounded);
    }
  }

  /** Where the active row stands among those that are held; -1 without one. */
  get activeIndex(): number {
    return this.active === undefined ? -1 : this.browsing.window.nearest(this.active);
  }

  #readDetails(): void {
    const { active: place } = this;
    if (this.isDetailsOpen && place !== undefined) {
      if (this.details === null || (this.details && keyOf(this.details.place) !== keyOf(place))) {
        this.#link.post({ kind: "cancel", request: this.#detailsRequest });
      }
      this.#detailsRequest = ++this.#requests;
      this.#link.post({ kind: "details", request: this.#detailsRequest, source: this.browsing.source, place });
    }
  }

  #drawNow(): void {
    if (this.shown !== undefined) {
      render(panelTemplate(this, this.shown), this.#root);
      this.#grid.connect(this.#root);
    }
  }

  /** Asks for the page behind the edge that is near. */
  #wantMore(): void {
    const { rows } = this.browsing.window;
    const { index } = this.#grid.top;
    if (index + this.#grid.page + NEAR > rows.length) {
      this.browsing.want("after");
    }
    if (index < NEAR) {
      this.browsing.want("before");
    }
  }

  #stop(): Stop {
    const { index, offset } = this.#grid.top;
    const { rows, end } = this.browsing.window;
    const top = rows[index];
    const isAtEnd = end.isReached && this.#grid.isAtEnd;
    return {
      source: this.browsing.source,
      filter: this.browsing.filter,
      top: isAtEnd || top === undefined ? null : { place: top.place, offset },
      active: this.active ?? null,
    };
  }

  /** Kept a little later, since scrolling changes it with each frame. */
  #keepSoon(): void {
    if (this.#isKept) {
      this.#isKept = false;
      setTimeout(() => {
        this.#isKept = true;
        const { shown, isDetailsOpen, detailsShare, columns } = this;
        // While the first page is on its way, what was kept before is right and what is shown is not yet.
        if (shown !== undefined && !this.browsing.isFresh && this.#anchorIsMet()) {
          this.#link.keep({
            connectionId: shown.connection.id,
            at: this.#stop(),
            back: this.#back,
            forward: this.#forward,
            isDetailsOpen,
            detailsShare,
            columns,
          });
        }
      }, 150);
    }
  }

  #anchorIsMet(): boolean {
    return this.browsing.search("before") === undefined || this.#anchor === undefined;
  }
}
