import { wait } from "../../connections/wait.ts";
import type { StreamEntry } from "../../event-store/event-store.ts";
import type { Predicate } from "../model/filter/matches.ts";

/** How long bodies are looked at before whatever else waits in this process has its turn, in milliseconds. */
const STRETCH_MS = 12;

/** The entries that fit, without holding up others: a page may be megabytes of JSON. Throws what the signal was aborted with. */
export async function sift(
  entries: readonly StreamEntry[],
  fits: Predicate,
  signal: AbortSignal,
): Promise<readonly StreamEntry[]> {
  const fitting: StreamEntry[] = [];
  let began = performance.now();
  for (const entry of entries) {
    if (fits(entry)) {
      fitting.push(entry);
    }
    if (performance.now() - began > STRETCH_MS) {
      await wait(0, signal);
      began = performance.now();
    }
  }
  return fitting;
}
