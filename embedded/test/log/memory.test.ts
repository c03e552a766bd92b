import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { Fifo } from "../../src/log/fifo.ts";
import { Log } from "../../src/log/log.ts";
import { RecentIds } from "../../src/log/recent-ids.ts";
import { RecentRecords } from "../../src/log/recent-records.ts";
import type { LogRecord } from "../../src/log/record.ts";
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
    onTheirWay: new Fifo<LogRecord>(),
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

test("memory – recent records count their names", () => {
  const recent = new RecentRecords(10_000);
  const record = (position: number, stream: string) => ({
    position,
    stream,
    revision: 0,
    created: 0,
    id: "",
    type: "t",
    isJson: false,
    data: Buffer.alloc(0),
    metadata: Buffer.alloc(0),
  });
  recent.add(record(1, "n".repeat(6000)));
  recent.add(record(2, "n".repeat(6000)));
  assert.equal(recent.get(1), undefined);
  assert.ok(recent.get(2));
});
