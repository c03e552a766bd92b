import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { binaryEvent } from "@eventstore/db-client";
import { startEmbedded } from "../../src/index.ts";
import { all, clientOf, countedUpTo } from "../grpc/running-server.ts";
import { atEnd } from "../clients/official-client.ts";
import { directoryFor } from "./directory-for.ts";
import { running, runningLimited } from "./running-command.ts";
import { until } from "../until.ts";

test("backup – of a server that runs, restored and served, has what was acknowledged before", async (t) => {
  const root = directoryFor(t);
  const [data, copy, back] = ["data", "copy", "back"].map((name) => join(root, name));
  const server = await startEmbedded({ data: data!, port: 0 });
  atEnd(t, () => server.stop());
  const client = clientOf(t, server.connectionString);
  await client.appendToStream("s", countedUpTo(500));
  let isDone = false;
  const writing = (async () => {
    while (!isDone) await client.appendToStream("meanwhile", countedUpTo(20));
  })();
  const made = await running(t, "backup", "--data", data!, "--to", copy!, "--json").end();
  isDone = true;
  await writing;
  assert.deepEqual([made.code, made.errors], [0, ""]);
  const last = JSON.parse(made.lines.at(-1)!) as Record<string, unknown>;
  assert.deepEqual([last["event"], last["from"], last["to"]], ["backup", data, copy]);
  assert.ok(Number(last["bytes"]) > 10_000);
  const restored = await running(t, "restore", "--from", copy!, "--data", back!).end();
  assert.equal(restored.code, 0);
  assert.match(restored.lines[0]!, /^restore of .*copy is in .*back: .* (KiB|MiB)$/);
  const second = await startEmbedded({ data: back!, port: 0 });
  atEnd(t, () => second.stop());
  assert.equal((await all(clientOf(t, second.connectionString).readStream("s"))).length, 500);
});

test("backup – Ctrl-C leaves nothing of it behind, and it can be made again", async (t) => {
  const root = directoryFor(t);
  const data = join(root, "data");
  const server = await startEmbedded({ data, port: 0 });
  atEnd(t, () => server.stop());
  const client = clientOf(t, server.connectionString);
  // Enough for the copy to take a while.
  const event = () => binaryEvent({ type: "T", data: Buffer.alloc(1_000_000, Math.floor(Math.random() * 250)) });
  for (let i = 0; i < 15; i++) await Promise.all(Array.from({ length: 8 }, () => client.appendToStream("s", event())));
  await server.stop();
  const empty = join(root, "empty");
  mkdirSync(empty);
  for (const to of [join(root, "new"), empty]) {
    const wasThere = existsSync(to);
    const interrupted = async () => {
      const { child, end } = running(t, "backup", "--data", data, "--to", to);
      await until("it copies", () => existsSync(to) && readdirSync(to).length > 0);
      child.kill("SIGINT");
      return end();
    };
    let ended = await interrupted();
    // Where this process lay still, the copy was whole before the signal came.
    while (ended.code === 0) {
      rmSync(join(to, "log.mdb"));
      if (!wasThere) rmdirSync(to);
      ended = await interrupted();
    }
    assert.deepEqual([ended.code, ended.lines.map((line) => line.split(";")[0])], [130, ["cancelled"]]);
    assert.deepEqual([existsSync(to), wasThere ? readdirSync(to) : []], [wasThere, []]);
    assert.equal((await running(t, "backup", "--data", data, "--to", to).end()).code, 0);
  }
});

test("backup – what cannot be done is said in a sentence, and harms nothing", async (t) => {
  const root = directoryFor(t);
  const full = join(root, "full");
  mkdirSync(full);
  writeFileSync(join(full, "mine"), "x");
  const refused = [
    [["backup", "--data", join(root, "none"), "--to", join(root, "to")], 1, /none cannot be used: it holds no log.mdb/],
    [["backup", "--data", full], 2, /--to is missing/],
    [["restore", "--from", full, "--data", join(root, "to")], 1, /full cannot be used/],
    [
      ["restore", "--from", full, "--data", join(full, "mine")],
      1,
      /mine could not be written: ENOTDIR.*another directory/,
    ],
    [["restore", "--data", full], 2, /--from is missing/],
    [["backup", "--what"], 2, /--what.*--help/],
    [["back-up"], 2, /back-up.*--help/],
  ] as const;
  const ended = await Promise.all(refused.map(([args]) => running(t, ...args).end()));
  for (const [i, [, code, about]] of refused.entries()) {
    assert.equal(ended[i]!.code, code, ended[i]!.errors);
    assert.match(ended[i]!.errors, about);
    assert.match(ended[i]!.errors, /^[^\n]+\n$/);
  }
  assert.deepEqual(readdirSync(root), ["full"]);
  assert.deepEqual(readdirSync(full), ["mine"]);
  const help = await running(t, "backup", "--help").end();
  assert.deepEqual([help.code, help.lines[0]], [0, "sluice-embedded backup --data DIR --to DIR [--json]"]);
});

test(
  "backup – one for which there is no room leaves nothing behind, and says so in a sentence",
  { skip: process.platform === "win32" && "no limit on file sizes there" },
  async (t) => {
    const root = directoryFor(t);
    const [data, copy] = [join(root, "data"), join(root, "copy")];
    const server = await startEmbedded({ data, port: 0 });
    atEnd(t, () => server.stop());
    await clientOf(t, server.connectionString).appendToStream(
      "s",
      binaryEvent({ type: "T", data: Buffer.alloc(900_000) }),
    );
    const { code, errors } = await runningLimited(t, 100, "backup", "--data", data, "--to", copy).end();
    assert.equal(code, 1);
    assert.match(errors, /^The copy into .*copy could not be written: .*\. Nothing of it was left; make room .*\n$/m);
    assert.deepEqual(readdirSync(root), ["data"]);
  },
);

test(
  "backup – a directory that this user may not read or write is told as that",
  { skip: process.getuid?.() === 0 && "root may do everything" },
  async (t) => {
    const root = directoryFor(t);
    const [data, closed] = [join(root, "data"), join(root, "closed")];
    const server = await startEmbedded({ data, port: 0 });
    await server.stop();
    mkdirSync(closed, { mode: 0o500 });
    const unwritten = await running(t, "backup", "--data", data, "--to", join(closed, "copy")).end();
    assert.match(unwritten.errors, /^The copy into .*copy could not be written: EACCES.*give another directory\.\n$/);
    chmodSync(data, 0o000);
    const unread = await running(t, "backup", "--data", data, "--to", join(root, "copy")).end();
    chmodSync(data, 0o700);
    assert.match(unread.errors, /^The data directory .*data cannot be used: this user may not read it\./);
    assert.deepEqual([unwritten.code, unread.code], [1, 1]);
  },
);
