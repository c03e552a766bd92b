import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MemoryStore } from "./memory-store.ts";
import { PanelPair } from "./panel-pair.ts";

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => String(from + index));

async function following(store: MemoryStore, filter = "", rows = 4_000): Promise<PanelPair> {
  const pair = new PanelPair(() => Promise.resolve(store), { rows, bytes: 1e9 });
  pair.browsing.show({ stream: "s" }, filter, "end");
  await pair.settled();
  pair.browsing.follow();
  return pair;
}

/** Draws as the view does: takes each batch when it is there. */
function drawing(pair: PanelPair): void {
  pair.onTold = () => pair.browsing.taken();
}

test("tail – whatever is written, held, lost and gone on with, the rows are those of the stream, once and in order", async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant("write" as const), count: fc.integer({ min: 1, max: 12 }) }),
    fc.record({ kind: fc.constantFrom("hold" as const, "release" as const) }),
    fc.record({ kind: fc.constant("lose" as const), failures: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ kind: fc.constant("wait" as const) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 150 }), fc.array(step, { maxLength: 15 }), async (before, steps) => {
      const store = new MemoryStore(before);
      using pair = await following(store);
      drawing(pair);
      for (const step of steps) {
        if (step.kind === "write") for (let index = 0; index < step.count; index++) store.add();
        else if (step.kind === "hold") pair.browsing.hold();
        else if (step.kind === "release") pair.browsing.release();
        else if (step.kind === "lose") store.goAway(step.failures);
        else await new Promise((resolve) => setImmediate(resolve));
      }
      pair.browsing.release();
      store.add();
      await pair.until(() => pair.keys.at(-1) === String(store.entries.length - 1));
      const first = Number(pair.keys[0]);
      assert.deepEqual(pair.keys, numbers(first, store.entries.length));
    }),
    { numRuns: 40 },
  );
});

test("tail – a view that takes nothing is given one batch, and the rest waits at the server", async () => {
  const store = new MemoryStore(10);
  using pair = await following(store);
  await pair.until(() => pair.browsing.figures.isCaughtUp);
  pair.browsing.taken();
  store.add();
  await pair.until(() => pair.keys.length === 11);
  for (let index = 0; index < 3_000; index++) store.add();
  const taken = store.taken;
  for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(pair.keys.length, 11);
  assert.ok(store.taken - taken <= 600, `${store.taken - taken} were taken from the server`);
  drawing(pair);
  pair.browsing.taken();
  await pair.until(() => pair.keys.length === 3_011);
});

test("tail – held, events are counted and not kept; then those that came are shown", async () => {
  const store = new MemoryStore(5, () => ({ type: "A" }));
  using pair = await following(store, "type:A");
  drawing(pair);
  await pair.until(() => pair.browsing.figures.isCaughtUp);
  pair.browsing.hold();
  for (let index = 0; index < 20; index++) store.add({ type: index % 2 === 0 ? "A" : "B" });
  await pair.until(() => pair.browsing.figures.arrived === 20);
  assert.equal(pair.browsing.figures.held, 10);
  assert.equal(pair.keys.length, 5);
  pair.browsing.release();
  await pair.until(() => pair.keys.length === 15);
  await pair.until(() => pair.browsing.figures.arrived === 20);
  assert.equal(pair.browsing.figures.held, 0);
});

test("tail – after very many events it goes on at the newest, and the others are read when they are scrolled to", async () => {
  const store = new MemoryStore(5);
  using pair = await following(store);
  drawing(pair);
  await pair.until(() => pair.browsing.figures.isCaughtUp);
  pair.browsing.hold();
  for (let index = 0; index < 3_000; index++) store.add();
  await pair.until(() => pair.browsing.figures.held === 3_000);
  pair.browsing.release();
  await pair.until(() => pair.keys.at(-1) === "3004");
  await pair.settled();
  assert.equal(pair.keys[0], "2905");
  pair.browsing.want("before");
  await pair.settled();
  assert.equal(pair.keys[0], "2805");
  store.add();
  await pair.until(() => pair.keys.at(-1) === "3005");
});

test("tail – the window stays within its budget", async () => {
  const store = new MemoryStore(0);
  store.add();
  using pair = await following(store, "", 100);
  drawing(pair);
  for (let index = 0; index < 2_000; index++) store.add();
  await pair.until(() => pair.keys.at(-1) === "2000");
  assert.deepEqual(pair.keys, numbers(1901, 2001));
});

test("tail – a stream that is not there yet is waited for", async () => {
  const store = new MemoryStore();
  using pair = await following(store);
  drawing(pair);
  assert.equal(pair.browsing.failure?.kind, "not-found");
  store.add();
  await pair.until(() => pair.keys.length === 1);
  assert.equal(pair.browsing.failure, undefined);
});

test("tail – a server that drops it for being slow is asked again from there, and is not said to be away", async () => {
  const store = new MemoryStore(5);
  store.dropsAfter = 7;
  using pair = await following(store);
  drawing(pair);
  for (let index = 0; index < 30; index++) store.add();
  await pair.until(() => pair.keys.at(-1) === "34");
  assert.deepEqual(pair.keys, numbers(0, 35));
  assert.equal(pair.browsing.live, "following");
  assert.equal(pair.lost, 0);
});

test("tail – ends when its view is gone or begins anew, which counts its requests anew", async () => {
  const store = new MemoryStore(5);
  const pair = new PanelPair(() => Promise.resolve(store));
  const { session } = pair;
  const follow = (): void =>
    session.handle({ kind: "tail", request: 1, source: { stream: "s" }, filter: "", after: "start" });
  const ended = async (count: number): Promise<void> => {
    while (store.subscriptions !== count) await new Promise((resolve) => setImmediate(resolve));
  };
  follow();
  await ended(1);
  session.handle({ kind: "ready" });
  await ended(0);
  follow();
  await ended(1);
  session.leave();
  await ended(0);
  follow();
  await ended(1);
  pair[Symbol.dispose]();
  await ended(0);
});
