import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { Log } from "../../src/log/log.ts";
import { decodeRecord, encodeRecord } from "../../src/log/record-codec.ts";
import { temporaryDirectory } from "./temporary.ts";

const event = (text: string) => ({
  id: randomUUID(),
  type: "Noted",
  isJson: false,
  data: Buffer.from(text),
  metadata: Buffer.alloc(0),
});

test("log – a record comes back from its bytes as it went in", () => {
  const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
  const fields = {
    stream: fc.string({ unit: "grapheme", maxLength: 60 }),
    type: fc.string({ unit: "grapheme" }),
    id: fc.uuid(),
    isJson: fc.boolean(),
    data: bytes,
    metadata: bytes,
    revision: fc.maxSafeNat(),
    created: fc.maxSafeNat(),
    position: fc.maxSafeNat(),
  };
  const record = fc.record(fields, { noNullPrototype: true });
  fc.assert(
    fc.property(record, (one) => {
      assert.deepEqual(decodeRecord(one.position, encodeRecord(one)), one);
    }),
  );
});

test("log – whatever is written together or apart, before or after a restart, keeps its order and its numbers", async (t) => {
  const streams = fc.constantFrom("a", "b-1", "b-2", "$ce-b", "ü".repeat(700), `${"ü".repeat(700)}!`);
  const writes = fc.array(
    fc.record({ stream: streams, count: fc.nat({ max: 5 }), waits: fc.boolean(), restarts: fc.boolean() }),
    {
      maxLength: 25,
    },
  );
  await fc.assert(
    fc.asyncProperty(writes, async (steps) => {
      const directory = temporaryDirectory(t);
      let log = Log.open({ location: { directory }, now: () => 1 });
      const expected = new Map<string, string[]>();
      const all: string[] = [];
      let pending: Promise<unknown>[] = [];
      for (const { stream, count, waits, restarts } of steps) {
        const events = Array.from({ length: count }, () => event(""));
        const ids = events.map(({ id }) => id);
        expected.set(stream, [...(expected.get(stream) ?? []), ...ids]);
        all.push(...ids);
        pending.push(log.stage([{ stream, events }]));
        if (waits || restarts) pending = [await Promise.all(pending)].map(() => Promise.resolve());
        if (restarts) {
          await log.close();
          log = Log.open({ location: { directory }, now: () => 1 });
        }
      }
      await Promise.all(pending);
      assert.deepEqual(
        log.readAll(0, false, 1000).map(({ id }) => id),
        all,
      );
      assert.deepEqual(
        log.readAll(log.end, true, 1000).map(({ id }) => id),
        all.toReversed(),
      );
      for (const [stream, ids] of expected) {
        const records = log.readStream(stream, { first: 0, last: 1000, reverse: false, limit: 1000 });
        assert.deepEqual(
          records.map(({ id }) => id),
          ids,
        );
        assert.deepEqual(
          records.map(({ revision }) => revision),
          ids.map((_, i) => i),
        );
      }
      await log.close();
    }),
    { numRuns: 25 },
  );
});

test("log – nobody sees a record before it is on disk, and the writer hears of it after everybody else could", async (t) => {
  const log = Log.open({ location: { directory: temporaryDirectory(t) }, now: () => 1 });
  const seen: string[] = [];
  log.onCommit((records) => {
    assert.deepEqual(
      log.readAll(0, false, 10).map(({ id }) => id),
      records.map(({ id }) => id),
    );
    seen.push("listener");
  });
  const written = log.stage([{ stream: "s", events: [event("1"), event("2")] }]).then(() => seen.push("writer"));
  assert.equal(log.head("s").staged, 1);
  assert.equal(log.head("s").durable, -1);
  assert.deepEqual(log.readAll(0, false, 10), []);
  assert.equal(log.acceptedRecord("s", 1)?.data.toString(), "2");
  await written;
  assert.deepEqual(seen, ["listener", "writer"]);
  assert.equal(log.head("s").durable, 1);
  await log.close();
});

test("log – one in memory leaves nothing behind and needs no directory", async () => {
  const log = Log.open({ location: "memory", now: () => 1 });
  await log.stage([{ stream: "s", events: [event("1")] }]);
  assert.equal(log.readAll(0, false, 10).length, 1);
  await log.close();
});
