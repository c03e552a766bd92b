import type { EventStore } from "../../streams/event-store.ts";
import { isDeletionNotice, resolveSource } from "./resolve-source.ts";
import type { SourceEvent, SourcePage, SourceReader } from "./source-reader.ts";
import { StreamCursor } from "./stream-cursor.ts";

/** Reads one stream behind its event `last`, links followed. Links into streams that are gone are passed over. */
export function streamReader(store: EventStore, stream: string, last: number): SourceReader {
  const cursor = new StreamCursor(store, stream, last);
  return {
    read(): SourcePage {
      const events = cursor.read().map((record) => resolveSource(store, record));
      return { events: events.filter(isDelivered), isAtEnd: cursor.isAtEnd };
    },
    get progress() {
      return cursor.progress;
    },
    watch: (wake) => store.watchStream(stream, wake),
  };
}

/** What a deleted stream leaves behind in its category is told all the same (golden `system-projections/by-category-and-deletion-notices`). */
function isDelivered({ event: { link, leadsToDeletedStream } }: SourceEvent): boolean {
  return !leadsToDeletedStream || (link !== undefined && isDeletionNotice(link));
}
