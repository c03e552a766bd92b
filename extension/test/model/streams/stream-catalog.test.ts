import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { EventStore, ReadOptions, Source } from "../../../src/event-store/event-store.ts";
import { ServerUnreachableError } from "../../../src/event-store/errors.ts";
import { openEventStore } from "../../../src/event-store/open-event-store.ts";
import { StreamCatalog } from "../../../src/streams/stream-catalog.ts";
import type { StreamListing } from "../../../src/streams/stream-listing.ts";
import { linkTo, noted, openedStore } from "../event-store/opened-store.ts";
import { relayTo } from "../../server/relay.ts";
import { listStreams, withoutLists } from "./listed-server.ts";

const { signal } = new AbortController();
const search = { signal };

/** The store with a note of each page that is read of each source. */
function watched(store: EventStore): { store: EventStore; entries: () => number } {
  let entries = 0;
  return {
    entries: () => entries,
    store: {
      ...store,
      async read(source: Source, options: ReadOptions) {
        const page = await store.read(source, options);
        entries += page.entries.length;
        return page;
      },
    },
  };
}

/** Searches until the catalog knows a name: the projections are a little behind the writers. */
async function searchedFor(catalog: StreamCatalog, category: string): Promise<void> {
  while (!catalog.categories.some(({ name }) => name === category)) {
    await catalog.search(search);
    await setImmediate();
  }
}

test("streams – categories and their streams out of the server's lists", async (t) => {
  const { store } = await openedStore(t);
  for (const stream of ["order-1", "order-2", "loose", "$mine", "bill-a-b", "order-3"]) {
    await store.append(stream, "any", [noted("{}")]);
  }
  await store.append("links-1", "any", [linkTo("order-1", 0)]);
  const catalog = new StreamCatalog(store);
  await searchedFor(catalog, "links");
  assert.equal(catalog.origin, "$streams");
  assert.equal(catalog.isComplete, true);
  assert.deepEqual(catalog.categories, [
    { name: "bill", streams: 1 },
    { name: "links", streams: 1 },
    { name: "order", streams: 3 },
  ]);
  assert.deepEqual(catalog.withoutCategory, ["loose"]);
  let orders: StreamListing;
  do orders = await catalog.ofCategory("order", 10, search);
  while (orders.names.length < 3);
  assert.deepEqual(orders.names, ["order-3", "order-2", "order-1"]);
  const system = await catalog.system(100, search);
  assert.ok(system.names.includes("$mine"), system.names.join());
  assert.ok(system.names.every((name) => /^\$[^$]/.test(name)));
});

test("streams – a server without lists is read from its log", async (t) => {
  const { server, store } = await openedStore(t);
  await withoutLists(t, server);
  const odd = ["a/b\\c-1", "Größe-大🐙", `long-${"x".repeat(995)}`, "plain", "order-1", "order-2"];
  for (const stream of odd) await store.append(stream, "any", [noted("{}"), noted("{}")]);
  await store.append("$mine", "any", [noted("{}")]);
  const catalog = new StreamCatalog(store);
  await catalog.search(search);
  assert.equal(catalog.origin, "$all");
  assert.equal(catalog.isComplete, true);
  assert.deepEqual(catalog.categories, [
    { name: "a/b\\c", streams: undefined },
    { name: "Größe", streams: undefined },
    { name: "long", streams: undefined },
    { name: "order", streams: undefined },
  ]);
  assert.deepEqual(catalog.withoutCategory, ["plain"]);
  assert.deepEqual((await catalog.ofCategory("order", 10, search)).names, ["order-1", "order-2"]);
  assert.deepEqual((await catalog.ofCategory("long", 10, search)).names, [odd[2]]);
  assert.ok((await catalog.system(100, search)).names.includes("$mine"));
  await store.append("later-1", "any", [noted("{}")]);
  await catalog.search(search);
  assert.ok(catalog.categories.some(({ name }) => name === "later"));
});

test("streams – thousands of categories and streams are read bit by bit, and once", async (t) => {
  const { server, store: real } = await openedStore(t);
  await withoutLists(t, server);
  const few = Array.from({ length: 2000 }, (_, i) => `category${i}-0`);
  await listStreams(real, few);
  await listStreams(
    real,
    Array.from({ length: 20_000 }, (_, i) => `order-${i}`),
  );
  const { store, entries } = watched(real);
  const catalog = new StreamCatalog(store);
  await catalog.search(search);
  assert.equal(catalog.categories.length, 2001);
  assert.equal(catalog.isComplete, false);
  assert.deepEqual(catalog.searched, { unit: "streams", done: 20_000, of: 22_000 });
  assert.ok(entries() < 20_100, `${entries()} entries`);
  const before = entries();
  const orders = await catalog.ofCategory("order", 200, search);
  assert.deepEqual([orders.names.length, orders.names[0], orders.isComplete], [200, "order-19999", false]);
  assert.deepEqual(orders.searched, { unit: "streams", done: 500, of: 20_000 });
  await orders.more(200, search);
  assert.deepEqual([orders.names.length, orders.names.at(-1)], [400, "order-19600"]);
  assert.ok(entries() - before <= 500, "what was read with the first page serves for the second");
  while (!catalog.isComplete) await catalog.search(search);
  assert.deepEqual(
    catalog.categories.find(({ name }) => name === "order"),
    { name: "order", streams: 20_000 },
  );
  const whole = entries();
  await listStreams(real, ["fresh-1"]);
  await catalog.search(search);
  assert.ok(catalog.categories.some(({ name }) => name === "fresh"));
  assert.ok(entries() - whole <= 2, "a refresh reads what is new");
  const found = await catalog.beginningWith("category77", 100, search);
  assert.deepEqual(found.names.slice(0, 2), ["category77-0", "category770-0"]);
});

test("streams – a log of a few busy streams is searched for a bounded while, with a word on how far", async (t) => {
  const { server, store } = await openedStore(t);
  await withoutLists(t, server);
  const many = () => Array.from({ length: 1000 }, () => noted("{}"));
  for (let i = 0; i < 41; i++) await store.append("busy-1", "any", many());
  await store.append("last-1", "any", [noted("{}")]);
  const catalog = new StreamCatalog(store);
  const shares: number[] = [];
  await catalog.search({ signal, onProgress: ({ done }) => shares.push(done) });
  assert.equal(catalog.isComplete, false);
  assert.ok(shares.at(-1)! > 0.5 && shares.at(-1)! < 1);
  assert.deepEqual(
    shares,
    shares.toSorted((one, other) => one - other),
  );
  await catalog.search(search);
  assert.equal(catalog.isComplete, true);
  assert.deepEqual(
    catalog.categories.map(({ name }) => name),
    ["busy", "last"],
  );
});

test("streams – a search that is canceled, or whose server goes away, goes on where it was", async (t) => {
  const { server, store: writer } = await openedStore(t);
  await withoutLists(t, server);
  await listStreams(
    writer,
    Array.from({ length: 3000 }, (_, i) => `order-${i}`),
  );
  const relay = await relayTo(t, server.port);
  const store = await openEventStore(`esdb://127.0.0.1:${relay.port}?tls=false`);
  t.after(() => store.close());
  const catalog = new StreamCatalog(store);
  const stop = new AbortController();
  const canceled = catalog.search({
    signal: stop.signal,
    onProgress: ({ done }) => done >= 1000 && stop.abort(new Error("enough")),
  });
  await assert.rejects(canceled, /enough/);
  relay.hangUpAfter(0);
  await assert.rejects(catalog.search(search), ServerUnreachableError);
  relay.resume();
  await catalog.search(search);
  assert.deepEqual(catalog.categories, [{ name: "order", streams: 3000 }]);
});

test("streams – of an empty server nobody says that it lists none; categories stand as people sort them", async (t) => {
  const { server, store } = await openedStore(t);
  await withoutLists(t, server);
  const catalog = new StreamCatalog(store);
  await catalog.search(search);
  assert.deepEqual([catalog.origin, catalog.isEmpty], [undefined, true]);
  await listStreams(store, ["kind10-1", "kind9-1", "Bill-1", "bill-1", "apple-1", "Zoo10", "zoo9"]);
  await catalog.search(search);
  assert.deepEqual([catalog.origin, catalog.isEmpty], ["$streams", false]);
  assert.deepEqual(
    catalog.categories.map(({ name }) => name),
    ["apple", "Bill", "bill", "kind9", "kind10"],
  );
  assert.deepEqual(catalog.withoutCategory, ["zoo9", "Zoo10"]);
});
