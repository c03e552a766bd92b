import { randomUUID } from "node:crypto";
import { NO_DATA, type NewRecord } from "../../../src/log/record.ts";
import { EventStore } from "../../../src/streams/event-store.ts";

export const newId = (): string => randomUUID();

/** A store in memory. Close it when the test is over. */
export function openStore(): EventStore {
  return EventStore.open({ location: "memory", now: Date.now, newId });
}

export function jsonRecord(type: string, data: unknown, metadata?: unknown): NewRecord {
  return {
    id: newId(),
    type,
    isJson: true,
    data: Buffer.from(JSON.stringify(data)),
    metadata: metadata === undefined ? NO_DATA : Buffer.from(JSON.stringify(metadata)),
  };
}

export function linkRecord(target: string, metadata?: unknown): NewRecord {
  return { ...jsonRecord("$>", null, metadata), isJson: false, data: Buffer.from(target) };
}

/** Appends events of type `T` with the given numbers as `n`. */
export async function send(store: EventStore, stream: string, ...numbers: number[]): Promise<void> {
  await store.append(
    stream,
    "any",
    numbers.map((n) => jsonRecord("T", { n })),
  );
}

export const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");

/** What a stream shows: a line for each event. */
export function lines(store: EventStore, stream: string): string[] {
  const found: string[] = [];
  for (let from = 0; ;) {
    const page = store.readStream({ stream, from, direction: "forwards", maxCount: 1000 });
    if (page.outcome !== "read") return found;
    for (const { revision, type, data } of page.records) found.push(`${revision} ${type} ${textOf(data)}`);
    if (page.isEnd) return found;
    from = page.next;
  }
}
