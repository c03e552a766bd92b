import assert from "node:assert/strict";
import { test } from "node:test";
import { ServerUnreachableError } from "../../../src/event-store/errors.ts";
import type { EventStore } from "../../../src/event-store/event-store.ts";
import type { StreamNode } from "../../../src/streams/stream-node.ts";
import { noted, openedStore, remove } from "../event-store/opened-store.ts";
import { relayTo } from "../../server/relay.ts";
import { listingStore, listStreams, withoutLists } from "./listed-server.ts";
import { shownTree, type ShownTree } from "./shown-tree.ts";

const categories = Array.from({ length: 160 }, (_, i) => `kind${String(i).padStart(3, "0")}`);

/** Names of so many streams, one category after the other: most are not on the first page. */
const names = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${categories[Math.floor((i * categories.length) / count)]}-${i}`);

const isSearched = (rows: readonly StreamNode[]): boolean =>
  rows[0]?.kind === "stream" && !rows.some(({ kind }) => kind === "search-further");

/** Says that the view asks for nothing while somebody else is answered as often as would do for many rounds of its own. */
async function assertIdle(tree: ShownTree, store: EventStore): Promise<void> {
  const before = tree.reads();
  const shown = tree.rows();
  const page = { from: "start", direction: "forwards", limit: 500, followsLinks: false } as const;
  for (let i = 0; i < 50; i++) await store.read({ all: true }, page);
  assert.equal(tree.reads() - before, 0, "reads while nothing changed");
  assert.deepEqual(tree.rows(), shown);
  assert.deepEqual(await tree.model.children(), shown);
  assert.equal(tree.reads() - before, 0, "reads for rows that are known");
}

test("tree – all categories of 3,000 streams come and stay, and nothing is read while nothing changes", async (t) => {
  const { server, store } = await openedStore(t);
  await withoutLists(t, server);
  await listStreams(store, names(3000));
  const tree = await shownTree(t, server.connectionString);
  await tree.until(isSearched);
  assert.deepEqual(tree.labels(), ["$all", ...categories]);
  const counts = tree.rows().map((row) => (row.kind === "category" ? (row.streams ?? 0) : 0));
  assert.equal(
    counts.reduce((sum, count) => sum + count),
    3000,
  );
  assert.ok(tree.reads() < 20, `${tree.reads()} reads`);
  await assertIdle(tree, store);
});

test("tree – nor where 3,000 streams are found in the log", async (t) => {
  const { server, store } = await openedStore(t);
  await withoutLists(t, server);
  for (const name of names(3000)) await store.append(name, "no-stream", [noted("{}")]);
  const tree = await shownTree(t, server.connectionString);
  await tree.until(isSearched);
  assert.deepEqual(tree.labels(), ["$all", ...categories]);
  assert.equal(tree.model.origin, "$all");
  await assertIdle(tree, store);
});

test("tree – nor where a search has stopped before the end of very many streams", async (t) => {
  const { server, store } = await openedStore(t);
  await withoutLists(t, server);
  await listStreams(store, names(25_000));
  const tree = await shownTree(t, server.connectionString);
  const isPaused = (row: StreamNode | undefined) => row?.kind === "search-further" && row.searched.done === 20_500;
  await tree.until((rows) => isPaused(rows.at(-1)));
  assert.equal(tree.labels().filter((label) => categories.includes(label)).length, 132);
  const further = tree.rows().at(-1)!;
  await assertIdle(tree, store);
  await tree.model.load(further);
  await tree.show();
  assert.deepEqual(tree.labels(), ["$all", ...categories]);
  await assertIdle(tree, store);
});

test("tree – 100,000 streams in one category and in many are there page by page, and then nothing is read", async (t) => {
  for (const nameOf of [(n: number) => `order-${n}`, (n: number) => `${categories[n % categories.length]}-${n}`]) {
    const store = listingStore(100_000, nameOf);
    const tree = await shownTree(t, "esdb://localhost:2113?tls=false", async () => store);
    const isPaused = (row: StreamNode | undefined) => row?.kind === "search-further" && row.searched.done === 20_500;
    await tree.until((rows) => isPaused(rows.at(-1)));
    await assertIdle(tree, store);
    for (let further = tree.rows().at(-1); further?.kind === "search-further"; further = tree.rows().at(-1)) {
      await tree.model.load(further);
      await tree.show();
    }
    const counts = tree.rows().map((row) => (row.kind === "category" ? (row.streams ?? 0) : 0));
    assert.equal(
      counts.reduce((sum, count) => sum + count),
      100_000,
    );
    const category = tree.rows().find(({ kind }) => kind === "category");
    assert.ok((await tree.model.children(category)).length <= 200, "a category is shown a page at a time");
    await assertIdle(tree, store);
  }
});

test("tree – a server that went away is looked through anew when it is back, and then no more", async (t) => {
  const { server, store } = await openedStore(t);
  await withoutLists(t, server);
  await listStreams(store, names(3000));
  const relay = await relayTo(t, server.port);
  const tree = await shownTree(t, `esdb://127.0.0.1:${relay.port}?tls=false`);
  await tree.until(isSearched);
  relay.hangUpAfter(0);
  await assert.rejects(tree.model.refresh(), ServerUnreachableError);
  await tree.until(([first]) => first?.kind === "failed");
  // Another server may answer at the same address: what this one holds is not what it held.
  await remove(server, "$streams", "delete");
  await listStreams(store, ["other-1"]);
  relay.resume();
  await tree.until(isSearched);
  assert.deepEqual(tree.labels(), ["$all", "other"]);
  await assertIdle(tree, store);
});
