import type { LogRecord } from "../../log/record.ts";
import type { EventStore } from "../../streams/event-store.ts";
import { LINK_TYPE } from "../../streams/link.ts";
import { recordText } from "../record-text.ts";
import { resolveSource } from "./resolve-source.ts";
import type { SourceReader } from "./source-reader.ts";
import { StreamCursor } from "./stream-cursor.ts";

/** Events handed over at a time. */
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
  /** Written to since it was last read to its end. */
  mayHaveMore: boolean;
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
export function multiStreamReader(store: EventStore, last: ReadonlyMap<string, number>): SourceReader {
  const lanes: readonly Lane[] = [...last].map(([stream, revision]) => ({
    cursor: new StreamCursor(store, stream, revision),
    records: [],
    next: 0,
    mayHaveMore: true,
  }));

  const head = (lane: Lane): Waiting | undefined => {
    while (lane.next === lane.records.length && lane.mayHaveMore) {
      lane.records = lane.cursor.read().map((record) => ({ record, origin: originOf(record) }));
      lane.next = 0;
      lane.mayHaveMore = !lane.cursor.isAtEnd;
    }
    return lane.records[lane.next];
  };

  const takeFirst = (): LogRecord | undefined => {
    let first: { readonly lane: Lane; readonly waiting: Waiting } | undefined;
    for (const lane of lanes) {
      const waiting = head(lane);
      if (waiting !== undefined && (first === undefined || waiting.origin < first.waiting.origin)) {
        first = { lane, waiting };
      }
    }
    if (first !== undefined) first.lane.next++;
    return first?.waiting.record;
  };

  return {
    read() {
      const records: LogRecord[] = [];
      while (records.length < PAGE) {
        const record = takeFirst();
        if (record === undefined) break;
        records.push(record);
      }
      return { events: records.map((record) => resolveSource(store, record)), isAtEnd: records.length < PAGE };
    },
    get progress() {
      return lanes.reduce((sum, { cursor }) => sum + cursor.progress, 0) / lanes.length;
    },
    watch(wake) {
      const stops = lanes.map((lane) =>
        store.watchStream(lane.cursor.stream, () => {
          lane.mayHaveMore = true;
          wake();
        }),
      );
      return () => stops.forEach((stop) => stop());
    },
  };
}

/** Entries of index streams tell in their metadata where the event lay that they were made for. */
function originOf({ type, stream, metadata, position }: LogRecord): number {
  if (type !== LINK_TYPE || !stream.startsWith("$")) return position;
  return Number(/"\$c":(\d+)/.exec(recordText(metadata))?.[1] ?? position);
}
