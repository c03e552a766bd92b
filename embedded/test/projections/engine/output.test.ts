import assert from "node:assert/strict";
import { after, test } from "node:test";
import fc from "fast-check";
import type { EmittedEvent } from "../../../src/projections/emitted/emitted-event.ts";
import { WrittenMark } from "../../../src/projections/emitted/written-mark.ts";
import { Output } from "../../../src/projections/emitted/output.ts";
import type { Tag } from "../../../src/projections/tags/tag.ts";
import { taggerOf } from "../../../src/projections/tags/tagger.ts";
import type { EventStore } from "../../../src/streams/event-store.ts";
import { SOURCE } from "./fold-handler.ts";
import { jsonRecord, lines, newId, openStore, textOf } from "./test-store.ts";
import { until } from "../../until.ts";

const stores: EventStore[] = [];
after(() => Promise.all(stores.map((store) => store.close())));

const tagger = taggerOf({ ...SOURCE, streams: ["a", "b"] });
const tag = (a: number, b = -1): Tag => ({
  mode: "MultiStream",
  streams: new Map([
    ["a", a],
    ["b", b],
  ]),
});

function fixture({ from = tagger.zero, epoch = -1, version = 0, store = openStore() } = {}) {
  stores.push(store);
  const told = { faults: [] as string[], conflicts: [] as string[], stuck: 0 };
  const output = new Output({
    projection: { store, version: { id: 7, epoch, version }, tagger, from },
    newId,
    onFault: (fault) => told.faults.push(fault.message),
    onConflict: (reason) => told.conflicts.push(reason),
    onStuck: () => told.stuck++,
    onRefused: () => {},
  });
  const emit = (at: Tag, n: number, type = "Out") => output.emit("target", event(at, n, type));
  return { store, output, told, emit };
}

const event = (at: Tag, n: number, type = "Out"): EmittedEvent => ({
  type,
  isJson: true,
  data: () => `{"n":${n}}`,
  tag: at,
});

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

test("output – a new stream gets its metadata, then the events", async () => {
  const { store, output, emit } = fixture();
  emit(tag(0), 0);
  emit(tag(0), 1);
  output.emit("$system", event(tag(0), 2));
  output.flush();
  await output.drained();
  assert.deepEqual(lines(store, "target"), ['0 Out {"n":0}', '1 Out {"n":1}']);
  assert.deepEqual(lines(store, "$$target"), ['0 $metadata {"$acl":{}}']);
  assert.deepEqual(lines(store, "$$$system"), ['0 $metadata {"$acl":{"$r":"$all","$mr":"$all"}}']);
  assert.equal(output.outstanding, 0);
});

test("output – writes nothing before it is asked to, and what comes meanwhile afterwards", async () => {
  const { store, output, emit } = fixture();
  emit(tag(0), 0);
  await settle();
  assert.equal(store.lastRevision("target"), -1);
  output.flush();
  emit(tag(1), 1);
  output.flush();
  await output.drained();
  assert.equal(lines(store, "target").length, 2);
});

test("output – an event waits for its data and holds back those behind it", async () => {
  const { store, output, emit } = fixture();
  let data: string | undefined;
  output.emit("target", { ...event(tag(0), 0), data: () => data });
  emit(tag(1), 1);
  output.flush();
  await settle();
  assert.deepEqual(lines(store, "target"), []);
  data = '{"n":0}';
  output.wake("target");
  await output.drained();
  assert.deepEqual(lines(store, "target"), ['0 Out {"n":0}', '1 Out {"n":1}']);
});

test("output – faults on what others have left in the stream", async () => {
  const faultOn = async (metadata: unknown, options: { epoch?: number; version?: number } = {}) => {
    const { store, output, told, emit } = fixture(options);
    await store.append("target", "any", [jsonRecord("Foreign", {}, metadata)]);
    emit(tag(0), 0);
    output.flush();
    await until("it has faulted or written", () => told.faults.length > 0 || store.lastRevision("target") > 0);
    return told.faults[0] ?? lines(store, "target").join();
  };
  assert.equal(
    await faultOn(undefined),
    "The 'target' stream managed by projection 7 has been written to from the outside.",
  );
  assert.equal(
    await faultOn({ $v: "3:-1:0:4", $s: { a: 0, b: -1 } }),
    "Multiple projections emitting to the same stream detected.  Stream: 'target'. Last event projection: '3'.  Emitting projection: '7'",
  );
  assert.match(await faultOn({ some: "thing" }), /^The given checkpoint is invalid\..*The bad checkpoint: Phase: 0$/);
  assert.match(await faultOn({ $v: "7:-1:0:4", $c: 1, $p: 1 }), /^Conversion from Position to MultiStream/);
  assert.equal(await faultOn({ some: "thing" }, { epoch: 2, version: 2 }), '1 Out {"n":0}', "a life before the reset");
});

test("output – faults on a stream that is tombstoned, before and after it has written there", async () => {
  const { store, output, told, emit } = fixture();
  emit(tag(0), 0);
  output.flush();
  await output.drained();
  await store.tombstone("target", "any");
  emit(tag(1), 1);
  output.flush();
  await until("it has faulted", () => told.faults.length > 0);
  const again = fixture({ store });
  again.emit(tag(0), 0);
  again.output.flush();
  await until("it has faulted", () => again.told.faults.length > 0);
  assert.deepEqual(
    [told.faults, again.told.faults].flat(),
    Array(2).fill("Stream : target is deleted. Cannot emit events to it"),
  );
});

test("output – an earlier life's events are hidden when the new one first writes", async () => {
  const { store } = await written([
    [tag(0), 0],
    [tag(1), 1],
  ]);
  const { output, emit } = fixture({ store, epoch: 3, version: 3 });
  emit(tag(0), 0);
  output.flush();
  await output.drained();
  assert.deepEqual(lines(store, "target"), ['2 Out {"n":0}']);
});

test("output – what an earlier run has written is not written again", async () => {
  const { store } = await written([
    [tag(0), 0],
    [tag(1), 1],
  ]);
  const { output, emit } = fixture({ store, version: 2 });
  for (const n of [0, 1, 2]) emit(tag(n), 100 + n);
  output.flush();
  await output.drained();
  assert.deepEqual(lines(store, "target"), ['0 Out {"n":0}', '1 Out {"n":1}', '2 Out {"n":102}']);
});

test("output – what lies before the checkpoint is no matter of recovery", async () => {
  const { store } = await written([
    [tag(0), 0],
    [tag(1), 1],
  ]);
  const { output, emit, told } = fixture({ store, from: tag(1) });
  emit(tag(2), 2, "Changed");
  output.flush();
  await output.drained();
  assert.deepEqual(told.faults, []);
  assert.equal(lines(store, "target").length, 3);
});

test("output – a foreign event among what is to be recovered is a fault", async () => {
  const { store } = await written([[tag(0), 0]]);
  await store.append("target", "any", [jsonRecord("Foreign", {})]);
  await store.append("target", "any", [jsonRecord("Out", {}, { $v: "7:-1:0:4", $s: { a: 1, b: -1 } })]);
  const { output, emit, told } = fixture({ store });
  emit(tag(0), 0);
  output.flush();
  await until("it has faulted", () => told.faults.length > 0);
  assert.deepEqual(told.faults, ["A unstamped event found. Stream: 'target'. EventNumber: '1'"]);
});

test("output – somebody else's write in between is a conflict", async () => {
  const { store, output, emit, told } = fixture();
  emit(tag(0), 0);
  output.flush();
  await output.drained();
  await store.append("target", "any", [jsonRecord("Foreign", {})]);
  emit(tag(1), 1);
  output.flush();
  await until("it is noticed", () => told.conflicts.length > 0);
  assert.deepEqual(told.conflicts, [
    "The 'target' stream has been written to from the outside. Expected Version: 0, Current Version: 1.",
  ]);
  assert.equal(lines(store, "target").length, 2);
});

test("output – what cannot be compared waits until something else is to be written", async () => {
  const { store } = await written([[tag(0, 0), 0]]);
  const { output, emit, told } = fixture({ store, from: tag(1, -1) });
  emit(tag(1, 1), 1);
  output.flush();
  await until("it is stuck", () => told.stuck > 0);
  assert.deepEqual([told.stuck, output.isStuck, output.pending, output.writing], [1, true, 1, 0]);
  emit(tag(2, 1), 2);
  output.flush();
  await output.drained();
  assert.deepEqual(lines(store, "target"), ['0 Out {"n":0}', '1 Out {"n":1}', '2 Out {"n":2}']);
});

test("output – an end whose metadata are no JSON is waited at for ever", async () => {
  const { store, output, emit, told } = fixture();
  await store.append("target", "any", [{ ...jsonRecord("Foreign", {}), metadata: Buffer.from("no json") }]);
  for (const n of [0, 1]) {
    emit(tag(n), n);
    output.flush();
    await until("it is stuck", () => told.stuck > n);
  }
  assert.deepEqual([told.stuck, told.faults, output.pending], [2, [], 2]);
});

test("output – once ended it writes nothing more and lets go whoever waits", async () => {
  const { store, output, emit } = fixture();
  emit(tag(0), 0);
  const drained = output.drained();
  await output.end();
  await drained;
  output.flush();
  emit(tag(1), 1);
  await settle();
  assert.equal(store.lastRevision("target"), -1);
});

test("written mark – stands before the first event that lacks something, whatever order the writes arrive in", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(3), { maxLength: 20 }), fc.infiniteStream(fc.nat()), (counts, choices) => {
      const mark = new WrittenMark(tag(-1));
      const marks = counts.map((count, i) => {
        const one = mark.begin(tag(i));
        one.left = count;
        mark.advance();
        return one;
      });
      const writes = marks.flatMap((one) => Array.from({ length: one.left }, () => one));
      for (;;) {
        const missing = marks.findIndex(({ left }) => left > 0);
        assert.deepEqual(mark.tag, tag((missing < 0 ? marks.length : missing) - 1));
        if (writes.length === 0) break;
        const [next] = writes.splice(choices.next().value % writes.length, 1);
        mark.written(next!);
      }
    }),
  );
});

test("output – metadata hold version, tag and cause", async () => {
  const { store, output } = fixture();
  output.emit("target", { ...event(tag(0, 2), 0), cause: { id: "c" } });
  output.flush();
  await output.drained();
  const page = store.readStream({ stream: "target", from: 0, direction: "forwards", maxCount: 1 });
  assert.ok(page.outcome === "read");
  assert.equal(textOf(page.records[0]!.metadata), '{"$v":"7:-1:0:4","$s":{"a":0,"b":2},"$causedBy":"c"}');
});

/** A store in which a run has written these events. */
async function written(events: readonly (readonly [Tag, number])[]) {
  const { store, output, emit } = fixture();
  for (const [at, n] of events) emit(at, n);
  output.flush();
  await output.drained();
  return { store };
}
