import type { LogRecord } from "../../log/record.ts";
import type { EventStore } from "../../streams/event-store.ts";
import { LINK_TYPE } from "../../streams/link.ts";
import type { AllPages } from "./all-pages.ts";
import { followingReader, type History } from "./following-reader.ts";
import type { Heading } from "./heading.ts";
import { asItLies, resolveSource } from "./resolve-source.ts";
import type { SourceReader } from "./source-reader.ts";

/**
 * Reads the whole log behind the record at `last`: user streams and their metadata; links only if asked for (spec 3.2).
 *
 * As in the real server links are followed only once the reader has caught up with the log; before that they are events of
 * their own (goldens `projection-language/source-from-all-any`, `system-projections/by-category-links`).
 */
export function allReader(
  store: EventStore,
  pages: AllPages,
  heading: Heading,
  last: number,
  includeLinks: boolean,
): SourceReader {
  let next = last + 1;
  let isLive = false;
  const history: History = {
    read() {
      const page = pages.read(next);
      const wanted = page.records.filter((record) => isOfUsers(record, includeLinks));
      const events = wanted.map((record) => (isLive ? resolveSource(store, record) : asItLies(record)));
      const scannedTo = page.records.at(-1)?.position;
      next = page.next;
      return { events, isAtEnd: page.isEnd, ...(scannedTo !== undefined && { scannedTo }) };
    },
    goLive() {
      isLive = true;
    },
    passed({ position }) {
      next = position + 1;
    },
    get progress() {
      return isLive || pages.end === 0 ? 100 : Math.min(100, (next / pages.end) * 100);
    },
  };
  return followingReader(heading, {
    history,
    interest: "all",
    wanted: (record, resolved) => (isOfUsers(record, includeLinks) ? resolved() : undefined),
  });
}

/** Streams of the system are left out, metadata of user streams are not. */
export function isOfUsers({ stream, type }: LogRecord, includeLinks: boolean): boolean {
  if (stream.startsWith("$") && (!stream.startsWith("$$") || stream.startsWith("$$$"))) return false;
  return includeLinks || type !== LINK_TYPE;
}
