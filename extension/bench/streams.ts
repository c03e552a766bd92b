/**
 * How long the Streams view takes with a million streams listed, on the embedded server in this process. Prints one figure
 * a line; `--streams N` for another number.
 */
import { parseArgs } from "node:util";
import { randomUUID } from "node:crypto";
import { EventStoreDBClient } from "@eventstore/db-client";
import { startEmbedded } from "@sluice/embedded";
import { openEventStore } from "../src/event-store/open-event-store.ts";
import { StreamCatalog } from "../src/streams/stream-catalog.ts";

const { values } = parseArgs({ options: { streams: { type: "string", default: "1000000" } } });
const streams = Number(values.streams);
const CATEGORIES = 2000;
const BATCH = 5000;

const encoder = new TextEncoder();
const none = new Uint8Array(0);
const server = await startEmbedded({ memory: true, port: 0 });
const client = EventStoreDBClient.connectionString(server.connectionString);
for (const { name } of await client.listProjections()) await client.disableProjection(name);
const store = await openEventStore(server.connectionString);
const search = { signal: new AbortController().signal };

const event = (type: string, body: string) => ({
  id: randomUUID(),
  type,
  isJson: false,
  data: encoder.encode(body),
  metadata: none,
});

async function list(names: readonly string[]): Promise<void> {
  await store.append(
    "$streams",
    "any",
    names.map((name) => event("$>", `0@${name}`)),
  );
  const orders = names.filter((name) => name.startsWith("order-"));
  if (orders.length > 0)
    await store.append(
      "$category-order",
      "any",
      orders.map((name) => event("$@", name)),
    );
}

async function timed(what: string, run: () => Promise<unknown>): Promise<void> {
  const before = performance.now();
  await run();
  const heap = Math.round(process.memoryUsage().heapUsed / 1024 / 1024);
  console.log(`${what}: ${Math.round(performance.now() - before)} ms, heap of client and server ${heap} MB`);
}

await list(Array.from({ length: CATEGORIES }, (_, i) => `category${i}-1`));
for (let first = 0; first < streams; first += BATCH) {
  await list(Array.from({ length: Math.min(BATCH, streams - first) }, (_, i) => `order-${first + i}`));
}
console.log(`${streams} streams of one category, ${CATEGORIES} categories of one stream`);
const catalog = new StreamCatalog(store);
await timed("first categories, shown at once", () => catalog.search(search, 1));
await timed("those that come to them behind it", () => catalog.search(search));
await timed("first page of a category", () => catalog.ofCategory("order", 100, search));
await timed("found by a prefix that is near", () => catalog.beginningWith("category19", 50, search));
await timed("all streams searched", async () => {
  while (!catalog.isComplete) await catalog.search(search);
});
await timed("a refresh", () => catalog.search(search));
store.close();
await client.dispose();
await server.stop();
