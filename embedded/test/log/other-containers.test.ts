import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test, type TestContext } from "node:test";
import { EventStoreDBClient, jsonEvent } from "@eventstore/db-client";
import { startEmbedded } from "../../src/index.ts";
import { backup } from "../../src/log/backup.ts";
import { DataDirectoryInUseError } from "../../src/log/errors.ts";
import { temporaryDirectory } from "./temporary.ts";

const onLinux = { skip: process.platform !== "linux" };
/** Runs a program as in a container: with process ids of its own, and no view of other processes. */
const CONTAINED = ["-Urpf", "--kill-child", "--mount-proc"];
const canContain = spawnSync("unshare", [...CONTAINED, "true"]).status === 0;

interface Listening {
  readonly event: string;
  readonly connectionString: string;
}

const main = join(import.meta.dirname, "../../src/cli/main.ts");
/** The program as the first process of a container. */
const argvOf = (...args: readonly string[]) => [
  ...CONTAINED,
  process.execPath,
  "--conditions=sluice-source",
  main,
  ...args,
];

/** A server in a container, and what it says of where it listens; undefined where it ends without. */
async function contained(t: TestContext, data: string) {
  const child = spawn("unshare", argvOf("--data", data, "--port", "0", "--json"), {
    stdio: ["ignore", "pipe", "pipe"],
  });
  t.after(() => child.kill("SIGKILL"));
  let errors = "";
  child.stderr.on("data", (text) => {
    errors += text;
  });
  const ended = once(child, "close");
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line) as Listening;
    if (said.event === "listening") return { child, ended, errors, connectionString: said.connectionString };
  }
  await ended;
  return { child, ended, errors, connectionString: undefined };
}

const inContainers = { skip: !canContain && "this user may not make namespaces", timeout: 60_000 };

test(
  "other containers – a server in one is not pushed aside by a second one, and followed by it once it was killed",
  inContainers,
  async (t) => {
    const data = join(temporaryDirectory(t), "d");
    const first = await contained(t, data);
    assert.ok(first.connectionString !== undefined, first.errors);
    const client = EventStoreDBClient.connectionString(first.connectionString);
    await client.appendToStream("s", jsonEvent({ type: "T", data: {} }));
    const second = await contained(t, data);
    assert.equal(second.connectionString, undefined);
    assert.match(second.errors, /is in use by the process \d+ of another container\. Stop that server first/);
    await assert.rejects(startEmbedded({ data, port: 0 }), DataDirectoryInUseError);
    await client.appendToStream("s", jsonEvent({ type: "T", data: {} }));
    await client.dispose();
    first.child.kill("SIGKILL");
    await first.ended;
    const third = await contained(t, data);
    assert.ok(third.connectionString !== undefined, third.errors);
    const reader = EventStoreDBClient.connectionString(third.connectionString);
    let events = 0;
    for await (const { event } of reader.readStream("s")) assert.equal(event?.revision, BigInt(events++));
    assert.equal(events, 2);
    await reader.dispose();
  },
);

test("other containers – a lock from one counts for as long as its holder listens", onLinux, async (t) => {
  // Longer than the path of a socket may be.
  const data = join(temporaryDirectory(t), "d".repeat(120));
  mkdirSync(data);
  const id = "1f0e";
  const lock = JSON.stringify({ pid: process.pid, started: "1", namespace: "pid:[1]", id });
  writeFileSync(join(data, "server.lock"), lock);
  const holder = createServer();
  const before = process.cwd();
  process.chdir(data);
  holder.listen(`server.socket.${id}`);
  process.chdir(before);
  await once(holder, "listening");
  await assert.rejects(startEmbedded({ data, port: 0 }), /of another container/);
  assert.equal(readFileSync(join(data, "server.lock"), "utf8"), lock);
  assert.deepEqual(readdirSync(data).toSorted(), ["server.lock", `server.socket.${id}`]);
  await new Promise((resolve) => holder.close(resolve));
  const server = await startEmbedded({ data, port: 0 });
  await server.stop();
});

test("other containers – what a killed server has left is cleared away", onLinux, async (t) => {
  const data = temporaryDirectory(t);
  const lock = JSON.stringify({ pid: 1, started: "1", namespace: "pid:[1]", id: "gone" });
  writeFileSync(join(data, "server.lock"), lock);
  writeFileSync(join(data, "server.socket.gone"), "");
  const server = await startEmbedded({ data, port: 0 });
  assert.equal(readdirSync(data).filter((name) => name.startsWith("server.")).length, 2);
  await server.stop();
  assert.deepEqual(
    readdirSync(data).filter((name) => name.startsWith("server.")),
    [],
  );
  assert.ok(existsSync(join(data, "log.mdb")));
});

test(
  "other containers – a backup from one is made, unless it has the server's process id there",
  inContainers,
  async (t) => {
    const folder = temporaryDirectory(t);
    const data = join(folder, "d");
    const server = await contained(t, data);
    assert.ok(server.connectionString !== undefined, server.errors);
    const args = argvOf("backup", "--data", data, "--to", join(folder, "b"));
    const refused = spawnSync("unshare", args, { encoding: "utf8", timeout: 30_000 });
    assert.match(refused.stderr, /is in use by the process 1 of another container, .* as by docker exec\.\n$/);
    assert.deepEqual([refused.status, existsSync(join(folder, "b"))], [1, false]);
    assert.ok((await backup(data, join(folder, "b"))) > 0);
    const restored = await startEmbedded({ data: join(folder, "b"), port: 0 });
    await restored.stop();
  },
);
