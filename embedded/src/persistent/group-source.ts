import type { LogRecord } from "../log/record.ts";
import type { EventStore } from "../streams/event-store.ts";
import type { ResolvedRecord } from "../streams/results.ts";

export interface SourcePage {
  readonly records: readonly LogRecord[];
  /** Where the next page begins. */
  readonly next: number;
  /** Nothing more is there now. */
  readonly isEnd: boolean;
}

/** What a group reads, record by record: a stream or `$all`. */
export interface GroupSource {
  /** The first place that nothing has been written to yet. */
  readonly end: number;
  /** Where a group goes on that is done with what lies at `place`. */
  after(place: number): number;
  placeOf(record: LogRecord): number;
  /**
   * At least one record where one is there. `live` reads what was appended just now, whatever truncation says of it
   * (golden `persistent/source-soft-deleted`). "gone" when the stream was tombstoned before.
   */
  read(from: number, count: number, live: boolean): SourcePage | "gone";
  /** What of a record the group delivers; "pass" for what its filter leaves out, "hide" for what it does not even count. */
  see(record: LogRecord, live: boolean): ResolvedRecord | "pass" | "hide";
  watch(wake: () => void): () => void;
}

/** A record as the group's settings have it shown. */
export function shown(store: EventStore, record: LogRecord, resolveLinks: boolean, live: boolean): ResolvedRecord {
  if (!resolveLinks || record.type !== "$>") return { event: record, link: undefined };
  const resolved = store.resolve(record);
  // A link whose text is none is a plain event in history, but live a link to nothing (corrections 2.3).
  return live && resolved.link === undefined ? { event: undefined, link: record } : resolved;
}
