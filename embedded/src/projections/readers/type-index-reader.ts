import type { LogRecord } from "../../log/record.ts";
import type { EventStore } from "../../streams/event-store.ts";
import { LINK_TYPE, parseLink } from "../../streams/link.ts";
import { METADATA_TYPE } from "../../streams/stream-metadata.ts";
import { readStamp } from "../emitted/stamp.ts";
import type { TypeIndexTag } from "../tags/tag.ts";
import { DELETIONS } from "../tags/tagger.ts";
import type { AllPages } from "./all-pages.ts";
import { isOfUsers } from "./all-reader.ts";
import { followingReader } from "./following-reader.ts";
import type { Heading } from "./heading.ts";
import { asItLies, leadsToDeletedStream, resolveSource } from "./resolve-source.ts";
import type { SourceEvent, SourcePage, SourceReader } from "./source-reader.ts";
import { StreamCursor } from "./stream-cursor.ts";

export interface TypeIndexSource {
  readonly store: EventStore;
  readonly pages: AllPages;
  readonly heading: Heading;
  /** Place in the log up to which `$by_event_type` has written its index for certain; -1 where it has not. */
  readonly indexedTo: () => number;
  readonly includeLinks: boolean;
}

const PAGE = 111;
/** Events that may delete a stream. */
const DELETION_TYPES = [METADATA_TYPE, "$streamDeleted"];

/**
 * Reads the events of certain types of all streams: from their index streams as far as those reach, then from the log, then
 * live (spec 3.2).
 */
export function typeIndexReader(source: TypeIndexSource, from: TypeIndexTag): SourceReader {
  const { store, pages, heading, includeLinks } = source;
  const types = new Set(from.types.keys());
  const tellsDeletions = types.has(DELETIONS);
  let index = indexOf(source, from);
  let next = from.prepare + 1;
  let isLive = false;

  function wanted(record: LogRecord, resolved: () => SourceEvent): SourceEvent | undefined {
    if (!isOfUsers(record, includeLinks)) return undefined;
    // Links are followed once the log was read to its end; only then can one be of a wanted type.
    if ((isLive && record.type === LINK_TYPE) || types.has(record.type)) return resolved();
    if (!tellsDeletions || !DELETION_TYPES.includes(record.type)) return undefined;
    const event = resolved();
    return event.deletedStream === undefined ? undefined : event;
  }

  function readIndex(reading: TypeIndex): SourcePage {
    const events = reading.read();
    next = Math.max(next, (events.at(-1)?.place.position ?? -1) + 1);
    if (events.length === 0) {
      next = Math.max(next, reading.to + 1);
      index = undefined;
    }
    return { events, isAtEnd: false };
  }

  function readLog(): SourcePage {
    const page = pages.read(next);
    const follow = isLive ? (record: LogRecord) => resolveSource(store, record) : asItLies;
    const events = page.records.flatMap((record) => wanted(record, () => follow(record)) ?? []);
    const scannedTo = page.records.at(-1)?.position;
    next = page.next;
    return { events, isAtEnd: page.isEnd, ...(scannedTo !== undefined && { scannedTo }) };
  }

  const offered = tellsDeletions ? [...types, ...DELETION_TYPES] : types;
  return followingReader(heading, {
    history: {
      read: () => (index === undefined ? readLog() : readIndex(index)),
      goLive() {
        isLive = true;
      },
      passed({ position }) {
        next = position + 1;
      },
      get progress() {
        return isLive ? 100 : Math.min(100, (next / Math.max(1, pages.end)) * 100);
      },
    },
    // Whoever wants links has to look at all of them.
    interest: includeLinks ? "all" : { by: "type", names: offered },
    wanted,
  });
}

interface TypeIndex {
  /** Place in the log up to which it is complete. */
  readonly to: number;
  /** The next events in the order of the log; none at its end. */
  read(): readonly SourceEvent[];
}

function indexOf({ store, indexedTo }: TypeIndexSource, from: TypeIndexTag): TypeIndex | undefined {
  const to = indexedTo();
  if (to <= from.prepare) return undefined;
  const lanes = [...from.types].map(([type, last]) => ({
    type,
    cursor: new StreamCursor(store, `$et-${type}`, last, "read"),
    waiting: [] as SourceEvent[],
  }));

  const fill = (lane: (typeof lanes)[number]): SourceEvent | undefined => {
    while (lane.waiting.length === 0 && !lane.cursor.isAtEnd) {
      for (const link of lane.cursor.read()) {
        const position = placeInLog(link);
        if (position === undefined || position <= from.prepare || position > to) continue;
        const { event, created } = resolveSource(store, link);
        const { stream, revision } = link;
        const place = { position, stream, revision, indexedType: lane.type };
        if (lane.type !== DELETIONS) {
          if (event.event !== undefined) lane.waiting.push({ event, created, place });
          continue;
        }
        // The index names the stream that was deleted. Of one that lives again nothing was left to be handled before.
        const deletedStream = leadsToDeletedStream(store, link) ? parseLink(link)?.stream : undefined;
        if (deletedStream !== undefined) lane.waiting.push({ event, created, place, deletedStream });
      }
    }
    return lane.waiting[0];
  };

  return {
    to,
    read() {
      const events: SourceEvent[] = [];
      while (events.length < PAGE) {
        const filled = lanes.filter((lane) => fill(lane) !== undefined);
        const first = filled.reduce<(typeof lanes)[number] | undefined>(
          (best, lane) => (best === undefined || placeOf(lane) < placeOf(best) ? lane : best),
          undefined,
        );
        const event = first?.waiting.shift();
        if (event === undefined) break;
        events.push(event);
      }
      return events;
    },
  };
}

const placeOf = ({ waiting: [first] }: { readonly waiting: readonly SourceEvent[] }) =>
  first?.place.position ?? Infinity;

/** Where the event that an index entry stands for lies in the log. */
function placeInLog(link: LogRecord): number | undefined {
  const stamp = readStamp(link.metadata, { id: -1, epoch: -1, version: -1 });
  return stamp.kind === "stamped" && stamp.tag.mode === "Position" ? stamp.tag.commit : undefined;
}
