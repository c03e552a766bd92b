import type { EventStore } from "../../streams/event-store.ts";
import type { SourceDefinition } from "../handler.ts";
import type { Tag } from "../tags/tag.ts";
import type { AllPages } from "./all-pages.ts";
import { allReader } from "./all-reader.ts";
import type { Heading } from "./heading.ts";
import { multiStreamReader } from "./multi-stream-reader.ts";
import { reorderingReader } from "./reordering-reader.ts";
import type { SourceReader } from "./source-reader.ts";
import { streamReader } from "./stream-reader.ts";
import { typeIndexReader } from "./type-index-reader.ts";

/** What readers of all projections share. */
export interface Sources {
  readonly store: EventStore;
  readonly pages: AllPages;
  readonly heading: Heading;
  /** Place in the log up to which `$by_event_type` has written its index for certain; -1 where it has not. */
  readonly indexedTo: () => number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
}

/** The reader for a source from behind `from`, which is a tag of that source. */
export function sourceReaderOf(sources: Sources, definition: SourceDefinition, from: Tag): SourceReader {
  const { store, pages, heading, indexedTo, now } = sources;
  const { includeLinks, reorderEvents, processingLag } = definition;
  switch (from.mode) {
    case "Stream":
      return streamReader(store, heading, from.stream, from.revision);
    case "MultiStream": {
      const reader = multiStreamReader(store, heading, from.streams);
      return reorderEvents ? reorderingReader(reader, processingLag ?? 0, now) : reader;
    }
    case "EventTypeIndex":
      return typeIndexReader({ store, pages, heading, indexedTo, includeLinks }, from);
    case "Position":
      return allReader(store, pages, heading, from.prepare, includeLinks);
    case "Phase":
      throw new Error("A projection cannot start at a place that is none.");
  }
}
