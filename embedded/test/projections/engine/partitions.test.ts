import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Partitions } from "../../../src/projections/checkpoints/partitions.ts";
import { streamNames } from "../../../src/projections/stream-names.ts";
import type { Tag } from "../../../src/projections/tags/tag.ts";
import { taggerOf } from "../../../src/projections/tags/tagger.ts";
import { SOURCE } from "./fold-handler.ts";
import { lines, newId, openStore } from "./test-store.ts";

const store = openStore();
after(() => store.close());

const tagger = taggerOf({ ...SOURCE, streams: ["s"] });
const tag = (revision: number): Tag => ({ mode: "Stream", stream: "s", revision });

/** The partitions as a run sees them that begins at the checkpoint `from`. */
function partitionsFrom(from: number, projection: string, { epoch = -1, version = 0, id = 7 } = {}): Partitions {
  return new Partitions({
    store,
    names: streamNames(projection),
    version: { id, epoch, version },
    tagger,
    from: tag(from),
    newId,
  });
}

const state = (n: number, revision: number) => ({ state: `{"n":${n}}`, result: null, tag: tag(revision) });

test("partitions – are new until they were set", async () => {
  const partitions = partitionsFrom(-1, "new");
  assert.equal(partitions.get("a", tag(0)), undefined);
  partitions.set("a", state(1, 0));
  assert.deepEqual(partitions.get("a", tag(1)), state(1, 0));
  assert.equal(partitions.cached, 1);
});

test("partitions – only those that changed are written, and read by the next run", async () => {
  const partitions = partitionsFrom(-1, "next");
  partitions.set("a", state(1, 0));
  partitions.set("b", state(2, 1));
  await partitions.writeChanged();
  partitions.set("b", state(3, 2));
  await partitions.writeChanged();
  assert.equal(lines(store, "$projections-next-a-checkpoint").length, 1);
  assert.deepEqual(lines(store, "$projections-next-b-checkpoint"), [
    '0 $Checkpoint [{"n":2}]',
    '1 $Checkpoint [{"n":3}]',
  ]);
  assert.deepEqual(partitionsFrom(2, "next").get("b", tag(3)), state(3, 2));
  assert.deepEqual(partitionsFrom(2, "next").get("b"), state(3, 2), "asked for without an event");
});

test("partitions – what runs wrote that did not come to their checkpoint is passed over, however many they were", async () => {
  const first = partitionsFrom(-1, "crashed");
  first.set("a", state(1, 0));
  await first.writeChanged();
  // Two runs from the checkpoint at 0, each cut off after it had written the partition; the stream shows the last two only.
  for (const [n, revision] of [
    [50, 5],
    [40, 4],
  ] as const) {
    const cutOff = partitionsFrom(0, "crashed");
    cutOff.set("a", state(n, revision));
    await cutOff.writeChanged();
  }
  assert.equal(lines(store, "$projections-crashed-a-checkpoint").length, 2);
  assert.deepEqual(partitionsFrom(0, "crashed").get("a", tag(1)), state(1, 0));
});

test("partitions – the same state is not written twice by a run that repeats another", async () => {
  for (let i = 0; i < 3; i++) {
    const partitions = partitionsFrom(0, "repeated");
    partitions.set("a", state(1, 1));
    await partitions.writeChanged();
  }
  assert.equal(lines(store, "$projections-repeated-a-checkpoint").length, 1);
});

test("partitions – of an earlier life, or of another projection of that name, are new", async () => {
  const partitions = partitionsFrom(0, "reset", { version: 1 });
  partitions.set("a", state(1, 1));
  await partitions.writeChanged();
  assert.equal(partitionsFrom(1, "reset", { epoch: 2, version: 2 }).get("a", tag(9)), undefined);
  assert.equal(partitionsFrom(1, "reset", { id: 8, version: 1 }).get("a", tag(9)), undefined);
});

test("partitions – more than are kept in memory are read again", async () => {
  const partitions = partitionsFrom(0, "many");
  for (let i = 0; i < 4100; i++) partitions.set(`p${i}`, state(i, i));
  await partitions.writeChanged();
  assert.equal(partitions.cached, 4000);
  assert.deepEqual(partitions.get("p0", tag(5000)), state(0, 0));
});
