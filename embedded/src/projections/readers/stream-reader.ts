import { TOMBSTONE_REVISION } from "../../log/record.ts";
import type { EventStore } from "../../streams/event-store.ts";
import { followingReader } from "./following-reader.ts";
import type { Heading } from "./heading.ts";
import { isDeletionNotice, resolveSource } from "./resolve-source.ts";
import type { SourceEvent, SourceReader } from "./source-reader.ts";
import { StreamCursor } from "./stream-cursor.ts";

/** Reads one stream behind its event `last`, links followed. Links into streams that are gone are passed over. */
export function streamReader(store: EventStore, heading: Heading, stream: string, last: number): SourceReader {
  const cursor = new StreamCursor(store, stream, last, "lose");
  return followingReader(heading, {
    history: {
      read() {
        const events = cursor.read().map((record) => resolveSource(store, record));
        return { events: events.filter(isDelivered), isAtEnd: cursor.isAtEnd };
      },
      goLive: () => cursor.goLive(),
      passed: ({ revision }) => cursor.passed(revision),
      get progress() {
        return cursor.progress;
      },
    },
    interest: { by: "stream", names: [stream] },
    wanted(record, resolved) {
      // The end of a stream is none of its events: the projection waits (golden `projection-faults/source-tombstoned`).
      if (record.revision === TOMBSTONE_REVISION) return undefined;
      const event = resolved();
      return isDelivered(event) ? event : undefined;
    },
  });
}

/** What a deleted stream leaves behind in its category is told all the same (golden `system-projections/by-category-and-deletion-notices`). */
function isDelivered({ event: { link, leadsToDeletedStream } }: SourceEvent): boolean {
  return !leadsToDeletedStream || (link !== undefined && isDeletionNotice(link));
}
