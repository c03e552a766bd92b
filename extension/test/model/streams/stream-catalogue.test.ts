import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { EventStore, ReadOptions, Source } from "../../../src/event-store/event-store.ts";
import { ServerUnreachableError } from "../../../src/event-store/errors.ts";
import { openEventStore } from "../../../src/event-store/open-event-store.ts";
import { StreamCatalogue } from "../../../src/streams/stream-catalogue.ts";
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

/** Searches until the catalogue knows a name: the projections are a little behind the writers. */
async function searchedFor(catalogue: StreamCatalogue, category: string): Promise<void> {
  while (!catalogue.categories.some(({ name }) => name === category)) {
    await catalogue.search(search);
    await setImmediate();
  }
}

test("streams – categories and their streams out of the server's lists", async (t) => {
  const { store } = await openedStore(t);
  for (const stream of ["order-1", "order-2", "loose", "$mine", "bill-a-b", "order-3"]) {
    await store.append(stream, "any", [noted("{}")]);
  }
  await store.append("links-1", "any", [linkTo("order-1", 0)]);
  const catalogue = new StreamCatalogue(store);
  await searchedFor(catalogue, "links");
  assert.equal(catalogue.origin, "$streams");
  assert.equal(catalogue.isComplete, true);
  assert.deepEqual(catalogue.categories, [
    { name: "bill", streams: 1 },
    { name: "links", streams: 1 },
    { name: "order", streams: 3 },
  ]);
  assert.deepEqual(catalogue.withoutCategory, ["loose"]);
  let orders: StreamListing;
  do orders = await catalogue.ofCategory("order", 10, search);
  while (orders.names.length < 3);
  assert.deepEqual(orders.names, ["order-3", "order-2", "order-1"]);
  const system = await catalogue.system(100, search);
  assert.ok(system.names.includes("$mine"), system.names.join());
  assert.ok(system.names.every((name) => /^\$[^$]/.test(name)));
});

test("streams – a server without lists is read from its log", async (t) => {
  const { server, store } = await openedStore(t);
  await withoutLists(t, server);
  const odd = ["a/b\\c-1", "Größe-大🐙", `long-${"x".repeat(995)}`, "plain", "order-1", "order-2"];
  for (const stream of odd) await store.append(stream, "any", [noted("{}"), noted("{}")]);
  await store.append("$mine", "any", [noted("{}")]);
  const catalogue = new StreamCatalogue(store);
  await catalogue.search(search);
  assert.equal(catalogue.origin, "$all");
  assert.equal(catalogue.isComplete, true);
  assert.deepEqual(catalogue.categories, [
    { name: "a/b\\c", streams: undefined },
    { name: "Größe", streams: undefined },
    { name: "long", streams: undefined },
    { name: "order", streams: undefined },
  ]);
  assert.deepEqual(catalogue.withoutCategory, ["plain"]);
  assert.deepEqual((await catalogue.ofCategory("order", 10, search)).names, ["order-1", "order-2"]);
  assert.deepEqual((await catalogue.ofCategory("long", 10, search)).names, [odd[2]]);
  assert.ok((await catalogue.system(100, search)).names.includes("$mine"));
  await store.append("later-1", "any", [noted("{}")]);
  await catalogue.search(search);
  assert.ok(catalogue.categories.some(({ name }) => name === "later"));
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
  const catalogue = new StreamCatalogue(store);
  await catalogue.search(search);
  assert.equal(catalogue.categories.length, 2001);
  assert.equal(catalogue.isComplete, false);
  assert.deepEqual(catalogue.searched, { unit: "streams", done: 20_000, of: 22_000 });
  assert.ok(entries() < 20_100, `${entries()} entries`);
  const before = entries();
  const orders = await catalogue.ofCategory("order", 200, search);
  assert.deepEqual([orders.names.length, orders.names[0], orders.isComplete], [200, "order-19999", false]);
  assert.deepEqual(orders.searched, { unit: "streams", done: 500, of: 20_000 });
  await orders.more(200, search);
  assert.deepEqual([orders.names.length, orders.names.at(-1)], [400, "order-19600"]);
  assert.ok(entries() - before <= 500, "what was read with the first page serves for the second");
  while (!catalogue.isComplete) await catalogue.search(search);
  assert.deepEqual(
    catalogue.categories.find(({ name }) => name === "order"),
    { name: "order", streams: 20_000 },
  );
  const whole = entries();
  await listStreams(real, ["fresh-1"]);
  await catalogue.search(search);
  assert.ok(catalogue.categories.some(({ name }) => name === "fresh"));
  assert.ok(entries() - whole <= 2, "a refresh reads what is new");
  const found = await catalogue.beginningWith("category77", 100, search);
  assert.deepEqual(found.names.slice(0, 2), ["category77-0", "category770-0"]);
});

test("streams – a log of a few busy streams is searched for a bounded while, with a word on how far", async (t) => {
  const { server, store } = await openedStore(t);
  await withoutLists(t, server);
  const many = () => Array.from({ length: 1000 }, () => noted("{}"));
  for (let i = 0; i < 41; i++) await store.append("busy-1", "any", many());
  await store.append("last-1", "any", [noted("{}")]);
  const catalogue = new StreamCatalogue(store);
  const shares: number[] = [];
  await catalogue.search({ signal, onProgress: ({ done }) => shares.push(done) });
  assert.equal(catalogue.isComplete, false);
  assert.ok(shares.at(-1)! > 0.5 && shares.at(-1)! < 1);
  assert.deepEqual(
    shares,
    shares.toSorted((one, other) => one - other),
  );
  await catalogue.search(search);
  assert.equal(catalogue.isComplete, true);
  assert.deepEqual(
    catalogue.categories.map(({ name }) => name),
    ["busy", "last"],
  );
});

test("streams – a search that is cancelled, or whose server goes away, goes on where it was", async (t) => {
  const { server, store: writer } = await openedStore(t);
  await withoutLists(t, server);
  await listStreams(
    writer,
    Array.from({ length: 3000 }, (_, i) => `order-${i}`),
  );
  const relay = await relayTo(t, server.port);
  const store = await openEventStore(`esdb://127.0.0.1:${relay.port}?tls=false`);
  t.after(() => store.close());
  const catalogue = new StreamCatalogue(store);
  const stop = new AbortController();
  const cancelled = catalogue.search({
    signal: stop.signal,
    onProgress: ({ done }) => done >= 1000 && stop.abort(new Error("enough")),
  });
  await assert.rejects(cancelled, /enough/);
  relay.hangUpAfter(0);
  await assert.rejects(catalogue.search(search), ServerUnreachableError);
  relay.resume();
  await catalogue.search(search);
  assert.deepEqual(catalogue.categories, [{ name: "order", streams: 3000 }]);
});

test("streams – of an empty server nobody says that it lists none; categories stand as people sort them", async (t) => {
  const { server, store } = await openedStore(t);
  await withoutLists(t, server);
  const catalogue = new StreamCatalogue(store);
  await catalogue.search(search);
  assert.deepEqual([catalogue.origin, catalogue.isEmpty], [undefined, true]);
  await listStreams(store, ["kind10-1", "kind9-1", "Bill-1", "bill-1", "apple-1", "Zoo10", "zoo9"]);
  await catalogue.search(search);
  assert.deepEqual([catalogue.origin, catalogue.isEmpty], ["$streams", false]);
  assert.deepEqual(
    catalogue.categories.map(({ name }) => name),
    ["apple", "Bill", "bill", "kind9", "kind10"],
  );
  assert.deepEqual(catalogue.withoutCategory, ["zoo9", "Zoo10"]);
});
