import { StreamDeletedError, StreamNotFoundError } from "../../event-store/errors.ts";
import type { EventReader } from "../../event-store/event-store.ts";

/** How many events of a type there are, as far as it is known. */
export interface TypeCount {
  readonly events: number;
  /** All were counted; otherwise there are at least so many. */
  readonly isWhole: boolean;
}

/** The server's own list of the events of a type, where it keeps one. */
export const listOf = (type: string): string => `$et-${type}`;

/** The number of events that the server lists for a type; undefined where it keeps no list of them. */
export async function countOf(reader: EventReader, type: string, signal: AbortSignal): Promise<TypeCount | undefined> {
  try {
    const { entries } = await reader.read(
      { stream: listOf(type) },
      { from: "end", direction: "backwards", limit: 1, followsLinks: false, signal },
    );
    const [last] = entries;
    // What a list has lost at its beginning was counted when it was written.
    return last === undefined ? undefined : { events: Number(last.recorded.revision) + 1, isWhole: true };
  } catch (error) {
    if (error instanceof StreamNotFoundError || error instanceof StreamDeletedError) return undefined;
    throw error;
  }
}

/**
 * The same, and 0 where the server keeps such lists and has none of this type.
 * @returns undefined where it keeps none, so that nobody knows.
 */
export async function countOrNone(
  reader: EventReader,
  type: string,
  signal: AbortSignal,
): Promise<TypeCount | undefined> {
  const count = await countOf(reader, type, signal);
  if (count !== undefined) return count;
  const { entries } = await reader.read(
    { all: true, filter: { on: "type", regex: "^[^$]" } },
    { from: "end", direction: "backwards", limit: 1, followsLinks: false, signal },
  );
  const newest = entries[0]?.recorded.type;
  const keepsLists = newest === undefined || (newest !== type && (await countOf(reader, newest, signal)) !== undefined);
  return keepsLists ? { events: 0, isWhole: true } : undefined;
}
