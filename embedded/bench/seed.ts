/** Fills a data directory before a server is started on it: `seed.ts DIR` with a {@link Seed} as JSON. */
import { randomUUID } from "node:crypto";
import { EventStore } from "../src/streams/event-store.ts";
import { newRecord, prepared } from "./events.ts";

/** What a server has in its log when it is started. */
export interface Seed {
  /** Events of one stream, named by `prepared`. */
  readonly events?: number;
  /** Streams of one event each, `existing-0` and so on. */
  readonly streams?: number;
}

const AT_ONCE = 2000;
const [directory, text] = process.argv.slice(2);
if (directory === undefined || text === undefined) throw new Error("Say which directory to fill, and with what.");
const { events = 0, streams = 0 } = JSON.parse(text) as Seed;
const store = EventStore.open({ location: { directory }, now: Date.now, newId: randomUUID });
for (let written = 0; written < events; written += AT_ONCE) {
  const batch = Array.from({ length: Math.min(AT_ONCE, events - written) }, newRecord);
  await store.append(prepared(events), "any", batch);
}
for (let written = 0; written < streams; written += AT_ONCE) {
  const batch = Array.from({ length: Math.min(AT_ONCE, streams - written) }, (_, i) => `existing-${written + i}`);
  await Promise.all(batch.map((stream) => store.append(stream, "any", [newRecord()])));
}
await store.close();
