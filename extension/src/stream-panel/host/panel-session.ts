import type { EventReader, StreamEntry } from "../../event-store/event-store.ts";
import type { ServerUnreachableError } from "../../event-store/errors.ts";
import type { Filter } from "../model/filter/filter.ts";
import { predicateOf } from "../model/filter/matches.ts";
import { parseFilter } from "../model/filter/parse-filter.ts";
import { serverFilter } from "../model/filter/server-filter.ts";
import { comparePlaces, type Place, placeOf } from "../../events/place.ts";
import { rowOf } from "../model/row.ts";
import type { ToHost, ToView } from "../protocol.ts";
import type { PanelSource } from "../schemas.ts";
import { patientReader } from "../reading/patient-reader.ts";
import { scan } from "../reading/scan.ts";
import { Tail } from "../reading/tail.ts";
import { sift } from "../reading/sift.ts";
import { seekTime } from "../reading/time-seek.ts";
import { detailsOf } from "./event-details.ts";
import { failureOf } from "./failure.ts";

export interface PanelSessionOptions {
  readonly post: (message: ToView) => void;
  readonly open: () => Promise<EventReader>;
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Told when the server goes away and when it is back. */
  readonly onState: (lost: ServerUnreachableError | undefined) => void;
}

/** A part of what a filter lets through. */
export interface Matching {
  readonly entries: readonly StreamEntry[];
  /** How many were looked at up to here. */
  readonly scanned: number;
}

type Of<Kind extends ToHost["kind"]> = ToHost & { kind: Kind };

/** Answers one webview's requests; knows nothing of VS Code, so that it is tested without it. */
export class PanelSession {
  readonly #options: PanelSessionOptions;
  readonly #reader: EventReader;
  readonly #running = new Map<number, AbortController>();
  readonly #tails = new Map<number, Tail>();

  constructor(options: PanelSessionOptions) {
    this.#options = options;
    this.#reader = patientReader(options);
  }

  handle(message: ToHost): void {
    switch (message.kind) {
      case "ready":
        this.leave();
        break;
      case "page":
        this.#run(message.request, (signal) => this.#page(message, signal));
        break;
      case "tail":
        this.#run(message.request, (signal) => this.#tail(message, signal));
        break;
      case "taken":
        this.#tails.get(message.request)?.taken();
        break;
      case "hold":
        this.#hold(message);
        break;
      case "details":
        this.#run(message.request, (signal) => this.#details(message, signal));
        break;
      case "newest":
        this.#run(message.request, (signal) => this.#newest(message, signal));
        break;
      case "cancel":
        this.#running.get(message.request)?.abort();
        break;
      default:
      // The rest is for the panel around it.
    }
  }

  /** The entry that stands there, its link followed; undefined where it is gone. */
  async entryAt(source: PanelSource, place: Place, signal: AbortSignal): Promise<StreamEntry | undefined> {
    const from = { place, isIncluded: true };
    const options = { from, direction: "forwards", followsLinks: true, signal, wanted: () => 1 } as const;
    for await (const { entries } of scan(this.#reader, source, options)) {
      return entries.find((entry) => comparePlaces(placeOf(source, entry), place) === 0);
    }
    return undefined;
  }

  /** All that the filter lets through, from the first entry on, and how many were looked at. */
  async *matching(source: PanelSource, text: string, signal: AbortSignal): AsyncGenerator<Matching> {
    const { filter = [] } = parseFilter(text, Date.now());
    const fits = predicateOf(filter);
    const options = { from: "start", direction: "forwards", followsLinks: "stream" in source, signal } as const;
    let scanned = 0;
    for await (const { entries } of scan(this.#reader, serverSource(source, filter), options)) {
      scanned += entries.length;
      yield { entries: await sift(entries, fits, signal), scanned };
    }
  }

  /** The first place written at this time (in milliseconds since 1970) or after it; undefined where all is older. */
  seekTime(source: PanelSource, time: number, signal: AbortSignal): Promise<Place | undefined> {
    return seekTime(this.#reader, source, { time, signal });
  }

  /** Ends what the view has asked for: it is gone, and one that begins anew counts its requests anew. */
  leave(): void {
    for (const controller of this.#running.values()) {
      controller.abort();
    }
    this.#running.clear();
    this.#tails.clear();
  }

  dispose(): void {
    this.leave();
  }

  #run(request: number, work: (signal: AbortSignal) => Promise<void>): void {
    const controller = new AbortController();
    this.#running.set(request, controller);
    void work(controller.signal)
      .catch((error: unknown) => {
        if (!controller.signal.aborted) {
          this.#options.post({ kind: "failed", request, failure: failureOf(error) });
        }
      })
      .finally(() => this.#running.get(request) === controller && this.#running.delete(request));
  }

  async #page(
    { request, source, from, direction, count, filter: text }: Of<"page">,
    signal: AbortSignal,
  ): Promise<void> {
    const { filter, problem } = parseFilter(text, Date.now());
    if (problem !== undefined) {
      this.#options.post({ kind: "failed", request, failure: { kind: "filter", message: problem.text } });
      return;
    }
    const fits = predicateOf(filter);
    const followsLinks = "stream" in source;
    let begin: Place | undefined;
    let scanned = 0;
    let found = 0;
    const steps = scan(this.#reader, serverSource(source, filter), {
      from,
      direction,
      followsLinks,
      signal,
      ...(filter.length === 0 && { wanted: () => count - found }),
    });
    for await (const step of steps) {
      const matches = await sift(step.entries, fits, signal);
      const taken = matches.slice(0, count - found);
      const isCut = taken.length < matches.length;
      const last = taken.at(-1);
      const cursor = isCut && last !== undefined ? placeOf(source, last) : step.cursor;
      const [first] = step.entries;
      begin ??= first === undefined ? undefined : placeOf(source, first);
      scanned += step.entries.length;
      found += taken.length;
      const isEnd = step.isEnd && !isCut;
      const isDone = isEnd || found >= count;
      const rows = taken.map((entry) => rowOf(source, entry, followsLinks));
      this.#options.post({
        kind: "rows",
        request,
        rows: direction === "forwards" ? rows : rows.reverse(),
        ...(begin !== undefined && { begin }),
        ...(cursor !== undefined && { cursor }),
        scanned,
        isEnd,
        isDone,
      });
      if (isDone) {
        return;
      }
    }
  }

  async #tail({ request, source, filter: text, after }: Of<"tail">, signal: AbortSignal): Promise<void> {
    const { filter = [] } = parseFilter(text, Date.now());
    const tail = new Tail({
      reader: this.#reader,
      source,
      serverFilter: serverFilter(filter),
      fits: predicateOf(filter),
      after,
      post: ({ cursor, ...batch }) =>
        this.#options.post({
          kind: "tailed",
          request,
          ...batch,
          rows: [...batch.rows],
          ...(cursor !== undefined && { cursor }),
        }),
    });
    this.#tails.set(request, tail);
    try {
      await tail.run(signal);
    } finally {
      if (this.#tails.get(request) === tail) this.#tails.delete(request);
    }
  }

  #hold({ request, isHeld }: Of<"hold">): void {
    const tail = this.#tails.get(request);
    if (isHeld) {
      tail?.hold();
    } else {
      tail?.resume();
    }
  }

  async #newest({ request, source }: Of<"newest">, signal: AbortSignal): Promise<void> {
    const options = { from: "end", direction: "backwards", limit: 1, followsLinks: false, signal } as const;
    // Why there is none the page says, that was asked for beside it.
    const page = await this.#reader.read(source, options).catch(() => undefined);
    signal.throwIfAborted();
    const [entry] = page?.entries ?? [];
    this.#options.post({ kind: "newest", request, place: entry === undefined ? null : placeOf(source, entry) });
  }

  async #details({ request, source, place }: Of<"details">, signal: AbortSignal): Promise<void> {
    const entry = await this.entryAt(source, place, signal);
    this.#options.post({ kind: "details", request, details: entry === undefined ? null : detailsOf(source, entry) });
  }
}

function serverSource(source: PanelSource, filter: Filter) {
  const onServer = "all" in source ? serverFilter(filter) : undefined;
  return onServer === undefined || !("all" in source) ? source : { ...source, filter: onServer };
}
