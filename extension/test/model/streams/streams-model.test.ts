import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { Connection, ConnectionState } from "../../../src/connections/connection.ts";
import { ServerUnreachableError } from "../../../src/event-store/errors.ts";
import type { EventStore } from "../../../src/event-store/event-store.ts";
import { openEventStore } from "../../../src/event-store/open-event-store.ts";
import { StreamMarks } from "../../../src/streams/stream-marks.ts";
import { streamItem } from "../../../src/streams/stream-item.ts";
import type { StreamNode } from "../../../src/streams/stream-node.ts";
import { StreamsModel } from "../../../src/streams/streams-model.ts";
import { emitter, memento } from "../connections/fake-vscode.ts";
import { noted, openedStore } from "../event-store/opened-store.ts";
import { listStreams, withoutLists } from "./listed-server.ts";

const connection = (id: string): Connection => ({
  id,
  name: `Server ${id}`,
  connectionString: "esdb://127.0.0.1:1?tls=false",
  policy: "read-write",
  origin: "user",
});

/** Connections whose stores a test can exchange, and the rows that are shown of the current one. */
function shown(t: TestContext, first: EventStore) {
  const stores = new Map([["a", first]]);
  const now: { current: Connection | undefined; state: ConnectionState } = {
    current: connection("a"),
    state: { kind: "open", version: "23.10.6" },
  };
  const marks = new StreamMarks(memento(), emitter());
  let found = Promise.withResolvers<void>();
  const model = new StreamsModel(
    {
      get current() {
        return now.current;
      },
      find: (id) => (now.current?.id === id ? now.current : undefined),
      stateOf: () => now.state,
      open: async (id) => stores.get(id)!,
    },
    marks,
    () => {
      found.resolve();
      found = Promise.withResolvers();
    },
  );
  t.after(() => model.forget());
  const rows = async (node?: StreamNode) => model.children(node);
  const labels = async (node?: StreamNode) => (await rows(node)).map((row) => streamItem(row, false).label);
  const row = async (label: string, under?: StreamNode) =>
    (await rows(under)).find((one) => streamItem(one, false).label === label)!;
  /** Resolves once the first rows are so: what is not on the first page of names comes to them as it is found. */
  const until = async (isSo: (labels: readonly string[]) => boolean): Promise<void> => {
    for (;;) {
      const next = found.promise;
      if (isSo(await labels())) return;
      await next;
    }
  };
  return { now, stores, marks, model, rows, labels, row, until };
}

test("tree – categories, groups and pages of streams", async (t) => {
  const { server, store } = await openedStore(t);
  await withoutLists(t, server);
  await listStreams(store, [
    ...Array.from({ length: 250 }, (_, i) => `order-${i}`),
    ...Array.from({ length: 300 }, (_, i) => `kind${String(i).padStart(3, "0")}-1`),
    "loose",
  ]);
  const { labels, row, rows, model, until } = shown(t, store);
  await until((roots) => !roots.includes("Search further…"));
  const roots = await labels();
  assert.deepEqual(roots.slice(0, 2), ["$all", "kind000"]);
  assert.deepEqual(roots.slice(-2), ["Load more…", "Without a category"]);
  assert.equal(roots.length, 203);
  await model.load(await row("Load more…"));
  const order = await row("order");
  assert.equal(streamItem(order, false).description, "250 streams");
  assert.deepEqual((await labels(order)).slice(0, 2), ["order-249", "order-248"]);
  const more = await row("Load more…", order);
  assert.equal(streamItem(more, false).description, "100 of 250 are shown");
  await model.load(more);
  await model.load(await row("Load more…", order));
  assert.equal((await rows(order)).length, 250);
  assert.deepEqual(await labels(await row("Without a category")), ["loose"]);
  assert.equal(model.origin, "$streams");
});

test("tree – system streams are shown on request", async (t) => {
  const { store } = await openedStore(t);
  await store.append("$mine", "any", [noted("{}")]);
  const { labels, row, model } = shown(t, store);
  assert.ok(!(await labels()).includes("System streams"));
  model.showsSystem = true;
  assert.ok((await labels(await row("System streams"))).includes("$mine"));
});

test("tree – favorites and recent streams of a connection stay", async (t) => {
  const { store } = await openedStore(t);
  const { labels, row, marks } = shown(t, store);
  for (let i = 0; i < 25; i++) await marks.opened("a", `s-${i}`);
  await marks.opened("a", "s-3");
  await marks.addFavorite("a", "order-1");
  await marks.addFavorite("b", "elsewhere-1");
  assert.deepEqual(await labels(await row("Favorites")), ["order-1"]);
  const recent = await labels(await row("Recent"));
  assert.deepEqual([recent.length, recent[0], recent[1]], [20, "s-3", "s-24"]);
  await marks.removeFavorite("a", "order-1");
  assert.ok(!(await labels()).includes("Favorites"));
});

test("tree – a refresh shows what is new, from a list that has come meanwhile, too", async (t) => {
  const { server, store } = await openedStore(t);
  await withoutLists(t, server);
  await store.append("first-1", "any", [noted("{}")]);
  const { labels, model } = shown(t, store);
  assert.deepEqual(await labels(), ["$all", "first"]);
  assert.equal(model.origin, "$all");
  await store.append("second-1", "any", [noted("{}")]);
  await model.refresh();
  assert.deepEqual(await labels(), ["$all", "first", "second"]);
  await listStreams(store, ["listed-1"]);
  await model.refresh();
  assert.deepEqual(await labels(), ["$all", "listed"]);
  assert.equal(model.origin, "$streams");
});

test("tree – a connection that is closed, fails, is edited or removed is shown as it is", async (t) => {
  const { store } = await openedStore(t);
  await store.append("one-1", "any", [noted("{}")]);
  const { now, stores, labels, rows, model } = shown(t, store);
  now.state = { kind: "closed" };
  assert.deepEqual(await labels(), ["Connect to Server a"]);
  now.state = { kind: "failed", error: new ServerUnreachableError("No server answers. Start it.") };
  assert.deepEqual((await labels()).slice(0, 2), ["No server answers. Start it.", "Retry"]);
  now.state = { kind: "open", version: "23.10.6" };
  while (!(await labels()).includes("one")) {
    await model.refresh();
    await setImmediate();
  }
  const gone = await openEventStore("esdb://127.0.0.1:1?tls=false");
  t.after(() => gone.close());
  stores.set("a", gone);
  const [failed] = await rows();
  assert.equal(failed!.kind, "failed");
  now.current = undefined;
  assert.deepEqual(await rows(), []);
});

test("tree – names that no row could hold are cut, and told whole beside it", () => {
  const stream = `a\nb-${"x".repeat(1000)}`;
  const { label, tooltip } = streamItem({ kind: "stream", connectionId: "a", stream, under: "" }, false);
  assert.match(label, /^a b-x+…$/);
  assert.equal(label.length, 201);
  assert.equal(tooltip, stream);
});

test("tree – of very many streams the first page is shown at once, and what the next ones hold comes to it", async (t) => {
  const { server, store: real } = await openedStore(t);
  await withoutLists(t, server);
  await listStreams(real, [
    ...Array.from({ length: 600 }, (_, i) => `order-${i}`),
    ...Array.from({ length: 22_000 }, (_, i) => `late${i % 50}-${i}`),
  ]);
  let names = 0;
  const store: EventStore = {
    ...real,
    async read(source, options) {
      const page = await real.read(source, options);
      names += page.entries.length;
      return page;
    },
  };
  const { labels, rows, row, until } = shown(t, store);
  assert.deepEqual(await labels(), ["$all", "order", "Search further…"]);
  assert.ok(names <= 510, `${names} names were read`);
  await until((roots) => roots.filter((label) => label.startsWith("late")).length === 50);
  const isPaused = (row: StreamNode | undefined) => row?.kind === "search-further" && row.searched.done === 20_500;
  while (!isPaused((await rows()).at(-1))) await setImmediate();
  assert.equal(streamItem(await row("order"), false).description, "600+ streams");
  assert.ok(names <= 20_600, "it goes on for a bounded while only");
});

test("tree – an empty server says so, and leads to a first event where its policy lets write", async (t) => {
  const { server, store } = await openedStore(t);
  await withoutLists(t, server);
  const { labels, model, now } = shown(t, store);
  assert.deepEqual(await labels(), ["$all", "There are no streams yet", "Append Event…"]);
  assert.equal(model.origin, undefined);
  now.current = { ...connection("a"), policy: "read-only" };
  assert.deepEqual(await labels(), ["$all", "There are no streams yet"]);
  await listStreams(store, ["order-1"]);
  await model.refresh();
  assert.deepEqual(await labels(), ["$all", "order"]);
});
