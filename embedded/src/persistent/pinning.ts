import type { LogRecord } from "../log/record.ts";
import type { Message } from "./message.ts";

/** What the pinned strategies keep together: messages of one key go to one consumer, as long as it is there. */
export type PinningKey = (message: Message) => string;

const text = new TextDecoder();

/** The stream a link names, or the record's own stream where it is no link. */
function streamBehind(record: LogRecord): string {
  if (record.type !== "$>") return record.stream;
  const link = text.decode(record.data);
  const at = link.indexOf("@");
  return at === -1 ? record.stream : link.slice(at + 1);
}

/** Pinned: by the stream of the event, for links that of their target, resolved or not (golden `persistent-strategies/pinned-unresolved-links`). */
export const bySourceStream: PinningKey = ({ resolved, original }) => streamBehind(resolved.event ?? original);

/** PinnedByCorrelation: by the event's correlation id; an event without one goes with its stream. */
export const byCorrelation: PinningKey = (message) =>
  correlationOf(message.resolved.event ?? message.original) ?? bySourceStream(message);

function correlationOf(record: LogRecord): string | undefined {
  if (record.metadata.length === 0) return undefined;
  try {
    const metadata: unknown = JSON.parse(text.decode(record.metadata));
    if (typeof metadata !== "object" || metadata === null || !("$correlationId" in metadata)) return undefined;
    const id = metadata.$correlationId;
    return typeof id === "string" || typeof id === "number" ? String(id) : undefined;
  } catch {
    // Metadata is opaque to the server: what is no JSON has no correlation id.
    return undefined;
  }
}

export const BUCKETS = 1024;

/** The bucket of a key: FNV-1a over its UTF-16 units. */
export function bucketOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  // FNV's high bits are its better ones; folded in, names that differ in one letter part.
  return (hash ^ (hash >>> 16)) & (BUCKETS - 1);
}
