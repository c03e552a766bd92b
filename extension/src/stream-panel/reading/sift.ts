import type { StreamEntry } from "../../event-store/event-store.ts";
import type { Predicate } from "../model/filter/matches.ts";
import { inStretches } from "../../events/in-stretches.ts";

/** The entries that fit, however many megabytes of JSON a page is. Throws what the signal was aborted with. */
export function sift(
  entries: readonly StreamEntry[],
  fits: Predicate,
  signal: AbortSignal,
): Promise<readonly StreamEntry[]> {
  return inStretches(sifting(entries, fits), signal);
}

function* sifting(entries: readonly StreamEntry[], fits: Predicate): Generator<void, readonly StreamEntry[]> {
  const fitting: StreamEntry[] = [];
  for (const entry of entries) {
    if (fits(entry)) {
      fitting.push(entry);
    }
    yield;
  }
  return fitting;
}
