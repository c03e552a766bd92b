import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { Fifo } from "../../src/log/fifo.ts";
import { Log } from "../../src/log/log.ts";
import { RecentIds } from "../../src/log/recent-ids.ts";
import { RecentRecords } from "../../src/log/recent-records.ts";
import { type LogRecord, TOMBSTONE_REVISION } from "../../src/log/record.ts";
import { StreamHeads } from "../../src/log/stream-heads.ts";

test("memory – a record that was just written does not keep the message alive that it came in", async (t) => {
  const log = Log.open({ location: "memory", now: Date.now });
  t.after(() => log.close());
  const message = Buffer.alloc(4 * 1024 * 1024, 7);
  const event = {
    id: randomUUID(),
    type: "Small",
    isJson: false,
    data: message.subarray(10, 20),
    metadata: message.subarray(20, 23),
  };
  await log.stage([{ stream: "s", events: [event] }]);
  const [record] = log.readStream("s", { first: 0, last: 0, reverse: false, limit: 1 });
  assert.deepEqual([...record!.data], Array(10).fill(7));
  assert.deepEqual([...record!.metadata], [7, 7, 7]);
  assert.ok(record!.data.buffer.byteLength < 100_000 && record!.metadata.buffer.byteLength < 100_000);
});

test("memory – ids in streams with long names take the room of several", () => {
  const ids = new RecentIds(100, () => []);
  for (let i = 0; i < 100; i++) ids.add(`short ${i}`, "s", i);
  assert.ok(ids.get("short 0"));
  for (let i = 0; i < 20; i++) ids.add(`long ${i}`, `${i}${"n".repeat(256 * 20)}`, 0);
  assert.equal(ids.get("short 99"), undefined);
  assert.equal(ids.get("long 14"), undefined);
  assert.ok(ids.get("long 19"));
});

test("memory – streams with long names take the room of several, and what is on its way stays", () => {
  const heads = new StreamHeads(100);
  const head = (name: string, staged = 0) => ({
    name,
    number: 1,
    staged,
    durable: 0,
    indexed: 0,
    unindexed: new Fifo<LogRecord>(),
  });
  const long = (i: number) => `${i}${"n".repeat(256 * 20)}`;
  for (let i = 0; i < 100; i++) heads.add(head(`s${i}`));
  for (let i = 0; i < 20; i++) heads.add(head(long(i)));
  assert.equal(heads.get("s99"), undefined);
  assert.ok(heads.get(long(19)));
  // The one that is just being asked for stays, however long its name: a second head would count on its own.
  heads.add(head("n".repeat(256 * 1000)));
  assert.ok(heads.get("n".repeat(256 * 1000)));
  heads.add(head("m".repeat(256 * 1000), 1));
  heads.add(head("s"));
  assert.ok(heads.get("m".repeat(256 * 1000)));
});

const recentRecord = (position: number, stream: string, revision = 0): LogRecord => ({
  position,
  stream,
  revision,
  created: 0,
  id: "",
  type: "t",
  isJson: false,
  data: Buffer.alloc(0),
  metadata: Buffer.alloc(0),
});

test("memory – recent records count their names", () => {
  const recent = new RecentRecords(10_000);
  recent.add(recentRecord(1, "n".repeat(6000)));
  recent.add(recentRecord(2, "n".repeat(6000)));
  assert.equal(recent.get(1), undefined);
  assert.ok(recent.get(2));
  assert.equal(recent.inStream("n".repeat(6000), 0, 0)?.[0]?.position, 2);
});

test("memory – recent records answer for a stream with all that is asked for, or not at all", () => {
  const step = fc.oneof(
    { weight: 9, arbitrary: fc.record({ add: fc.constantFrom("a", "b", "c") }) },
    { weight: 1, arbitrary: fc.record({ forget: fc.constantFrom("a", "b", "c") }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: "max" }), fc.boolean(), (steps, isTombstoned) => {
      const recent = new RecentRecords(20 * 402);
      let position = 0;
      const all = new Map<string, LogRecord[]>();
      const atHand = new Set<LogRecord>();
      const add = (stream: string, revision: number): void => {
        const record = recentRecord(position++, stream, revision);
        recent.add(record);
        all.set(stream, [...(all.get(stream) ?? []), record]);
        atHand.add(record);
      };
      for (const one of steps) {
        if ("add" in one) add(one.add, all.get(one.add)?.length ?? 0);
        else {
          recent.forgetStream(one.forget);
          for (const record of all.get(one.forget) ?? []) atHand.delete(record);
        }
      }
      if (isTombstoned) add("a", TOMBSTONE_REVISION);
      for (const [stream, records] of all) {
        const left = records.filter((record) => atHand.has(record) && recent.get(record.position) !== undefined);
        for (let first = 0; first < records.length; first++) {
          for (let last = first; last < records.length; last++) {
            const wanted = records.slice(first, last + 1);
            const [low, high] = [wanted[0]?.revision ?? 0, wanted.at(-1)?.revision ?? 0];
            // What lies behind the gap before a tombstone is left to the index.
            const hasNoGap = high - (left[0]?.revision ?? 0) === left.findIndex(({ revision }) => revision === high);
            const expected = hasNoGap && wanted.every((record) => left.includes(record)) ? wanted : undefined;
            assert.deepEqual(recent.inStream(stream, low, high), expected);
          }
        }
        assert.equal(recent.inStream(stream, records.length, records.length), undefined);
        assert.equal(recent.inStream(stream, 0, records.length), undefined);
      }
      assert.equal(recent.inStream("none", 0, 0), undefined);
    }),
  );
});
