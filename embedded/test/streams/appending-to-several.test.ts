import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import fc from "fast-check";
import type { LogRecord, NewRecord } from "../../src/log/record.ts";
import { EventStore } from "../../src/streams/event-store.ts";
import type { ExpectedRevision } from "../../src/streams/expected-revision.ts";
import type { Belief } from "../../src/streams/multi-append-rule.ts";
import type { AppendResult, MultiAppendResult, RoutedRecord } from "../../src/streams/results.ts";

function openStore(): EventStore {
  let ids = 0;
  return EventStore.open({ location: "memory", now: () => 0, newId: () => `server-${ids++}` });
}

/** One store for a test, closed with it. */
function storeFor(t: TestContext): EventStore {
  const store = openStore();
  t.after(() => store.close());
  return store;
}

const recordsOf = (store: EventStore): readonly LogRecord[] =>
  store.readAll({ from: 0, direction: "forwards", maxCount: 10_000 }).records;

const event = (id: string): NewRecord => ({
  id,
  type: "T",
  isJson: true,
  data: Buffer.from("{}"),
  metadata: Buffer.alloc(0),
});
const routed = (stream: string, id: string): RoutedRecord => ({ stream, event: event(id) });

const metadata = (id: string, document: string): RoutedRecord => ({
  stream: "$$a",
  event: { ...event(id), type: "$metadata", data: Buffer.from(document) },
});

const stream = fc.constantFrom("a", "b", "c");
const expected = fc.oneof(
  fc.constantFrom<ExpectedRevision>("any", "any", "no_stream", "stream_exists"),
  fc.nat({ max: 4 }),
);
const end = fc.record({
  kind: fc.constantFrom("delete", "delete", "tombstone"),
  stream,
});

/** Leaves the state out in which the streams are, so that one that was refused both ways is the same. */
const inShort = (result: AppendResult | MultiAppendResult): string => {
  if (result.outcome === "appended") {
    const revision = "revision" in result ? result.revision : [...result.revisions.values()].join();
    return `appended ${revision} at ${result.position}`;
  }
  return "refused";
};

/**
 * Whether a repeat is refused instead of recognised: one that expects no stream is looked for at revision 0, and in a
 * stream that lives again after a delete it does not stand there (spec 1.7; so, too, for one stream alone).
 */
function cannotBeRepeated(written: readonly LogRecord[], beliefs: readonly Belief[]): boolean {
  return written.some(
    ({ stream, revision }, i) =>
      revision > 0 &&
      written.findIndex((record) => record.stream === stream) === i &&
      beliefs.find((belief) => belief.stream === stream)?.expected === "no_stream",
  );
}

test("appending to several – one stream alone is appended to as ever", async () => {
  const append = fc.record({
    kind: fc.constant("append"),
    stream: fc.oneof(stream, fc.constant("$$a")),
    expected,
    ids: fc.array(fc.constantFrom("1", "2", "3", "4", "5"), { minLength: 1, maxLength: 3 }),
  });
  const step = fc.oneof({ weight: 4, arbitrary: append }, { weight: 1, arbitrary: end });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const [alone, several] = [openStore(), openStore()];
      for (const one of steps) {
        if (!("ids" in one)) {
          await alone[one.kind as "delete"](one.stream, "any");
          await several[one.kind as "delete"](one.stream, "any");
          continue;
        }
        const document = `{"$maxCount":${one.ids.length}}`;
        const events = one.ids.map((id) => (one.stream === "$$a" ? metadata(id, document) : routed(one.stream, id)));
        const first = await alone.append(
          one.stream,
          one.expected,
          events.map(({ event }) => event),
        );
        const second = await several.appendToSeveral(events, [{ stream: one.stream, expected: one.expected }]);
        assert.equal(inShort(second), inShort(first));
      }
      assert.deepEqual(recordsOf(several), recordsOf(alone));
      await Promise.all([alone.close(), several.close()]);
    }),
    { numRuns: 150 },
  );
});

test("appending to several – all or none, in one commit, in the order given, and once", async () => {
  const attempt = fc.record({
    kind: fc.constant("append"),
    streams: fc.array(stream, { minLength: 1, maxLength: 5 }),
    beliefs: fc.array(fc.record({ stream: fc.constantFrom("a", "b", "c", "d"), expected }), { maxLength: 3 }),
  });
  const step = fc.oneof({ weight: 5, arbitrary: attempt }, { weight: 1, arbitrary: end });
  let written = 0;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const store = openStore();
      for (const [i, one] of steps.entries()) {
        if (!("streams" in one)) {
          await store[one.kind as "delete"](one.stream, "any");
          continue;
        }
        const events = one.streams.map((name, n) => routed(name, `${i}-${n}`));
        const before = recordsOf(store);
        const seen = new Set<number>();
        const countNew = () => recordsOf(store).filter(({ id }) => id.startsWith(`${i}-`)).length;
        const stopWatching = store.watchAll(() => seen.add(countNew()));
        const result = await store.appendToSeveral(events, one.beliefs);
        stopWatching();
        const grown = recordsOf(store).slice(before.length);
        if (result.outcome !== "appended") {
          refused++;
          assert.deepEqual(grown, []);
          continue;
        }
        written++;
        assert.deepEqual([...seen], [events.length]);
        const own = grown.slice(0, events.length);
        assert.deepEqual(
          own.map((record) => [record.stream, record.id]),
          events.map((one) => [one.stream, one.event.id]),
        );
        // What follows them is the server's own: metadata of streams that live again.
        assert.ok(grown.slice(events.length).every(({ stream }) => stream.startsWith("$$")));
        assert.equal(result.position, own.at(-1)?.position);
        for (const [name, revision] of result.revisions) {
          assert.equal(own.findLast((record) => record.stream === name)?.revision, revision);
        }
        const repeat = await store.appendToSeveral(events, one.beliefs);
        if (cannotBeRepeated(own, one.beliefs)) assert.equal(repeat.outcome, "conflict");
        else assert.deepEqual(repeat, result);
        assert.equal(recordsOf(store).length, before.length + grown.length, "the repeat wrote nothing");
      }
      await store.close();
    }),
    { numRuns: 150 },
  );
  assert.ok(written > 100 && refused > 100, `${written} written, ${refused} refused`);
});

test("appending to several – says which beliefs do not hold, and how the streams stand", async (t) => {
  const store = storeFor(t);
  await store.append("a", "any", [event("1"), event("2")]);
  await store.append("deleted", "any", [event("3")]);
  await store.delete("deleted", "any");
  await store.tombstone("gone", "any");
  const beliefs: Belief[] = [
    { stream: "a", expected: 0 },
    { stream: "b", expected: "stream_exists" },
    { stream: "a", expected: 1 },
    { stream: "gone", expected: "no_stream" },
    { stream: "deleted", expected: "stream_exists" },
    { stream: "deleted", expected: "no_stream" },
    { stream: "c", expected: "no_stream" },
  ];
  assert.deepEqual(await store.appendToSeveral([routed("c", "4")], beliefs), {
    outcome: "conflict",
    conflicts: [
      { ...beliefs[0], index: 0, actual: 1 },
      { ...beliefs[1], index: 1, actual: "no_stream" },
      { ...beliefs[3], index: 3, actual: "tombstoned" },
      { ...beliefs[4], index: 4, actual: "deleted" },
    ],
  });
  assert.deepEqual(await store.appendToSeveral([routed("c", "4"), routed("gone", "5")], []), {
    outcome: "stream-deleted",
    stream: "gone",
  });
});

test("appending to several – what was written by half is a conflict, also where nothing was expected", async (t) => {
  const store = storeFor(t);
  await store.append("a", "any", [event("1")]);
  assert.deepEqual(await store.appendToSeveral([routed("a", "1"), routed("b", "2")], []), {
    outcome: "conflict",
    conflicts: [{ stream: "a", expected: "any", index: undefined, actual: 0 }],
  });
});

test("appending to several – a deleted stream and its metadata, written together, live again as the metadata says", async (t) => {
  const store = storeFor(t);
  await store.append("a", "any", [event("1"), event("2")]);
  await store.delete("a", "any");
  await store.appendToSeveral([metadata("3", '{"$maxCount":9,"colour":"red"}'), routed("a", "4")], []);
  const page = store.readStream({ stream: "a", from: "start", direction: "forwards", maxCount: 9 });
  assert.deepEqual(page.outcome === "read" && page.records.map(({ id, revision }) => [id, revision]), [["4", 2]]);
  const described = store.readStream({ stream: "$$a", from: "end", direction: "backwards", maxCount: 1 });
  assert.deepEqual(described.outcome === "read" && JSON.parse(Buffer.from(described.records[0]!.data).toString()), {
    $maxCount: 9,
    colour: "red",
    $tb: 2,
  });
});
