import { AccessDeniedError, StreamDeletedError, StreamNotFoundError } from "../../event-store/errors.ts";
import type { EventReader, Position, StreamEntry } from "../../event-store/event-store.ts";
import { scan } from "../../stream-panel/reading/scan.ts";
import { type Asked, FoundEvents, MOST_EVENTS, type Progress } from "./conversation.ts";

/** What the server's own list of a conversation holds. */
export interface IndexFound {
  readonly stream: string;
  readonly events: FoundEvents;
  /** Links whose events are gone or may not be seen. */
  readonly gone: number;
  /** There are more than can be shown. */
  readonly isCut: boolean;
  /** The event that was asked from is not in it: the projection stands still, or is behind. */
  readonly isBehind: boolean;
}

/** The list that `$by_correlation_id` keeps; undefined where it keeps none, or this login may not see it. */
export async function readIndex(
  reader: EventReader,
  { correlationId, from }: Asked,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<IndexFound | undefined> {
  const stream = `$bc-${correlationId}`;
  const links: StreamEntry[] = [];
  const events = new FoundEvents();
  let isCut = false;
  try {
    const options = { from: "start", direction: "forwards", followsLinks: true, signal } as const;
    for await (const { entries } of scan(reader, { stream }, options)) {
      links.push(...entries);
      onProgress({ looked: links.length, found: links.length });
      // One more than can be shown tells that there are more.
      isCut = links.length > MOST_EVENTS;
      if (isCut) break;
    }
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  const found = links.filter(({ target }) => target !== undefined);
  // One clock for all: where a server does not tell the place of what a link leads to, the links' own have the same order.
  const isTold = found.every(({ target }) => target !== undefined && isPosition(target.position));
  for (const { recorded, target } of found) {
    if (target !== undefined) events.add(target, isTold ? target.position : recorded.position);
  }
  const isBehind = from !== undefined && !isCut && !events.has(`${from.revision}@${from.stream}`);
  return { stream, events, gone: links.length - found.length, isCut, isBehind };
}

export function isMissing(error: unknown): boolean {
  return (
    error instanceof StreamNotFoundError || error instanceof StreamDeletedError || error instanceof AccessDeniedError
  );
}

/** A server says 2^64 - 1 where it does not know. */
function isPosition({ commit }: Position): boolean {
  return BigInt(commit) < 2n ** 63n;
}
