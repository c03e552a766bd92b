import type { Failure, ToHost, ToView } from "../protocol.ts";
import type { PanelSource } from "../schemas.ts";
import { EventWindow, type WindowBudget } from "./event-window.ts";
import type { Place } from "./place.ts";

export type Side = "before" | "after";

/** Where to begin to show a source. */
export type Spot = "start" | "end" | Place;

/** A search that goes on, or has ended, on one side of the window. */
export interface Search {
  readonly request: number;
  readonly scanned: number;
}

/** What has changed, for whoever draws it. */
export interface Change {
  /** Rows that came in front of what is shown, less those that went there. */
  readonly shift: number;
  /** The window was filled anew; what was shown before is gone. */
  readonly isReset: boolean;
}

export interface BrowsingOptions {
  readonly post: (message: ToHost) => void;
  readonly onChange: (change: Change) => void;
  readonly nextRequest: () => number;
  readonly budget?: WindowBudget;
}

const PAGE = 100;

/** Moves a window over a source: asks for pages on the side that is wanted, and takes what comes. */
export class Browsing {
  readonly #options: BrowsingOptions;
  readonly window: EventWindow;
  #source: PanelSource = { stream: "" };
  #filter = "";
  #spot: Spot = "end";
  readonly #searches = new Map<Side, Search>();
  #failure: Failure | undefined;
  #isFresh = true;
  #isStopped = false;

  constructor(options: BrowsingOptions) {
    this.#options = options;
    this.window = new EventWindow(options.budget);
  }

  get source(): PanelSource {
    return this.#source;
  }

  get filter(): string {
    return this.#filter;
  }

  /** Why nothing more comes; undefined while all is well. */
  get failure(): Failure | undefined {
    return this.#failure;
  }

  /** A filter's search was stopped by the user; it goes on with {@link resume}. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  search(side: Side): Search | undefined {
    return this.#searches.get(side);
  }

  /** Nothing is shown yet, because the first page is on its way. */
  get isFresh(): boolean {
    return this.#isFresh;
  }

  /** Forgets what is held and shows the source from there. */
  show(source: PanelSource, filter: string, spot: Spot): void {
    this.stop();
    this.#source = source;
    this.#filter = filter;
    this.#spot = spot;
    this.#failure = undefined;
    this.#isStopped = false;
    this.#isFresh = true;
    this.window.clear();
    this.#ask(spot === "end" ? "before" : "after", typeof spot === "string" ? spot : { place: spot, isIncluded: true });
    this.#options.onChange({ shift: 0, isReset: true });
  }

  /** Asks for the next page on this side, unless it is on its way or nothing lies there. */
  want(side: Side): void {
    const edge = side === "before" ? this.window.start : this.window.end;
    if (this.#searches.size > 0 || edge.isReached || this.#failure !== undefined || this.#isStopped || this.#isFresh) {
      return;
    }
    const nothing = side === "before" ? "end" : "start";
    this.#ask(side, edge.cursor === undefined ? nothing : { place: edge.cursor, isIncluded: false });
    this.#options.onChange({ shift: 0, isReset: false });
  }

  /** Stops what searches; what was found stays. */
  stop(): void {
    for (const [side, { request }] of this.#searches) {
      this.#options.post({ kind: "cancel", request });
      this.#searches.delete(side);
      this.#isStopped = true;
    }
  }

  /** Goes on after {@link stop} or a failure. */
  resume(): void {
    this.#isStopped = false;
    if (this.#failure !== undefined && this.window.rows.length === 0) {
      this.show(this.#source, this.#filter, this.#spot);
      return;
    }
    this.#failure = undefined;
    this.#isFresh = false;
    this.#options.onChange({ shift: 0, isReset: false });
  }

  /** Takes a message that may be for one of its requests. */
  receive(message: ToView): void {
    if (message.kind !== "rows" && message.kind !== "failed") {
      return;
    }
    const [side] = [...this.#searches].find(([, { request }]) => request === message.request) ?? [];
    if (side === undefined) {
      return;
    }
    if (message.kind === "failed") {
      this.#searches.delete(side);
      this.#failure = message.failure;
      this.#isFresh = false;
      this.#options.onChange({ shift: 0, isReset: false });
      return;
    }
    this.#take(side, message);
  }

  #take(side: Side, message: ToView & { kind: "rows" }): void {
    const { rows, cursor, begin, isEnd, isDone, scanned, request } = message;
    const isFirst = this.#isFresh;
    if (isDone) {
      this.#searches.delete(side);
    } else {
      this.#searches.set(side, { request, scanned });
    }
    const edge = { cursor, isReached: isEnd };
    const shift = side === "before" ? this.window.prepend(rows, edge) : -this.window.append(rows, edge);
    if (isFirst) {
      this.#isFresh = false;
      this.window.open(side === "before" ? "end" : "start", {
        cursor: begin ?? (typeof this.#spot === "string" ? undefined : this.#spot),
        isReached: typeof this.#spot === "string",
      });
    }
    this.#options.onChange({ shift, isReset: isFirst });
  }

  #ask(side: Side, from: (ToHost & { kind: "page" })["from"]): void {
    const request = this.#options.nextRequest();
    this.#searches.set(side, { request, scanned: 0 });
    this.#options.post({
      kind: "page",
      request,
      source: this.#source,
      from,
      direction: side === "before" ? "backwards" : "forwards",
      count: PAGE,
      filter: this.#filter,
    });
  }
}
