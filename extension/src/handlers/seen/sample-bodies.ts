import { StreamDeletedError, StreamNotFoundError } from "../../event-store/errors.ts";
import type { EventReader, Source, StreamEntry } from "../../event-store/event-store.ts";
import { listOf } from "./type-count.ts";

/** Newest events of a type that its body is inferred from. */
const SAMPLES = { limit: 300, maxBytes: 4 * 1024 * 1024 };

/** What was sampled of one type of events. */
export interface SampledBodies {
  /** Those that were written as JSON, as they were written. */
  readonly bodies: readonly string[];
  /** How many were not. */
  readonly others: number;
}

/** Samples the newest bodies of a type, out of the server's list of its events or, where it keeps none, out of its log. */
export async function sampleBodies(reader: EventReader, type: string, signal: AbortSignal): Promise<SampledBodies> {
  const entries =
    (await read(reader, { stream: listOf(type) }, signal)) ??
    (await read(reader, { all: true, filter: { on: "type", regex: `^${escaped(type)}$` } }, signal)) ??
    [];
  const decoder = new TextDecoder();
  const events = entries.flatMap(({ recorded, target }) => {
    const event = recorded.type === type ? recorded : target;
    return event?.type === type ? [event] : [];
  });
  const bodies = events.filter(({ isJson }) => isJson).map(({ data }) => decoder.decode(data));
  return { bodies, others: events.length - bodies.length };
}

async function read(
  reader: EventReader,
  source: Source,
  signal: AbortSignal,
): Promise<readonly StreamEntry[] | undefined> {
  try {
    const options = { ...SAMPLES, from: "end", direction: "backwards", followsLinks: true, signal } as const;
    const { entries } = await reader.read(source, options);
    return entries.length === 0 ? undefined : entries;
  } catch (error) {
    if (error instanceof StreamNotFoundError || error instanceof StreamDeletedError) return undefined;
    throw error;
  }
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
