import type { LogRecord } from "../../log/record.ts";
import type { EventStore } from "../../streams/event-store.ts";
import { LINK_TYPE, parseLink } from "../../streams/link.ts";
import type { AllPages } from "./all-pages.ts";
import { resolveSource } from "./resolve-source.ts";
import type { SourceEvent, SourceReader } from "./source-reader.ts";

/** Reads the whole log behind the record at `last`: user streams and their metadata; links only if asked for (spec 3.2). */
export function allReader(store: EventStore, pages: AllPages, last: number, includeLinks: boolean): SourceReader {
  let next = last + 1;
  return {
    read() {
      const page = pages.read(next);
      const events: SourceEvent[] = [];
      for (const record of page.records) {
        if (isOfUsers(record, includeLinks)) events.push(resolveSource(store, record));
      }
      const scannedTo = page.records.at(-1)?.position;
      next = page.next;
      return { events, isAtEnd: page.isEnd, ...(scannedTo !== undefined && { scannedTo }) };
    },
    get progress() {
      return pages.end === 0 ? 100 : Math.min(100, (next / pages.end) * 100);
    },
    watch: (wake) => pages.watch(wake),
  };
}

/** Streams of the system are left out, metadata of user streams are not. A link that is none is an event like others. */
export function isOfUsers(record: LogRecord, includeLinks: boolean): boolean {
  const { stream } = record;
  if (stream.startsWith("$") && (!stream.startsWith("$$") || stream.startsWith("$$$"))) return false;
  return includeLinks || record.type !== LINK_TYPE || parseLink(record) === undefined;
}
