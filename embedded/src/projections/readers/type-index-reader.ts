import type { LogRecord } from "../../log/record.ts";
import type { EventStore } from "../../streams/event-store.ts";
import { LINK_TYPE, parseLink } from "../../streams/link.ts";
import { METADATA_TYPE } from "../../streams/stream-metadata.ts";
import { readStamp } from "../emitted/stamp.ts";
import type { TypeIndexTag } from "../tags/tag.ts";
import { DELETIONS } from "../tags/tagger.ts";
import type { AllPages } from "./all-pages.ts";
import { isOfUsers } from "./all-reader.ts";
import { asItLies, leadsToDeletedStream, resolveSource } from "./resolve-source.ts";
import { NOTHING_NOW, type SourceEvent, type SourcePage, type SourceReader } from "./source-reader.ts";
import { StreamCursor } from "./stream-cursor.ts";
import type { TypeFollower, TypeHeading } from "./type-heading.ts";

export interface TypeIndexSource {
  readonly store: EventStore;
  readonly pages: AllPages;
  readonly heading: TypeHeading;
  /** Place in the log up to which `$by_event_type` has written its index for certain; -1 where it has not. */
  readonly indexedTo: () => number;
  readonly includeLinks: boolean;
}

/** Live events kept for a projection that is busy; with more it reads the log by itself again. */
const MAX_WAITING = 2000;
const PAGE = 111;
/** Events that may delete a stream. */
const DELETION_TYPES = [METADATA_TYPE, "$streamDeleted"];

/**
 * Reads the events of certain types of all streams: from their index streams as far as those reach, then from the log, then
 * live with all others who want types (spec 3.2).
 */
export function typeIndexReader(source: TypeIndexSource, from: TypeIndexTag): SourceReader {
  const { store, pages, heading, includeLinks } = source;
  const types = new Set(from.types.keys());
  const tellsDeletions = types.has(DELETIONS);
  let index = indexOf(source, from);
  let next = from.prepare + 1;
  let waiting: LogRecord[] = [];
  let isLive = false;
  let leave: (() => void) | undefined;
  let wakeUp = () => {};

  const follower: TypeFollower = {
    types: tellsDeletions ? new Set([...types, ...DELETION_TYPES]) : types,
    offer(record) {
      if (record.position < next) return;
      if (waiting.length === MAX_WAITING) {
        // `next` lies behind what was handed over last, so nothing is missed.
        waiting = [];
        stopFollowing();
      } else waiting.push(record);
      wakeUp();
    },
  };
  const stopFollowing = () => {
    leave?.();
    leave = undefined;
  };

  function wanted(record: LogRecord): readonly SourceEvent[] {
    if (types.has(record.type)) return [asItLies(record)];
    if (!tellsDeletions || !DELETION_TYPES.includes(record.type)) return [];
    const event = asItLies(record);
    return event.deletedStream === undefined ? [] : [event];
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
    const events: SourceEvent[] = [];
    for (const record of page.records) {
      if (!isOfUsers(record, includeLinks)) continue;
      // Links are followed once the log was read to its end; only then can one be of a wanted type.
      if (isLive && record.type === LINK_TYPE) events.push(resolveSource(store, record));
      else events.push(...wanted(record));
    }
    const scannedTo = page.records.at(-1)?.position;
    next = page.next;
    isLive ||= page.isEnd;
    // Whoever wants links has to look at all of them.
    if (page.isEnd && !includeLinks) leave = heading.join(follower, next);
    return { events, isAtEnd: page.isEnd, ...(scannedTo !== undefined && { scannedTo }) };
  }

  function readWaiting(): SourcePage {
    const records = waiting.splice(0, PAGE);
    const last = records.at(-1);
    if (last === undefined) return NOTHING_NOW;
    next = last.position + 1;
    return { events: records.flatMap(wanted), isAtEnd: waiting.length === 0 };
  }

  return {
    read() {
      if (index !== undefined) return readIndex(index);
      return leave === undefined ? readLog() : readWaiting();
    },
    get progress() {
      return isLive ? 100 : Math.min(100, (next / Math.max(1, pages.end)) * 100);
    },
    watch(wake) {
      wakeUp = wake;
      const stop = includeLinks ? pages.watch(wake) : () => {};
      return () => {
        stop();
        stopFollowing();
      };
    },
  };
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
    cursor: new StreamCursor(store, `$et-${type}`, last, false),
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
