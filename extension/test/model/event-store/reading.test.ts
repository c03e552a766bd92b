import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReadOptions } from "../../../src/event-store/event-store.ts";
import { StreamDeletedError, StreamNotFoundError } from "../../../src/event-store/errors.ts";
import { bytes, linkTo, noted, openedStore, remove, text } from "./opened-store.ts";

const FORWARDS: ReadOptions = { from: "start", direction: "forwards", limit: 100, followsLinks: false };
const BACKWARDS: ReadOptions = { from: "end", direction: "backwards", limit: 100, followsLinks: false };
const FOLLOWING: ReadOptions = { ...FORWARDS, followsLinks: true };

const bodies = (page: { entries: readonly { recorded: { data: Uint8Array } }[] }): string[] =>
  page.entries.map(({ recorded }) => text(recorded.data));

for (const compat of [23, 25] as const) {
  test(`reading (compat ${compat}) – bodies and metadata come back byte by byte`, async (t) => {
    const { store } = await openedStore(t, { compat });
    const data = [
      bytes('{"n":9007199254740993,"d":0.10000000000000000000001, "twice":1,"twice":2}'),
      bytes('{"broken":'),
      Uint8Array.from({ length: 256 }, (_, i) => i),
      new Uint8Array(0),
    ];
    const events = data.map((body) => noted("", { data: body, metadata: body }));
    assert.equal(await store.append("odd", "no-stream", events), 3);
    const { entries, isEnd } = await store.read({ stream: "odd" }, FORWARDS);
    assert.equal(isEnd, true);
    assert.deepEqual(
      entries.map(({ recorded }) => recorded.data),
      data,
    );
    assert.deepEqual(
      entries.map(({ recorded }) => recorded.metadata),
      data,
    );
    assert.deepEqual(
      entries.map(({ recorded }) => recorded.id),
      events.map(({ id }) => id),
    );
  });
}

test("reading – a body keeps nothing else in memory than itself", async (t) => {
  const { store } = await openedStore(t);
  await store.append("small", "any", [noted("1", { metadata: bytes("x".repeat(5000)) })]);
  const { entries } = await store.read({ stream: "small" }, FORWARDS);
  assert.equal(entries[0]!.recorded.data.buffer.byteLength, 1);
});

test("reading – JSON of five megabytes comes whole, and a page ends where its bytes do", async (t) => {
  const { store } = await openedStore(t);
  // The server limits what bodies of an append come to, at a megabyte, and metadata at more than that (spec 1.6).
  const large = JSON.stringify({ text: "ä".repeat(2_600_000) });
  for (let i = 0; i < 3; i++) await store.append("large", "any", [noted("{}", { metadata: bytes(large) })]);
  const all = await store.read({ stream: "large" }, FORWARDS);
  assert.equal(all.entries.length, 3);
  assert.equal(text(all.entries[2]!.recorded.metadata), large);
  const some = await store.read({ stream: "large" }, { ...FORWARDS, maxBytes: 6_000_000 });
  assert.deepEqual([some.entries.length, some.isEnd], [2, false]);
});

test("reading – pages both ways, from any revision, included", async (t) => {
  const { store } = await openedStore(t);
  await store.append(
    "ten",
    "any",
    Array.from({ length: 10 }, (_, i) => noted(String(i))),
  );
  const page = (options: Partial<ReadOptions>) =>
    store.read({ stream: "ten" }, { ...FORWARDS, ...options }).then((one) => [bodies(one).join(""), one.isEnd]);
  assert.deepEqual(await page({ limit: 4 }), ["0123", false]);
  assert.deepEqual(await page({ limit: 4, from: 8 }), ["89", true]);
  assert.deepEqual(await page({ from: 10 }), ["", true]);
  assert.deepEqual(await page({ from: "end" }), ["", true]);
  assert.deepEqual(await page({ limit: 4, from: "end", direction: "backwards" }), ["9876", false]);
  assert.deepEqual(await page({ limit: 4, from: 2, direction: "backwards" }), ["210", true]);
  assert.deepEqual(await page({ limit: 4, from: "start", direction: "backwards" }), ["0", true]);
});

test("reading – pages of the log both ways, from any position, included", async (t) => {
  const { store } = await openedStore(t);
  for (let i = 0; i < 6; i++) await store.append(`log-${i % 2}`, "any", [noted(String(i))]);
  const log = { all: true, filter: { on: "stream", prefixes: ["log-"] } } as const;
  const { entries } = await store.read(log, FORWARDS);
  const at = entries.map(({ recorded }) => recorded.position);
  const page = async (options: Partial<ReadOptions>) =>
    bodies(await store.read(log, { ...FORWARDS, ...options })).join("");
  assert.equal(await page({}), "012345");
  assert.equal(await page({ from: at[2]!, limit: 3 }), "234");
  assert.equal(await page({ from: at[2]!, direction: "backwards" }), "210");
  assert.equal(await page({ from: at[5]!, direction: "backwards", limit: 2 }), "54");
  assert.equal(await page({ from: "end", direction: "backwards", limit: 2 }), "54");
  const odd = { all: true, filter: { on: "stream", prefixes: ["log-1"] } } as const;
  assert.equal(bodies(await store.read(odd, { ...BACKWARDS, from: at[2]! })).join(""), "1");
});

test("reading – the log hands out what its filter lets through, by stream or type, prefix or expression", async (t) => {
  const { store } = await openedStore(t);
  await store.append("fruit-1", "any", [noted("apple", { type: "Eaten" }), noted("pear", { type: "Thrown" })]);
  await store.append("stone-1", "any", [noted("flint", { type: "Thrown" })]);
  const through = async (filter: { on: "stream" | "type"; prefixes?: string[]; regex?: string }) =>
    bodies(await store.read({ all: true, filter }, FORWARDS)).join();
  assert.equal(await through({ on: "stream", prefixes: ["fruit-", "nut-"] }), "apple,pear");
  assert.equal(await through({ on: "stream", regex: "^st" }), "flint");
  assert.equal(await through({ on: "type", prefixes: ["Thr"] }), "pear,flint");
  assert.equal(await through({ on: "type", regex: "^E" }), "apple");
});

test("reading – links are followed where that is asked, one step, and kept where they lead nowhere", async (t) => {
  const { server, store } = await openedStore(t);
  await store.append("fact", "any", [noted("original")]);
  await store.append("gone", "any", [noted("lost")]);
  await store.append("hop", "any", [linkTo("fact", 0)]);
  await store.append("links", "any", [linkTo("fact", 0), linkTo("hop", 0), linkTo("gone", 0), linkTo("never", 7)]);
  await remove(server, "gone", "tombstone");
  const shown = (await store.read({ stream: "links" }, FOLLOWING)).entries.map(({ recorded, target }) => [
    text(recorded.data),
    target && text(target.data),
  ]);
  assert.deepEqual(shown, [
    ["0@fact", "original"],
    ["0@hop", "0@fact"],
    ["0@gone", undefined],
    ["7@never", undefined],
  ]);
  const bare = await store.read({ stream: "links" }, FORWARDS);
  assert.deepEqual(bodies(bare), ["0@fact", "0@hop", "0@gone", "7@never"]);
  assert.ok(bare.entries.every((entry) => !("target" in entry)));
  const plain = await store.read({ stream: "fact" }, FOLLOWING);
  assert.ok(!("target" in plain.entries[0]!), "an event that is no link has no target");
});

test("reading – a truncated stream begins where it does, a deleted one is not found, a tombstoned one is deleted", async (t) => {
  const { server, store } = await openedStore(t);
  const five = Array.from({ length: 5 }, (_, i) => noted(String(i)));
  for (const stream of ["cut", "deleted", "tombstoned"]) await store.append(stream, "any", five);
  await store.append("$$cut", "any", [noted('{"$tb":3}', { type: "$metadata" })]);
  await remove(server, "deleted", "delete");
  await remove(server, "tombstoned", "tombstone");
  const cut = await store.read({ stream: "cut" }, FORWARDS);
  assert.deepEqual(
    cut.entries.map(({ recorded }) => recorded.revision),
    [3, 4],
  );
  for (const stream of ["deleted", "never"]) {
    await assert.rejects(store.read({ stream }, FORWARDS), (error: Error) => {
      assert.ok(error instanceof StreamNotFoundError);
      assert.match(error.message, new RegExp(`There is no stream ${stream}, `));
      return true;
    });
  }
  await assert.rejects(store.read({ stream: "tombstoned" }, BACKWARDS), StreamDeletedError);
  const ends = await store.read(
    { all: true, filter: { on: "type", prefixes: ["$streamDeleted"] } },
    { ...FORWARDS, limit: 1 },
  );
  assert.equal(ends.entries[0]!.recorded.revision, 2n ** 63n - 1n);
});

test("reading – streams of any name: with $, slashes, other scripts, a thousand characters", async (t) => {
  const { store } = await openedStore(t);
  const names = ["$mine", "$$$odd", "a/b\\c?d#e%41", "Bestellung-Größe 大 🐙-7", "x".repeat(1000), "quote\"'\n-1"];
  for (const stream of names) await store.append(stream, "any", [noted(stream)]);
  for (const stream of names) {
    const { entries } = await store.read({ stream }, FORWARDS);
    assert.deepEqual([entries[0]!.recorded.stream, text(entries[0]!.recorded.data)], [stream, stream]);
  }
});

test("reading – an event says what it is: type, kind, time, place", async (t) => {
  const { store } = await openedStore(t);
  const before = Date.now();
  await store.append("one", "any", [noted("{}"), noted("{}", { type: "Ünïcode type", isJson: false })]);
  const after = Date.now();
  const { entries } = await store.read({ stream: "one" }, FORWARDS);
  const [first, second] = entries.map(({ recorded }) => recorded);
  assert.deepEqual([first!.type, first!.isJson], ["Noted", true]);
  assert.deepEqual([second!.type, second!.isJson], ["Ünïcode type", false]);
  assert.ok(first!.created >= before && first!.created <= after);
  assert.ok(second!.position.commit > first!.position.commit);
});
