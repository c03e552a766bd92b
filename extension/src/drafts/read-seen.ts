import { AccessDeniedError, StreamDeletedError, StreamNotFoundError } from "../event-store/errors.ts";
import type { EventReader } from "../event-store/event-store.ts";
import { eventOf } from "../events/link.ts";
import { type SeenEvents, seenIn } from "./seen-events.ts";

const NEWEST = 200;
/** As much as can be read while somebody types. */
const MOST_BYTES = 2 ** 21;

/** What the newest events of the stream hold; of one that is yet to begin, those of its category. */
export async function readSeen(reader: EventReader, stream: string, signal: AbortSignal): Promise<SeenEvents> {
  const dash = stream.indexOf("-");
  const sources = [stream, ...(dash > 0 && !stream.startsWith("$") ? [`$ce-${stream.slice(0, dash)}`] : [])];
  for (const source of sources) {
    const events = await newest(reader, source, signal);
    if (events.length > 0) return seenIn(events);
  }
  return seenIn([]);
}

async function newest(reader: EventReader, stream: string, signal: AbortSignal) {
  try {
    const options = { from: "end", direction: "backwards", followsLinks: true, signal } as const;
    const page = await reader.read({ stream }, { ...options, limit: NEWEST, maxBytes: MOST_BYTES });
    return page.entries.map(eventOf).filter(({ type }) => !type.startsWith("$"));
  } catch (error) {
    const isNothing =
      error instanceof StreamNotFoundError || error instanceof StreamDeletedError || error instanceof AccessDeniedError;
    if (!isNothing) throw error;
    return [];
  }
}
