import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { AccessDeniedError } from "../../../src/event-store/errors.ts";
import type { Spot } from "../../../src/stream-panel/model/browsing.ts";
import { MemoryStore } from "./memory-store.ts";
import { PanelPair } from "./panel-pair.ts";

const SOURCES = [{ stream: "s" }, { all: true }] as const;

const paired = (store: MemoryStore, rows = 4_000): PanelPair =>
  new PanelPair(() => Promise.resolve(store), { rows, bytes: 1e9 });

test("browsing – whatever the way, the rows are one run of what the filter lets through", async () => {
  const way = fc.array(fc.constantFrom("before" as const, "after" as const), { maxLength: 12 });
  const begin = fc.oneof(fc.constantFrom("start" as const, "end" as const), fc.integer({ min: 0, max: 699 }));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...SOURCES), fc.boolean(), begin, way, async (source, isFiltered, begin, way) => {
      const store = new MemoryStore(700, (index) => ({ data: { fits: index % 3 === 0 } }));
      using pair = paired(store, 250);
      const spot: Spot =
        typeof begin === "string"
          ? begin
          : "all" in source
            ? { commit: String(begin * 100), prepare: String(begin * 100) }
            : { revision: String(begin) };
      pair.browsing.show(source, isFiltered ? "$.fits=true" : "", spot);
      await pair.settled();
      for (const side of way) {
        pair.browsing.want(side);
        await pair.settled();
      }
      const held = pair.browsing.window.rows.map(({ revision }) => Number(revision));
      const fitting = store.entries.map((_, index) => index).filter((index) => !isFiltered || index % 3 === 0);
      const first = fitting.indexOf(held[0] ?? -1);
      assert.ok(first >= 0 && held.length <= 250);
      assert.deepEqual(held, fitting.slice(first, first + held.length));
    }),
    { numRuns: 60 },
  );
});

test("browsing – the first page is as small for a stream of many events as for one of few", async () => {
  const store = new MemoryStore(10_000);
  using pair = paired(store);
  pair.browsing.show({ stream: "s" }, "", "end");
  await pair.settled();
  assert.equal(pair.keys.length, 100);
  assert.equal(pair.keys.at(-1), "9999");
  assert.ok(store.reads.reduce((sum, { limit }) => sum + limit, 0) <= 100);
});

test("browsing – rows that come or go in front are told, so that what is in sight stays", async () => {
  using pair = paired(new MemoryStore(500), 150);
  pair.browsing.show({ stream: "s" }, "", { revision: "200" });
  await pair.settled();
  const shiftOf = (): number => pair.changes.splice(0).reduce((sum, { shift }) => sum + shift, 0);
  shiftOf();
  pair.browsing.want("before");
  await pair.settled();
  assert.equal(shiftOf(), 100);
  assert.equal(pair.keys[0], "100");
  pair.browsing.want("after");
  await pair.settled();
  assert.equal(shiftOf(), -100);
  assert.equal(pair.keys[0], "200");
});

test("browsing – the ends are known, and not asked for again", async () => {
  const store = new MemoryStore(5);
  using pair = paired(store);
  pair.browsing.show({ stream: "s" }, "", "end");
  await pair.settled();
  const reads = store.reads.length;
  pair.browsing.want("before");
  pair.browsing.want("after");
  await pair.settled();
  assert.equal(store.reads.length, reads);
  assert.ok(pair.browsing.window.start.isReached && pair.browsing.window.end.isReached);
});

test("browsing – a search through everything tells how far it is, can be stopped, and goes on from there", async () => {
  const store = new MemoryStore(50_000, (index) => ({ type: index < 10 ? "Rare" : "Usual" }));
  using pair = paired(store);
  pair.browsing.show({ stream: "s" }, "type:Rare", "end");
  await pair.until(() => (pair.browsing.search("before")?.scanned ?? 0) > 10_000);
  pair.browsing.stop();
  const reads = store.reads.length;
  assert.equal(pair.browsing.isStopped, true);
  pair.browsing.want("before");
  assert.ok(store.reads.length <= reads + 1);
  pair.browsing.resume();
  pair.browsing.want("before");
  await pair.settled();
  assert.equal(pair.keys.length, 10);
  assert.ok(store.reads.length < 60, "what was searched is not searched again");
});

test("browsing – a search reads the next page while it looks at this one, and whoever is not searching reads no more than is shown", async () => {
  const store = new MemoryStore(1_000);
  using pair = paired(store);
  const readsWhenTold: number[] = [];
  pair.onTold = () => readsWhenTold.push(store.reads.length);
  pair.browsing.show({ stream: "s" }, "type:None", "start");
  await pair.settled();
  assert.ok(readsWhenTold.length > 2);
  assert.deepEqual(
    readsWhenTold.slice(0, -1),
    readsWhenTold.slice(0, -1).map((_, index) => index + 2),
  );
  pair.browsing.show({ stream: "s" }, "", "start");
  const before = store.reads.length;
  await pair.settled();
  const limits = store.reads.slice(before).map(({ limit }) => limit);
  assert.equal(
    limits.reduce((sum, limit) => sum + limit, 0),
    100,
  );
});

test("browsing – a search through heavy bodies can be stopped in the midst of a page", async () => {
  const heavy = new TextEncoder().encode(JSON.stringify(Array.from({ length: 150_000 }, (_, index) => index)));
  const store = new MemoryStore(40, () => ({ bytes: heavy }));
  using pair = paired(store);
  pair.browsing.show({ stream: "s" }, "$[0]=1", "start");
  await pair.until(() => store.reads.length > 0);
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(pair.told.length, 0, "the page was looked at to its end before anybody else had a turn");
  pair.browsing.stop();
  const reads = store.reads.length;
  for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([pair.told.length, store.reads.length], [0, reads]);
});

test("browsing – a server that goes away and comes back costs neither rows nor the page that was asked for", async () => {
  const store = new MemoryStore(300);
  using pair = paired(store);
  store.goAway(3);
  pair.browsing.show({ stream: "s" }, "", "start");
  await pair.settled();
  store.goAway(2);
  pair.browsing.want("after");
  await pair.settled();
  assert.deepEqual(
    pair.keys,
    Array.from({ length: 200 }, (_, index) => String(index)),
  );
  assert.equal(pair.lost, 5);
  assert.ok(pair.back > 0);
});

test("browsing – a stream that is not there says so, and shows its events once it is", async () => {
  const store = new MemoryStore();
  using pair = paired(store);
  pair.browsing.show({ stream: "s" }, "", "end");
  await pair.settled();
  assert.equal(pair.browsing.failure?.kind, "not-found");
  store.add();
  pair.browsing.resume();
  await pair.settled();
  assert.equal(pair.browsing.failure, undefined);
  assert.deepEqual(pair.keys, ["0"]);
});

test("browsing – pages of heavy events are small ones", async () => {
  const store = new MemoryStore(60, () => ({ bytes: new Uint8Array(2 ** 20) }));
  using pair = paired(store);
  pair.browsing.show({ stream: "s" }, "", "end");
  await pair.settled();
  assert.equal(pair.keys.length, 60);
  assert.deepEqual(
    store.reads.slice(1).map(({ limit }) => Math.min(limit, 5)),
    store.reads.slice(1).map(({ limit }) => limit),
  );
});

test("browsing – without the right to read it says so, and reads once the right is there", async () => {
  const store = new MemoryStore(3);
  store.refusal = new AccessDeniedError("guest may not read s");
  using pair = paired(store);
  pair.browsing.show({ stream: "s" }, "", "end");
  await pair.settled();
  assert.deepEqual(pair.browsing.failure, { kind: "no-rights", message: "guest may not read s" });
  store.refusal = undefined;
  pair.browsing.resume();
  await pair.settled();
  assert.equal(pair.keys.length, 3);
});

test("browsing – a connection that was removed leaves what was read, and says why nothing more comes", async () => {
  const store = new MemoryStore(300);
  using pair = paired(store);
  pair.browsing.show({ stream: "s" }, "", "end");
  await pair.settled();
  store.refusal = new Error("This connection is gone.");
  pair.browsing.want("before");
  await pair.settled();
  assert.equal(pair.keys.length, 100);
  assert.deepEqual(pair.browsing.failure, { kind: "other", message: "This connection is gone." });
});
