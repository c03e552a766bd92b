import type { Direction, EventReader, Source, StreamEntry } from "../../event-store/event-store.ts";
import { comparePlaces, type Place, placeOf, pointOf } from "../../events/place.ts";
import { type PageSize, pageSize } from "./page-size.ts";

/** Where a scan begins. */
export type ScanStart = "start" | "end" | { readonly place: Place; readonly isIncluded: boolean };

export interface ScanOptions {
  readonly from: ScanStart;
  readonly direction: Direction;
  readonly followsLinks: boolean;
  readonly signal: AbortSignal;
  /** How many entries the reader still wants at most; without it, all. */
  readonly wanted?: () => number;
}

/** What one step of a scan found. */
export interface ScanStep {
  /** In the order they were read. */
  readonly entries: readonly StreamEntry[];
  /** How far the source is read; undefined where nothing was there. */
  readonly cursor: Place | undefined;
  readonly isEnd: boolean;
}

/**
 * Reads a source to its end, page after page, each within a budget of bytes. Where all is wanted, the next page is on its
 * way while its reader looks at this one.
 */
export async function* scan(store: EventReader, source: Source, options: ScanOptions): AsyncGenerator<ScanStep> {
  const { wanted } = options;
  const left = new AbortController();
  const signal = AbortSignal.any([options.signal, left.signal]);
  const size = pageSize();
  const read = (from: ScanStart): Promise<ScanStep> => readStep(store, source, { ...options, from, signal }, size);
  try {
    for (let coming = read(options.from); ;) {
      const step = await coming;
      const { cursor, isEnd } = step;
      const next = isEnd || cursor === undefined ? undefined : { place: cursor, isIncluded: false };
      if (next !== undefined && wanted === undefined) {
        coming = read(next);
        // Whoever leaves the loop does not want to hear how it has ended.
        coming.catch(() => {});
        yield step;
        continue;
      }
      yield step;
      if (next === undefined || wanted?.() === 0) {
        return;
      }
      coming = read(next);
    }
  } finally {
    left.abort();
  }
}

async function readStep(store: EventReader, source: Source, options: ScanOptions, size: PageSize): Promise<ScanStep> {
  const { from, direction, followsLinks, signal, wanted } = options;
  const point = readPoint(from, direction);
  const before = typeof from === "string" ? undefined : from.place;
  if (point === undefined) {
    return { entries: [], cursor: before, isEnd: true };
  }
  // One more where the place itself is read again and dropped: a log has no place "after this one" to ask for.
  const limit = Math.min(size.next, wanted?.() ?? Infinity) + (isReadAgain(from) ? 1 : 0);
  const page = await store.read(source, { from: point, direction, limit, followsLinks, signal });
  signal.throwIfAborted();
  size.saw(page.entries.length, weightOf(page.entries));
  const last = page.entries.at(-1);
  return {
    entries:
      typeof from === "string"
        ? page.entries
        : page.entries.filter((entry) => isBeyond(placeOf(source, entry), from, direction)),
    cursor: last === undefined ? before : placeOf(source, last),
    isEnd: page.isEnd || last === undefined,
  };
}

/** Undefined where nothing can lie there. */
function readPoint(from: ScanStart, direction: Direction) {
  if (typeof from === "string") {
    return from;
  }
  const { place, isIncluded } = from;
  if (isIncluded || !("revision" in place)) {
    return pointOf(place);
  }
  const neighbor = BigInt(place.revision) + (direction === "forwards" ? 1n : -1n);
  return neighbor < 0n ? undefined : pointOf({ revision: String(neighbor) });
}

function isReadAgain(from: ScanStart): boolean {
  return typeof from !== "string" && !from.isIncluded && !("revision" in from.place);
}

function isBeyond(place: Place, from: Exclude<ScanStart, string>, direction: Direction): boolean {
  const order = comparePlaces(place, from.place) * (direction === "forwards" ? 1 : -1);
  return order > 0 || (order === 0 && from.isIncluded);
}

function weightOf(entries: readonly StreamEntry[]): number {
  return entries.reduce((sum, { recorded, target }) => sum + recorded.data.length + (target?.data.length ?? 0), 0);
}
