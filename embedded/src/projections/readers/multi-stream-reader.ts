import type { LogRecord } from "../../log/record.ts";
import type { EventStore } from "../../streams/event-store.ts";
import { resolveSource } from "./resolve-source.ts";
import type { SourceReader } from "./source-reader.ts";
import { StreamCursor } from "./stream-cursor.ts";

/** Events handed over at a time. */
const PAGE = 111;

interface Lane {
  readonly cursor: StreamCursor;
  /** Read and not yet handed over, from `next` on. */
  records: readonly LogRecord[];
  next: number;
  /** Written to since it was last read to its end. */
  mayHaveMore: boolean;
}

/**
 * Reads several streams behind their events `last`, merged in the order of the log.
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

  const head = (lane: Lane): LogRecord | undefined => {
    while (lane.next === lane.records.length && lane.mayHaveMore) {
      lane.records = lane.cursor.read();
      lane.next = 0;
      lane.mayHaveMore = !lane.cursor.isAtEnd;
    }
    return lane.records[lane.next];
  };

  const takeFirst = (): LogRecord | undefined => {
    let first: { readonly lane: Lane; readonly record: LogRecord } | undefined;
    for (const lane of lanes) {
      const record = head(lane);
      if (record !== undefined && (first === undefined || record.position < first.record.position)) {
        first = { lane, record };
      }
    }
    if (first !== undefined) first.lane.next++;
    return first?.record;
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
