import { ServerAnsweredError } from "../../event-store/errors.ts";
import type { EventReader, RecordedEvent, Source } from "../../event-store/event-store.ts";
import { type Place, placeOf } from "../../events/place.ts";
import { scan } from "./scan.ts";

export interface TimeSeekOptions {
  /** In milliseconds since 1970. */
  readonly time: number;
  readonly signal: AbortSignal;
}

/**
 * The first place that was written at that time or after it; undefined where all is older. In a stream, and in a log that
 * can be read from anywhere, by halving; EventStoreDB reads its log only from where an event begins, so there from the end.
 */
export async function seekTime(
  reader: EventReader,
  source: Source,
  options: TimeSeekOptions,
): Promise<Place | undefined> {
  try {
    return await halve(reader, source, options);
  } catch (error) {
    if (!("all" in source) || !(error instanceof ServerAnsweredError)) {
      throw error;
    }
    return searchFromEnd(reader, source, options);
  }
}

async function halve(
  reader: EventReader,
  source: Source,
  { time, signal }: TimeSeekOptions,
): Promise<Place | undefined> {
  const one = { limit: 1, followsLinks: false, signal } as const;
  const firstFrom = async (number: bigint): Promise<RecordedEvent | undefined> => {
    const from = "all" in source ? { commit: number, prepare: number } : number;
    const page = await reader.read(source, { ...one, from, direction: "forwards" });
    return page.entries[0]?.recorded;
  };
  const numberOf = ({ position, revision }: RecordedEvent): bigint =>
    BigInt("all" in source ? position.commit : revision);

  const { entries } = await reader.read(source, { ...one, from: "end", direction: "backwards" });
  const newest = entries[0]?.recorded;
  if (newest === undefined || newest.created < time) {
    return undefined;
  }
  // All before `low` is older; the first that is not lies at `high` or before it.
  let low = 0n;
  let high = numberOf(newest);
  while (low < high) {
    const event = await firstFrom((low + high) / 2n);
    if (event !== undefined && event.created < time) {
      low = numberOf(event) + 1n;
    } else {
      high = (low + high) / 2n;
    }
  }
  const found = await firstFrom(low);
  return found === undefined ? undefined : placeOf(source, { recorded: found });
}

async function searchFromEnd(
  reader: EventReader,
  source: Source,
  { time, signal }: TimeSeekOptions,
): Promise<Place | undefined> {
  let found: Place | undefined;
  const options = { from: "end", direction: "backwards", followsLinks: false, signal } as const;
  for await (const { entries } of scan(reader, source, options)) {
    for (const entry of entries) {
      if (entry.recorded.created < time) {
        return found;
      }
      found = placeOf(source, entry);
    }
  }
  return found;
}
