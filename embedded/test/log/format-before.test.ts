import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { open as openLmdb } from "lmdb";
import { backup, restore } from "../../src/log/backup.ts";
import { DATA_FILE } from "../../src/log/database.ts";
import { DataDirectoryUnreadableError } from "../../src/log/errors.ts";
import { isSegmentName } from "../../src/log/journal/segment-name.ts";
import { Log } from "../../src/log/log.ts";
import { temporaryDirectory } from "./temporary.ts";

const open = (directory: string) => Log.open({ location: { directory }, now: () => 1 });
const event = (n: number) => ({
  id: randomUUID(),
  type: "Counted",
  isJson: false,
  data: Buffer.from(String(n)),
  metadata: Buffer.alloc(0),
});
const numbers = (log: Log) => log.readAll(0, false, 1e6).map(({ data }) => Number(data.toString()));

const environmentOf = (directory: string) =>
  openLmdb<Buffer, Buffer>({
    path: join(directory, DATA_FILE),
    noSubdir: true,
    maxDbs: 8,
    keyEncoding: "binary",
    encoding: "binary",
  });

/** Five events in a directory as the format before had it: the same tables, no journal, and no id. */
async function directoryBefore(directory: string): Promise<string> {
  const log = open(directory);
  for (let n = 0; n < 5; n++) await log.stage([{ stream: `s-${n % 2}`, events: [event(n)] }]);
  await log.close();
  for (const name of readdirSync(directory).filter(isSegmentName)) rmSync(join(directory, name));
  const environment = environmentOf(directory);
  const info = environment.openDB<Buffer, Buffer>({ name: "info", keyEncoding: "binary", encoding: "binary" });
  info.putSync(Buffer.from("format"), Buffer.from("sluice-log-1"));
  info.removeSync(Buffer.from("log-id"));
  await environment.close();
  return directory;
}

test("format before – a directory of it is carried over at the first start, and goes on", async (t) => {
  const directory = await directoryBefore(temporaryDirectory(t));
  for (const expected of [5, 6, 7]) {
    const log = open(directory);
    assert.deepEqual(
      numbers(log),
      Array.from({ length: expected }, (_, i) => i),
    );
    await log.stage([{ stream: "s-0", events: [event(expected)] }]);
    await log.close();
  }
});

test("format before – killed again and again at the first start, wherever, it is carried over, and nothing is missing", async (t) => {
  const directory = await directoryBefore(temporaryDirectory(t));
  const program = join(import.meta.dirname, "killed-writer.ts");
  for (let kill = 0; kill < 6; kill++) {
    const argv = ["--conditions=sluice-source", program, directory, String(1000 * (kill + 1))];
    const child = spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "inherit"] });
    t.after(() => child.kill("SIGKILL"));
    const exited = once(child, "exit");
    // At any moment until it writes: then the directory has been carried over.
    await Promise.race([once(child.stdout, "data"), sleep(40 * kill)]);
    child.kill("SIGKILL");
    await exited;
  }
  const log = open(directory);
  assert.deepEqual(numbers(log).slice(0, 5), [0, 1, 2, 3, 4]);
  await log.stage([{ stream: "s-0", events: [event(5)] }]);
  await log.close();
});

test("format before – a backup of it, made by either server, is restored", async (t) => {
  const directory = await directoryBefore(temporaryDirectory(t));
  const root = temporaryDirectory(t);
  await backup(directory, join(root, "copy"));
  await restore(join(root, "copy"), join(root, "restored"));
  const log = open(join(root, "restored"));
  assert.deepEqual(numbers(log), [0, 1, 2, 3, 4]);
  await log.close();
});

test("format before – where the first start of all was killed before anything was written, the next one is the first", async (t) => {
  const directory = temporaryDirectory(t);
  const environment = environmentOf(directory);
  environment.openDB<Buffer, Buffer>({ name: "info", keyEncoding: "binary", encoding: "binary" });
  await environment.close();
  const log = open(directory);
  await log.stage([{ stream: "s", events: [event(0)] }]);
  await log.close();
  const again = open(directory);
  assert.deepEqual(numbers(again), [0]);
  await again.close();
});

test("format before – a format that is not known is refused by its name", async (t) => {
  const directory = await directoryBefore(temporaryDirectory(t));
  const environment = environmentOf(directory);
  const info = environment.openDB<Buffer, Buffer>({ name: "info", keyEncoding: "binary", encoding: "binary" });
  info.putSync(Buffer.from("format"), Buffer.from("sluice-log-3"));
  await environment.close();
  assert.throws(
    () => open(directory),
    (error) => error instanceof DataDirectoryUnreadableError && /its format is sluice-log-3/.test(error.message),
  );
});
