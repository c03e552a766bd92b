import { TOMBSTONE_REVISION, type LogRecord } from "../../log/record.ts";
import type { EventStore } from "../../streams/event-store.ts";
import { LINK_TYPE } from "../../streams/link.ts";
import { EngineFault } from "../engine-fault.ts";
import { recordText } from "../record-text.ts";
import { followingReader, type History } from "./following-reader.ts";
import type { Heading } from "./heading.ts";
import { resolveSource } from "./resolve-source.ts";
import type { SourceEvent, SourceReader } from "./source-reader.ts";
import { type Gap, StreamCursor } from "./stream-cursor.ts";

/** Events of the history handed over at a time. */
const PAGE = 111;

/** What lies in a lane, and where in the log what it stands for was written. */
interface Waiting {
  readonly record: LogRecord;
  readonly origin: number;
}

interface Lane {
  readonly cursor: StreamCursor;
  /** Read and not yet handed over, from `next` on. */
  records: readonly Waiting[];
  next: number;
}

/**
 * Reads several streams behind their events `last`, merged in the order of the log. For index streams such as those of
 * categories that is the order of what they stand for: they are written side by side, so their own order is by chance (golden
 * `projection-language/source-from-category`).
 *
 * An event is handed over once every other stream has shown its next one or its end: what is written later lies behind.
 * Unlike a single stream's reader it hands over links into streams that are gone (golden
 * `topologies/filter-over-links-to-a-deleted-stream`).
 */
export function multiStreamReader(
  store: EventStore,
  heading: Heading,
  last: ReadonlyMap<string, number>,
): SourceReader {
  const lanes = new Map(
    Array.from(last, ([stream, revision]): [string, Lane] => [
      stream,
      { cursor: new StreamCursor(store, stream, revision, refuseGap), records: [], next: 0 },
    ]),
  );

  const head = (lane: Lane): Waiting | undefined => {
    while (lane.next === lane.records.length && !lane.cursor.isAtEnd) {
      lane.records = lane.cursor.read().map((record) => ({ record, origin: originOf(record) }));
      lane.next = 0;
    }
    return lane.records[lane.next];
  };

  const takeFirst = (): LogRecord | undefined => {
    let first: { readonly lane: Lane; readonly waiting: Waiting } | undefined;
    for (const lane of lanes.values()) {
      const waiting = head(lane);
      if (waiting !== undefined && (first === undefined || waiting.origin < first.waiting.origin)) {
        first = { lane, waiting };
      }
    }
    if (first !== undefined) first.lane.next++;
    return first?.waiting.record;
  };

  const history: History = {
    read() {
      const records: LogRecord[] = [];
      while (records.length < PAGE) {
        const record = takeFirst();
        if (record === undefined) break;
        records.push(record);
      }
      return { events: records.map((record) => resolveSource(store, record)), isAtEnd: records.length < PAGE };
    },
    goLive() {
      for (const { cursor } of lanes.values()) cursor.goLive();
    },
    passed({ stream, revision }) {
      lanes.get(stream)?.cursor.passed(revision);
    },
    get progress() {
      return [...lanes.values()].reduce((sum, { cursor }) => sum + cursor.progress, 0) / lanes.size;
    },
  };
  return followingReader(heading, {
    history,
    interest: { by: "stream", names: [...lanes.keys()] },
    wanted: (record, resolved) => (record.revision === TOMBSTONE_REVISION ? undefined : resolved()),
    arrange: inOrderOfOrigins,
  });
}

/** A real server reads the same place over and over, and says nothing: whoever relies on what lies there has to know. */
function refuseGap({ stream, expected, found }: Gap): never {
  throw new EngineFault(
    `Event number ${expected} was expected in the stream ${stream}, but event number ${found} was received: ` +
      "what lies between was truncated before this projection had read it. A real server does not get past this place " +
      "where a projection reads several streams: it shows the projection as Running, which handles nothing more until it is reset. " +
      "Reset it, and truncate its sources only below its last checkpoint.",
  );
}

/** Merges the events of several streams, each in its own order, by where what they stand for was written. */
function inOrderOfOrigins(events: readonly SourceEvent[]): SourceEvent[] {
  const latest = new Map<string, number>();
  const placed = events.map((event) => {
    const { stream, position } = event.place;
    const record = event.event.link ?? event.event.event;
    const origin = Math.max(record === undefined ? position : originOf(record), latest.get(stream) ?? 0);
    latest.set(stream, origin);
    return { event, origin };
  });
  return placed.sort((a, b) => a.origin - b.origin).map(({ event }) => event);
}

/** Entries of index streams tell in their metadata where the event lay that they were made for. */
function originOf({ type, stream, metadata, position }: LogRecord): number {
  if (type !== LINK_TYPE || !stream.startsWith("$")) return position;
  return Number(/"\$c":(\d+)/.exec(recordText(metadata))?.[1] ?? position);
}
