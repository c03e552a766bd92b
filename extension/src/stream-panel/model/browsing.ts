import type { Failure, ToHost, ToView } from "../protocol.ts";
import type { PanelSource } from "../schemas.ts";
import { EventWindow, type WindowBudget } from "./event-window.ts";
import type { Place } from "../../events/place.ts";

export type Side = "before" | "after";

/** Where to begin to show a source. */
export type Spot = "start" | "end" | Place;

/** A search that goes on, or has ended, on one side of the window. */
export interface Search {
  readonly request: number;
  readonly scanned: number;
}

/** How the newest events come: not by themselves, as they are written, or counted until somebody wants to see them. */
export type Live = "off" | "following" | "held";

export interface TailFigures {
  readonly arrived: number;
  /** How many wait to be shown. */
  readonly held: number;
  readonly isCaughtUp: boolean;
}

const NOTHING_YET: TailFigures = { arrived: 0, held: 0, isCaughtUp: false };
/** With more than this waiting, going on means to show the newest, not to run through all of them. */
const RUN_THROUGH = 1_000;

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
  #live: Live = "off";
  #tail: number | undefined;
  #figures: TailFigures = NOTHING_YET;
  #isTold = false;

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

  get live(): Live {
    return this.#live;
  }

  get figures(): TailFigures {
    return this.#figures;
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
    this.unfollow();
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

  /** Shows the newest events, and those that are written from now on. */
  follow(): void {
    const { end } = this.window;
    const isThere = (end.isReached && !this.#isFresh) || this.#failure?.kind === "not-found";
    if (!isThere) {
      this.show(this.#source, this.#filter, "end");
    }
    this.#live = "following";
    this.#figures = NOTHING_YET;
    if (isThere) {
      this.#askTail();
    }
    this.#options.onChange({ shift: 0, isReset: false });
  }

  unfollow(): void {
    this.#live = "off";
    if (this.#tail !== undefined) {
      this.#options.post({ kind: "cancel", request: this.#tail });
      this.#tail = undefined;
    }
  }

  /** Counts what is written, and shows it no more until {@link release}. */
  hold(): void {
    if (this.#live === "following" && this.#tail !== undefined) {
      this.#live = "held";
      this.#options.post({ kind: "hold", request: this.#tail, isHeld: true });
      this.#options.onChange({ shift: 0, isReset: false });
    }
  }

  /** Goes on where it was held; with many events since then, or none of them next to what is held, at the newest. */
  release(): void {
    if (this.#live !== "held" || this.#tail === undefined) {
      return;
    }
    if (this.#figures.held > RUN_THROUGH || !this.window.end.isReached) {
      this.show(this.#source, this.#filter, "end");
      this.#live = "following";
      return;
    }
    this.#live = "following";
    this.#figures = { ...this.#figures, held: 0 };
    this.#options.post({ kind: "hold", request: this.#tail, isHeld: false });
    this.#options.onChange({ shift: 0, isReset: false });
  }

  /** What was told last is drawn: the next may come. */
  taken(): void {
    if (this.#tail !== undefined && this.#isTold) {
      this.#isTold = false;
      this.#options.post({ kind: "taken", request: this.#tail });
    }
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
    if (message.kind === "tailed") {
      this.#takeTailed(message);
      return;
    }
    if (message.kind !== "rows" && message.kind !== "failed") {
      return;
    }
    if (message.kind === "failed" && message.request === this.#tail) {
      this.#tail = undefined;
      this.#live = "off";
      this.#fail(message.failure);
      return;
    }
    const [side] = [...this.#searches].find(([, { request }]) => request === message.request) ?? [];
    if (side === undefined) {
      return;
    }
    if (message.kind === "failed") {
      this.#searches.delete(side);
      this.#isFresh = false;
      this.#fail(message.failure);
      // A stream that is not there yet is followed all the same.
      if (this.#live === "following" && message.failure.kind === "not-found") {
        this.#askTail();
      }
      return;
    }
    this.#take(side, message);
  }

  #fail(failure: Failure): void {
    this.#failure = failure;
    this.#options.onChange({ shift: 0, isReset: false });
  }

  #takeTailed({ request, rows, cursor, arrived, held, isCaughtUp }: ToView & { kind: "tailed" }): void {
    if (request !== this.#tail) {
      return;
    }
    this.#isTold = true;
    this.#figures = { arrived, held, isCaughtUp };
    let shift = 0;
    // Where the newest rows had to go for older ones, what comes now does not follow on what is held.
    if (this.window.end.isReached || this.window.rows.length === 0) {
      if (rows.length > 0) {
        this.#failure = undefined;
      }
      shift = -this.window.append(rows, { cursor: cursor ?? this.window.end.cursor, isReached: true });
    }
    this.#options.onChange({ shift, isReset: false });
  }

  #askTail(): void {
    const request = this.#options.nextRequest();
    this.#tail = request;
    this.#options.post({
      kind: "tail",
      request,
      source: this.#source,
      filter: this.#filter,
      after: this.window.end.cursor ?? "start",
    });
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
      if (this.#live === "following") {
        this.#askTail();
      }
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
