import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { backup, restore } from "../../src/log/backup.ts";
import { DataDirectoryInUseError, DataDirectoryUnreadableError, TargetNotEmptyError } from "../../src/log/errors.ts";
import { Log } from "../../src/log/log.ts";
import { temporaryDirectory } from "./temporary.ts";

const open = (directory: string) => Log.open({ location: { directory }, now: () => 1 });
const event = (n: number) => ({
  id: randomUUID(),
  type: "Counted",
  isJson: true,
  data: Buffer.from(String(n)),
  metadata: Buffer.alloc(0),
});
const numbers = (log: Log) => log.readAll(0, false, 1e6).map(({ data }) => Number(data.toString()));

test("backup – taken while events are written it holds the log as it was at one moment", async (t) => {
  const directory = temporaryDirectory(t);
  const copy = join(temporaryDirectory(t), "copy");
  const log = open(directory);
  let written = 0;
  let isDone = false;
  const writing = (async () => {
    while (!isDone) await log.stage([{ stream: `s-${written % 5}`, events: [event(written++), event(written++)] }]);
  })();
  await log.settled();
  const before = written;
  await backup(directory, copy);
  isDone = true;
  await writing;
  await log.close();

  const restored = join(temporaryDirectory(t), "restored");
  await restore(copy, restored);
  const again = open(restored);
  const found = numbers(again);
  assert.ok(found.length >= before - 2 && found.length <= written && found.length % 2 === 0, `${found.length}`);
  assert.deepEqual(
    found,
    Array.from(found, (_, i) => i),
  );
  await again.stage([{ stream: "s-0", events: [event(found.length)] }]);
  assert.equal(numbers(again).length, found.length + 1);
  await again.close();
});

test("backup – nothing is overwritten, and only a log is copied", async (t) => {
  const directory = temporaryDirectory(t);
  const log = open(directory);
  await log.stage([{ stream: "s", events: [event(0)] }]);
  const occupied = temporaryDirectory(t);
  writeFileSync(join(occupied, "mine.txt"), "");
  await assert.rejects(backup(directory, occupied), TargetNotEmptyError);
  assert.deepEqual(readdirSync(occupied), ["mine.txt"]);
  await assert.rejects(backup(temporaryDirectory(t), join(occupied, "copy")), DataDirectoryUnreadableError);
  await assert.rejects(restore(directory, directory), DataDirectoryInUseError);
  await log.close();
  await assert.rejects(restore(directory, directory), TargetNotEmptyError);
});
