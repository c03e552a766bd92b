import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { EventStore } from "../../src/streams/event-store.ts";

const open = () => EventStore.open({ location: "memory", now: () => 1_000_000, newId: randomUUID });
const event = (type: string, document: object = {}) => ({
  id: randomUUID(),
  type,
  isJson: true,
  data: Buffer.from(JSON.stringify(document)),
  metadata: Buffer.alloc(0),
});

/** What a reader finds in a stream, in both directions, page by page. */
function seen(store: EventStore, stream: string): unknown {
  const read = (direction: "forwards" | "backwards") => {
    const found: string[] = [];
    let from: number | "start" | "end" = direction === "forwards" ? "start" : "end";
    for (;;) {
      const page = store.readStream({ stream, from, direction, maxCount: 3 });
      if (page.outcome !== "read") return page.outcome;
      found.push(...page.records.map(({ revision, id }) => `${revision} ${id}`));
      if (page.isEnd) return found;
      from = page.next;
    }
  };
  return [read("forwards"), read("backwards"), store.lastRevision(stream)];
}

test("scavenge – no reader of a stream can tell that there was one, and what is hidden is gone from the log", async () => {
  const streams = ["a", "b-1", "n".repeat(3000)];
  const step = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ kind: fc.constant("append" as const), count: fc.integer({ min: 1, max: 6 }) }),
    },
    fc.record({ kind: fc.constant("truncate" as const), to: fc.nat({ max: 12 }) }),
    fc.record({ kind: fc.constant("limit" as const), count: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ kind: fc.constant("delete" as const) }),
    fc.record({ kind: fc.constant("tombstone" as const) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom(...streams), step), { maxLength: 25 }), async (steps) => {
      const store = open();
      for (const [stream, one] of steps) {
        if (one.kind === "append")
          await store.append(
            stream,
            "any",
            Array.from({ length: one.count }, () => event("T")),
          );
        if (one.kind === "truncate") await store.append(`$$${stream}`, "any", [event("$metadata", { $tb: one.to })]);
        if (one.kind === "limit")
          await store.append(`$$${stream}`, "any", [event("$metadata", { $maxCount: one.count })]);
        if (one.kind === "delete") await store.delete(stream, "any");
        if (one.kind === "tombstone") await store.tombstone(stream, "any");
      }
      const all = streams.flatMap((stream) => [stream, `$$${stream}`]);
      const before = all.map((stream) => seen(store, stream));
      const { events } = await store.scavenge();
      assert.deepEqual(
        all.map((stream) => seen(store, stream)),
        before,
      );
      assert.deepEqual(await store.scavenge(), { events: 0, bytes: 0 });
      const left = store.readAll({ from: 0, direction: "forwards", maxCount: 10_000 }).records;
      for (const stream of all) {
        const [visible, , last] = seen(store, stream) as [string[] | string, unknown, number];
        const kept = left.filter((record) => record.stream === stream).length;
        const wanted = Array.isArray(visible) ? visible.length : 0;
        assert.ok(
          kept >= wanted && kept <= Math.max(wanted, last < 0 ? 0 : 1),
          `${stream.slice(0, 10)} keeps ${kept} of ${wanted}`,
        );
      }
      assert.ok(events >= 0);
      await store.close();
    }),
    { numRuns: 60 },
  );
});

test("scavenge – can be stopped, and goes on with what is left", async () => {
  const store = open();
  for (let i = 0; i < 5; i++)
    await store.append(
      "s",
      "any",
      Array.from({ length: 1000 }, () => event("T")),
    );
  await store.append("$$s", "any", [event("$metadata", { $maxCount: 10 })]);
  const controller = new AbortController();
  const first = store.scavenge({ signal: controller.signal });
  controller.abort();
  const { events } = await first;
  assert.ok(events < 4990, `${events}`);
  const seenOnTheWay: number[] = [];
  const rest = await store.scavenge({ onProgress: (soFar) => seenOnTheWay.push(soFar.events) });
  assert.equal(events + rest.events, 4990);
  assert.deepEqual(seenOnTheWay.at(-1), rest.events);
  assert.deepEqual(
    seenOnTheWay,
    seenOnTheWay.toSorted((a, b) => a - b),
  );
  await store.close();
});

test("scavenge – takes what many streams give back in a few steps, and what one gives back in several", async () => {
  const store = open();
  for (let i = 0; i < 300; i++) {
    await store.append(`small-${i}`, "any", [event("T"), event("T"), event("T")]);
    await store.delete(`small-${i}`, "any");
  }
  await store.append(
    "large",
    "any",
    Array.from({ length: 2500 }, () => event("T")),
  );
  await store.append("$$large", "any", [event("$metadata", { $maxCount: 1 })]);
  const steps: number[] = [];
  // Each keeps its last event, which is its memory.
  const wanted = 300 * 2 + 2499;
  const { events } = await store.scavenge({ onProgress: (soFar) => steps.push(soFar.events) });
  assert.equal(events, wanted);
  assert.ok(steps.length >= Math.ceil(wanted / 1000) && steps.length < 10, steps.join(" "));
  assert.deepEqual(await store.scavenge(), { events: 0, bytes: 0 });
  await store.close();
});

test("scavenge – appends go on meanwhile and count on", async () => {
  const store = open();
  await store.append(
    "s",
    "any",
    Array.from({ length: 3000 }, () => event("T")),
  );
  await store.append("$$s", "any", [event("$metadata", { $maxCount: 1 })]);
  const [, ...appends] = await Promise.all([
    store.scavenge(),
    ...Array.from({ length: 50 }, () => store.append("s", "any", [event("T")])),
  ]);
  assert.deepEqual(
    appends.map((result) => result.outcome === "appended" && result.revision),
    Array.from({ length: 50 }, (_, i) => 3000 + i),
  );
  await store.close();
});
