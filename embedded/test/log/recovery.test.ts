import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { backup } from "../../src/log/backup.ts";
import { DATA_FILE, openForReading } from "../../src/log/database.ts";
import { DataDirectoryUnreadableError } from "../../src/log/errors.ts";
import { findSegments } from "../../src/log/journal/found-segments.ts";
import { encodedGroupBytes } from "../../src/log/journal/group-codec.ts";
import { SEGMENT_HEADER_BYTES } from "../../src/log/journal/segment-codec.ts";
import { isSegmentName } from "../../src/log/journal/segment-name.ts";
import { Log } from "../../src/log/log.ts";
import { TOMBSTONE_REVISION } from "../../src/log/record.ts";
import { temporaryDirectory } from "./temporary.ts";

const open = (directory: string) => Log.open({ location: { directory }, now: () => 1 });
const event = (text: string) => ({
  id: randomUUID(),
  type: "Noted",
  isJson: false,
  data: Buffer.from(text),
  metadata: Buffer.alloc(0),
});
const texts = (log: Log) => log.readAll(0, false, 1e6).map(({ data }) => data.toString());
const segmentsOf = (directory: string) => readdirSync(directory).filter(isSegmentName);

/** The directory of a log as a kill would leave it at this moment. */
function leftBehind(t: TestContext, directory: string): string {
  const copy = join(temporaryDirectory(t), "left");
  mkdirSync(copy);
  for (const name of readdirSync(directory)) {
    if (name === DATA_FILE || isSegmentName(name)) copyFileSync(join(directory, name), join(copy, name));
  }
  return copy;
}

/** What every way of reading shows of a log, before and after. */
function allOf(log: Log, streams: readonly string[]) {
  const range = { first: 0, last: TOMBSTONE_REVISION, limit: 1000 };
  return {
    forwards: log.readAll(0, false, 1000),
    backwards: log.readAll(log.end, true, 1000),
    pages: [3, 5].map((limit) => [log.readAll(100, false, limit), log.readAll(log.end - 100, true, limit)]),
    streams: streams.map((stream) => ({
      forwards: log.readStream(stream, { ...range, reverse: false }),
      backwards: log.readStream(stream, { ...range, reverse: true }),
      middle: [true, false].map((reverse) => log.readStream(stream, { first: 2, last: 6, limit: 3, reverse })),
      head: [log.head(stream).staged, log.head(stream).durable],
      each: [0, 1, 2, 3].map((revision) => log.acceptedRecord(stream, revision)),
      last: log.lastAccepted(stream),
    })),
    end: log.end,
  };
}

test("recovery – what the tables lack comes back from the journal, and reads the same before, after, and once they have it", async (t) => {
  const directory = temporaryDirectory(t);
  const streams = ["a", "b", "ended", "later", "none", "x".repeat(2000)];
  const log = open(directory);
  for (let i = 0; i < 6; i++) await log.stage([{ stream: `${"ab"[i % 2]}`, events: [event(`early ${i}`)] }]);
  await log.indexed();
  for (let i = 0; i < 6; i++) {
    await log.stage([
      { stream: "a", events: [event(`late ${i}`), event("two")] },
      { stream: "later", events: [event("l")] },
      { stream: "x".repeat(2000), events: [event("long")] },
    ]);
  }
  await log.stage([{ stream: "ended", events: [event("alive")] }]);
  await log.stage([{ stream: "ended", events: [event("")], isTombstone: true }]);
  const before = allOf(log, streams);
  assert.equal(before.forwards.length, 6 + 24 + 2);

  const left = leftBehind(t, directory);
  const again = open(left);
  assert.deepEqual(allOf(again, streams), before);
  assert.deepEqual(again.placeOfId(before.forwards.at(-2)!.id), { stream: "ended", revision: 0 });
  await again.indexed();
  assert.deepEqual(allOf(again, streams), before);
  await again.stage([{ stream: "new", events: [event("n")] }]);
  await again.close();
  const third = open(left);
  assert.equal(third.readAll(0, false, 1000).length, 33);
  assert.deepEqual(allOf(third, streams).streams, before.streams);
  await third.close();
  await log.indexed();
  assert.deepEqual(allOf(log, streams), before);
  await log.close();
});

test("recovery – the last group torn at any byte was never there, and the next one takes its place", async (t) => {
  const directory = temporaryDirectory(t);
  const log = open(directory);
  await log.stage([{ stream: "a", events: [event("1")] }]);
  await log.stage([{ stream: "b", events: [event("2")] }]);
  const left = leftBehind(t, directory);
  await log.close();

  const reading = openForReading(left);
  const found = findSegments(left, reading.logId ?? "");
  await reading.close();
  assert.ok("segments" in found);
  const [segment] = found.segments.filter(({ groups }) => groups.length > 0);
  const [first, second] = segment!.groups;
  const begin = SEGMENT_HEADER_BYTES + encodedGroupBytes(first!.records);
  const end = begin + encodedGroupBytes(second!.records);
  const whole = readFileSync(segment!.path);
  for (let torn = begin; torn <= end; torn++) {
    const bytes = Buffer.from(whole);
    bytes.fill(0, torn, end);
    const copy = join(temporaryDirectory(t), "torn");
    cpSync(left, copy, { recursive: true });
    const [name] = segmentsOf(copy);
    writeFileSync(join(copy, name!), bytes);
    const again = open(copy);
    // The last bytes may be zeros anyway.
    const expected = bytes.equals(whole) ? ["1", "2"] : ["1"];
    assert.deepEqual(texts(again), expected, `torn at ${torn}`);
    if (torn % 10 === 0) {
      await again.stage([{ stream: "b", events: [event("another")] }]);
      assert.equal(again.head("b").durable, expected.length - 1);
    }
    await again.close();
    if (torn % 10 === 0) {
      const third = open(copy);
      assert.deepEqual(texts(third), [...expected, "another"]);
      await third.close();
    }
    rmSync(copy, { recursive: true });
  }
});

test("recovery – a journal that is damaged, foreign or in part missing is refused and left as it is", async (t) => {
  const directory = temporaryDirectory(t);
  const log = open(directory);
  await log.stage([{ stream: "a", events: [event("1".repeat(100))] }]);
  await log.indexed();
  for (let i = 0; i < 3; i++) await log.stage([{ stream: "a", events: [event("2".repeat(100))] }]);
  const left = leftBehind(t, directory);
  await log.close();
  const [name] = segmentsOf(left);
  const path = join(left, name!);
  const whole = readFileSync(path);
  const refused = (reason: RegExp) => {
    const before = readdirSync(left).map((one) => [one, readFileSync(join(left, one)).toString("base64")]);
    assert.throws(
      () => open(left),
      (error) => error instanceof DataDirectoryUnreadableError && reason.test(error.message),
    );
    const after = readdirSync(left).map((one) => [one, readFileSync(join(left, one)).toString("base64")]);
    assert.deepEqual(
      after.filter(([one]) => !one?.endsWith("-lock")),
      before.filter(([one]) => !one?.endsWith("-lock")),
    );
  };
  const changed = Buffer.from(whole);
  changed.fill("x", 400, 404);
  writeFileSync(path, changed);
  refused(/journal-\d+\.log is damaged at its byte/);
  writeFileSync(path, "homework");
  refused(/journal-\d+\.log is not a journal's/);

  const other = temporaryDirectory(t);
  const another = open(other);
  await another.stage([{ stream: "a", events: [event("1")] }]);
  await another.close();
  const [otherName] = segmentsOf(other);
  copyFileSync(join(other, otherName!), path);
  refused(/belongs to another log/);

  writeFileSync(path, whole);
  rmSync(join(left, DATA_FILE));
  assert.throws(() => open(left), /holds a journal, and the log\.mdb that belongs to it is gone/);
});

test("recovery – a backup of what a kill has left is whole, and is one file", async (t) => {
  const directory = temporaryDirectory(t);
  const log = open(directory);
  await log.stage([{ stream: "a", events: [event("1")] }]);
  await log.indexed();
  await log.stage([{ stream: "a", events: [event("2")] }]);
  await log.stage([{ stream: "b", events: [event("3"), event("4")] }]);
  const left = leftBehind(t, directory);
  await log.close();
  const copy = join(temporaryDirectory(t), "copy");
  await backup(left, copy);
  assert.deepEqual(readdirSync(copy), [DATA_FILE]);
  const again = open(copy);
  assert.deepEqual(texts(again), ["1", "2", "3", "4"]);
  assert.deepEqual([again.head("a").durable, again.head("b").durable], [1, 1]);
  assert.deepEqual(again.streamNames(undefined, 10).names, ["a", "b"]);
  await again.close();
});
