import type { AllFilter, EventReader, Integer64, Position } from "../../event-store/event-store.ts";
import type { Predicate } from "../model/filter/matches.ts";
import { type Place, placeOf, pointOf } from "../../events/place.ts";
import { type Row, rowOf, weightOf } from "../model/row.ts";
import type { PanelSource } from "../schemas.ts";

/** What of a tail goes to the view at once. */
export interface TailBatch {
  readonly rows: readonly Row[];
  /** How far the source was followed; undefined before anything was seen. */
  readonly cursor: Place | undefined;
  /** How many events came since the tail began, those that the filter keeps back included. */
  readonly arrived: number;
  /** How many would be shown if the tail were not held. */
  readonly held: number;
  readonly isCaughtUp: boolean;
}

export interface TailOptions {
  readonly reader: EventReader;
  readonly source: PanelSource;
  readonly serverFilter: AllFilter | undefined;
  readonly fits: Predicate;
  readonly after: "start" | "end" | Place;
  readonly post: (batch: TailBatch) => void;
}

/** What waits at most for a view that is slower than the events: beyond it, they wait at the server. */
const WAITING_ROWS = 500;
const WAITING_BYTES = 2 ** 20;

/**
 * Follows a source as events are written. One batch is with the view at a time, whose size follows from how long the view
 * takes; while the tail is held, events are counted and not kept, and read again when it goes on.
 */
export class Tail {
  readonly #options: TailOptions;
  #rows: Row[] = [];
  #bytes = 0;
  #cursor: Place | undefined;
  #arrived = 0;
  #held = 0;
  #arrivedBefore = 0;
  #isHeld = false;
  #isCaughtUp = false;
  #isTaken = true;
  #hasNews = false;
  #round = new AbortController();
  #room = Promise.withResolvers<void>();

  constructor(options: TailOptions) {
    this.#options = options;
  }

  /** Ends with the signal, or throws as the reader does. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#round = new AbortController();
      const round = AbortSignal.any([signal, this.#round.signal]);
      try {
        await this.#follow(round);
      } catch (error) {
        if (!round.aborted) {
          throw error;
        }
      }
      if (!round.aborted) {
        return;
      }
    }
  }

  /** The view has drawn what it was given last. */
  taken(): void {
    this.#isTaken = true;
    this.#flush();
  }

  /** Only counts from now on. */
  hold(): void {
    if (!this.#isHeld) {
      this.#isTaken = true;
      this.#flush();
      this.#isHeld = true;
      this.#arrivedBefore = this.#arrived;
    }
  }

  /** Goes on after the last event that was shown. */
  resume(): void {
    if (this.#isHeld) {
      this.#isHeld = false;
      // What was counted meanwhile is told again.
      this.#arrived = this.#arrivedBefore;
      this.#held = 0;
      this.#round.abort();
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { reader, source, serverFilter, after } = this.#options;
    const filtered = "all" in source && serverFilter !== undefined ? { ...source, filter: serverFilter } : source;
    const start = this.#cursor ?? after;
    const point: "start" | "end" | Integer64 | Position = typeof start === "string" ? start : pointOf(start);
    const aborted = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => aborted.resolve(), { once: true });
    const notes = reader.subscribe(filtered, { after: point, followsLinks: "stream" in source, signal });
    for await (const note of notes) {
      if (note.kind === "entry") {
        this.#see(note.entry);
      } else if (note.kind === "caught-up") {
        this.#isCaughtUp = true;
      } else if (!this.#isHeld) {
        const { commit, prepare } = note.position;
        this.#cursor = { commit: String(commit), prepare: String(prepare) };
      }
      this.#hasNews = true;
      this.#flush();
      while (!signal.aborted && (this.#rows.length >= WAITING_ROWS || this.#bytes >= WAITING_BYTES)) {
        await Promise.race([this.#room.promise, aborted.promise]);
      }
    }
  }

  #see(entry: Parameters<Predicate>[0]): void {
    const { source, fits } = this.#options;
    const isFitting = fits(entry);
    this.#arrived++;
    if (this.#isHeld) {
      this.#held += isFitting ? 1 : 0;
      return;
    }
    this.#cursor = placeOf(source, entry);
    if (isFitting) {
      const row = rowOf(source, entry, "stream" in source);
      this.#rows.push(row);
      this.#bytes += weightOf(row);
    }
  }

  #flush(): void {
    if (!this.#isTaken || !this.#hasNews) {
      return;
    }
    this.#isTaken = false;
    this.#hasNews = false;
    const rows = this.#rows;
    this.#rows = [];
    this.#bytes = 0;
    this.#options.post({
      rows,
      cursor: this.#cursor,
      arrived: this.#arrived,
      held: this.#held,
      isCaughtUp: this.#isCaughtUp,
    });
    this.#room.resolve();
    this.#room = Promise.withResolvers();
  }
}
