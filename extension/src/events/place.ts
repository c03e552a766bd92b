import type { Integer64, Position, Source, StreamEntry } from "../event-store/event-store.ts";

/**
 * Where an entry stands in its source: its revision in a stream, its position in the log. Decimals, because what travels to
 * a webview is JSON, which knows no 64-bit numbers.
 */
export type Place = { readonly revision: string } | { readonly commit: string; readonly prepare: string };

export function placeOf(source: Source, entry: StreamEntry): Place {
  const { revision, position } = entry.recorded;
  return "stream" in source
    ? { revision: String(revision) }
    : { commit: String(position.commit), prepare: String(position.prepare) };
}

/** The place as a text that no other place of the source has. */
export function keyOf(place: Place): string {
  return "revision" in place ? place.revision : `C:${place.commit}/P:${place.prepare}`;
}

/** Negative where `a` lies before `b` in the same source. */
export function comparePlaces(a: Place, b: Place): number {
  if ("revision" in a && "revision" in b) {
    return compareDecimals(a.revision, b.revision);
  }
  if ("commit" in a && "commit" in b) {
    return compareDecimals(a.commit, b.commit) || compareDecimals(a.prepare, b.prepare);
  }
  throw new TypeError("A revision and a position cannot be compared: they are places of different sources.");
}

/** What a read or a subscription is given to begin there. */
export function pointOf(place: Place): Integer64 | Position {
  return "revision" in place
    ? integer64(place.revision)
    : { commit: integer64(place.commit), prepare: integer64(place.prepare) };
}

/** A number where that keeps every digit, a bigint where not. */
export function integer64(decimals: string): Integer64 {
  const number = Number(decimals);
  return Number.isSafeInteger(number) ? number : BigInt(decimals);
}

/** Both without sign and leading zeros, so that the longer one is the greater. */
function compareDecimals(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : Number(a > b));
}
