import type { SourceEvent, SourceReader } from "./source-reader.ts";

/**
 * Holds events back until something is `lag` milliseconds newer, or they are that old, and hands them on in the order of the
 * log (`reorderEvents`, spec 3.2).
 */
export function reorderingReader(inner: SourceReader, lag: number, now: () => number): SourceReader {
  let held: SourceEvent[] = [];
  return {
    read() {
      const page = inner.read();
      held = mergeByPosition(held, page.events);
      const newest = held.reduce((latest, { created }) => Math.max(latest, created), now());
      const firstKept = held.findIndex(({ created }) => newest - created <= lag);
      const released = held.splice(0, firstKept < 0 ? held.length : firstKept);
      const [first] = held;
      const retryAfter = first === undefined ? undefined : Math.max(1, first.created + lag + 1 - now());
      return { ...page, events: released, ...(retryAfter !== undefined && { retryAfter }) };
    },
    get readAheadTo() {
      return inner.readAheadTo;
    },
    get progress() {
      return inner.progress;
    },
    remindAt: (position) => inner.remindAt(position),
    watch: (wake) => inner.watch(wake),
  };
}

function mergeByPosition(held: readonly SourceEvent[], more: readonly SourceEvent[]): SourceEvent[] {
  const byPosition = new Map([...held, ...more].map((event) => [event.place.position, event]));
  return [...byPosition.values()].sort((a, b) => a.place.position - b.place.position);
}
