import assert from "node:assert/strict";
import { test } from "node:test";
import type { EventStore } from "../../../src/event-store/event-store.ts";
import { StreamCatalog } from "../../../src/streams/stream-catalog.ts";
import { StreamSearch } from "../../../src/streams/stream-search.ts";
import { noted, openedStore } from "../event-store/opened-store.ts";
import { listStreams, withoutLists } from "./listed-server.ts";

const { signal } = new AbortController();

/** The store with a count of the pages that are read. */
function counting(store: EventStore): { readonly store: EventStore; readonly pages: () => number } {
  let pages = 0;
  return {
    pages: () => pages,
    store: {
      ...store,
      read: (...of) => {
        pages++;
        return store.read(...of);
      },
      subscribe: (...of) => {
        pages++;
        return store.subscribe(...of);
      },
    },
  };
}

test("find – what exists stands first, whatever its case; what is not there says so", async (t) => {
  const { server, store } = await openedStore(t);
  await withoutLists(t, server);
  await store.append("Order-7", "any", [noted("{}")]);
  await listStreams(store, ["Order-7", "order-70", "order-10", "reorder-1", "ordinary", "loose"]);
  const catalog = new StreamCatalog(store);
  await catalog.search({ signal });
  const search = new StreamSearch(store, catalog, ["order-70"]);
  const find = async (typed: string) => {
    await search.ask(typed, signal);
    await search.search(typed, { signal });
    return search.found(typed);
  };
  const exact = await find("Order-7");
  assert.deepEqual([exact.isThere, exact.streams], [true, ["order-70"]]);
  const other = await find("order-7");
  assert.deepEqual([other.isThere, other.streams], [false, ["Order-7", "order-70"]]);
  const short = await find("ord");
  assert.deepEqual(short.categories, ["Order", "order"]);
  assert.deepEqual(short.streams, ["Order-7", "order-10", "order-70", "ordinary", "reorder-1"]);
  assert.equal(short.isComplete, true);
});

test("find – a letter more reads nothing again but whether there is such a stream", async (t) => {
  const { server, store: real } = await openedStore(t);
  await withoutLists(t, server);
  await listStreams(
    real,
    Array.from({ length: 3000 }, (_, i) => `kind${i % 10}-${i}`),
  );
  const { store, pages } = counting(real);
  const search = new StreamSearch(store, new StreamCatalog(store), []);
  await search.search("nowhere", { signal });
  assert.equal(search.found("nowhere").isComplete, true);
  const before = pages();
  for (const typed of ["k", "ki", "kind7", "kind7-2997"]) await search.search(typed, { signal });
  assert.equal(pages(), before);
  await search.ask("kind7-2997", signal);
  await search.ask("kind7-2997", signal);
  assert.equal(pages(), before + 1);
  assert.deepEqual(search.found("KIND7-2997").streams, ["kind7-2997"]);
});

test("find – out of the log in any case, and streams of the server", async (t) => {
  const { server, store } = await openedStore(t);
  await withoutLists(t, server);
  for (const name of ["Größe-1", "GRÖSSE-2", "größe.3", "gross-4", "$mine-1"]) {
    await store.append(name, "any", [noted("{}")]);
  }
  const search = new StreamSearch(store, new StreamCatalog(store), []);
  await search.search("grö", { signal });
  assert.deepEqual(search.found("grö").streams, ["Größe-1", "GRÖSSE-2", "größe.3"]);
  await search.search("größe.", { signal });
  assert.deepEqual(search.found("größe.").streams, ["größe.3"]);
  await search.search("$MI", { signal });
  assert.deepEqual(search.found("$MI").streams, ["$mine-1"]);
  assert.equal(search.found("$MI").isComplete, true);
});
