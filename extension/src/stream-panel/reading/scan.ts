import type { Direction, Source, StreamEntry } from "../../event-store/event-store.ts";
import { comparePlaces, type Place, placeOf, pointOf } from "../model/place.ts";
import { pageSize } from "./page-size.ts";
import type { Reader } from "./reader.ts";

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

/** Reads a source to its end, page after page, each within a budget of bytes. */
export async function* scan(store: Reader, source: Source, options: ScanOptions): AsyncGenerator<ScanStep> {
  const { direction, signal } = options;
  const size = pageSize();
  let from = options.from;
  for (;;) {
    const point = readPoint(from, direction);
    if (point === undefined) {
      yield { entries: [], cursor: typeof from === "string" ? undefined : from.place, isEnd: true };
      return;
    }
    // One more where the place itself is read again and dropped: a log has no place "after this one" to ask for.
    const limit = Math.min(size.next, options.wanted?.() ?? Infinity) + (isReadAgain(from) ? 1 : 0);
    const page = await store.read(source, {
      from: point,
      direction,
      limit,
      followsLinks: options.followsLinks,
      signal,
    });
    signal.throwIfAborted();
    size.saw(page.entries.length, weightOf(page.entries));
    const entries = page.entries.filter((entry) => isBeyond(placeOf(source, entry), from, direction));
    const last = page.entries.at(-1);
    const cursor = last !== undefined ? placeOf(source, last) : typeof from === "string" ? undefined : from.place;
    const isEnd = page.isEnd || last === undefined;
    yield { entries, cursor, isEnd };
    if (isEnd || cursor === undefined || options.wanted?.() === 0) {
      return;
    }
    from = { place: cursor, isIncluded: false };
  }
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
  const neighbour = BigInt(place.revision) + (direction === "forwards" ? 1n : -1n);
  return neighbour < 0n ? undefined : pointOf({ revision: String(neighbour) });
}

function isReadAgain(from: ScanStart): boolean {
  return typeof from !== "string" && !from.isIncluded && !("revision" in from.place);
}

function isBeyond(place: Place, from: ScanStart, direction: Direction): boolean {
  if (typeof from === "string") {
    return true;
  }
  const order = comparePlaces(place, from.place) * (direction === "forwards" ? 1 : -1);
  return order > 0 || (order === 0 && from.isIncluded);
}

function weightOf(entries: readonly StreamEntry[]): number {
  return entries.reduce((sum, { recorded, target }) => sum + recorded.data.length + (target?.data.length ?? 0), 0);
}
