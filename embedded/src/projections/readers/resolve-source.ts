import type { LogRecord } from "../../log/record.ts";
import type { EventStore } from "../../streams/event-store.ts";
import { LINK_TYPE, parseLink } from "../../streams/link.ts";
import type { ProjectionEvent } from "../handler.ts";
import { streamDeletedBy } from "../native/stream-deletion.ts";
import { recordText } from "../record-text.ts";
import type { SourceEvent } from "./source-reader.ts";

/** Follows a link that a source met and says where it lies. */
export function resolveSource(store: EventStore, record: LogRecord): SourceEvent {
  return sourceEvent(record, resolveEvent(store, record));
}

/** What a source met, a link not followed. */
export function asItLies(record: LogRecord): SourceEvent {
  return sourceEvent(record, { event: record, link: undefined });
}

function sourceEvent({ position, stream, revision, created }: LogRecord, event: ProjectionEvent): SourceEvent {
  const deletedStream = event.event === undefined ? undefined : streamDeletedBy(event.event);
  const place = { position, stream, revision };
  return deletedStream === undefined ? { event, place, created } : { event, place, created, deletedStream };
}

function resolveEvent(store: EventStore, record: LogRecord): ProjectionEvent {
  if (record.type !== LINK_TYPE) return { event: record, link: undefined };
  const resolved = store.accepted.resolve(record);
  if (resolved.event !== undefined) return resolved;
  return { ...resolved, leadsToDeletedStream: leadsToDeletedStream(store, record) || isDeletionNotice(record) };
}

/** Whether there is nothing to be read of the stream that a link leads to. */
export function leadsToDeletedStream(store: EventStore, link: LogRecord): boolean {
  const target = parseLink(link);
  if (target === undefined) return false;
  return !store.accepted.isReadable(target.stream);
}

/** What `$by_category` wrote for a stream that was deleted (spec 3.12). */
export function isDeletionNotice(link: LogRecord): boolean {
  return recordText(link.metadata).includes('"$deleted"');
}
