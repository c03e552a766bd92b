import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { BACKWARDS, END, type EventStoreDBClient } from "@eventstore/db-client";
import { relayTo } from "../../clients/relay.ts";
import { all, counted, countedUpTo, runningServer } from "../../grpc/running-server.ts";
import { until } from "../../until.ts";
import { directoryFor } from "../directory-for.ts";
import { running } from "../running-command.ts";
import { exported, imported } from "./commands.ts";
import { countOf, fill, handle, seen, send, settled } from "./everything.ts";

test("export and import – everything goes on elsewhere where it stood", async (t) => {
  const file = join(directoryFor(t), "everything.ndjson.gz");
  const source = await runningServer(t);
  await fill(source.client, source.server.connectionString);
  const queue = await handle(t, source.client, ["$ce-in.D", "D"], 9, 4);
  const counted = await handle(t, source.client, ["counted", "counters"], 3);
  await handle(t, source.client, ["$all", "all"], 20);
  // It may have passed over what waited (corrections 2): a group on $all goes on as it does after a restart.
  const checkpoint = await checkpointOfAll(source.client, "all");
  const told = await exported(t, source.server.connectionString, file);
  assert.deepEqual([told["projections"], told["groups"]], [6, 4]);

  const target = await runningServer(t);
  const report = await imported(t, file, target.server.connectionString);
  assert.deepEqual(report["faulted"], {});
  assert.deepEqual(report["leftOut"], []);
  const wanted = await seen(source.client);
  // What has expired is not brought back to life.
  assert.deepEqual(wanted["old"], []);
  delete wanted["old"];
  assert.deepEqual(await seen(target.client), wanted);
  assert.deepEqual(await target.client.getStreamMetadata("counted").then(({ metadata }) => metadata), {
    maxCount: 10,
    custom: "kept",
  });

  // Both go on with the same new messages.
  for (const { client } of [source, target]) {
    await send(client, 50, 10);
    await settled(client, 60);
  }
  assert.deepEqual(
    Object.keys(await seen(target.client)),
    Object.keys(wanted).concat("bill-51", "bill-54", "bill-57").toSorted(),
  );
  for (const partition of ["D", "E"]) {
    for (const { client } of [source, target]) {
      await until(
        "the count",
        async () => ((await client.getProjectionState<{ count?: number }>("count", { partition })).count ?? 0) === 30,
      );
    }
  }
  // Each group gets exactly what it had not handled, in the same order.
  for (const [group, before, total] of [
    [["$ce-in.D", "D"], queue, 33],
    [["counted", "counters"], counted, 10],
  ] as const) {
    const count = total - before.length;
    const [here, there] = await Promise.all([source, target].map(({ client }) => handle(t, client, group, count)));
    assert.deepEqual(there, here, group.join());
    assert.equal(new Set([...before, ...here!]).size, total, group.join());
  }
  const rest = await behind(source.client, checkpoint);
  assert.ok(rest.length > 15);
  assert.deepEqual(await handle(t, target.client, ["$all", "all"], rest.length), rest);
  // What was parked is still parked, and can be replayed.
  const { stats } = await target.client.getPersistentSubscriptionToStreamInfo("$ce-in.D", "D");
  assert.equal(stats.parkedMessageCount, 1n);
  await target.client.replayParkedMessagesToStream("$ce-in.D", "D");
  assert.deepEqual(await handle(t, target.client, ["$ce-in.D", "D"], 1), [queue[4]]);

  // One that stood still does so there, too.
  assert.match((await target.client.getProjectionStatus("idle")).status, /Stopped$/);
});

async function checkpointOfAll(client: EventStoreDBClient, group: string): Promise<bigint> {
  const stream = `$persistentsubscription-$all::${group}-checkpoint`;
  const [last] = await all(client.readStream(stream, { direction: BACKWARDS, fromRevision: END, maxCount: 1 }));
  return BigInt(/C:(\d+)/.exec(String(last?.event?.data))![1]!);
}

/** What the group on `$all` wants, behind a place in the log. */
async function behind(client: EventStoreDBClient, position: bigint): Promise<string[]> {
  const wanted: string[] = [];
  for await (const { event } of client.readAll()) {
    if (event?.streamId === "intermediate.C" && event.position!.commit > position) wanted.push(event.id);
  }
  return wanted;
}

test(
  "export – what only some may read is in a file that its owner alone may read",
  { skip: process.platform === "win32" },
  async (t) => {
    const file = join(directoryFor(t), "everything.ndjson");
    const { server } = await runningServer(t);
    await exported(t, server.connectionString, file);
    assert.equal(statSync(file).mode & 0o777, 0o600);
  },
);

test("export – a file that cannot be written is told in a sentence, and nothing of it is left", async (t) => {
  const folder = directoryFor(t);
  const { server } = await runningServer(t);
  for (const name of ["none/everything.ndjson.gz", "none/everything.ndjson"]) {
    const file = join(folder, name);
    const { code, errors } = await running(t, "export", "--connection", server.connectionString, "--to", file).end();
    assert.match(errors, /^[^\n]* could not be written: ENOENT[^\n]*another place by --to\.\n$/);
    assert.equal(code, 1);
  }
  assert.deepEqual(readdirSync(folder), []);
});

test("import – refuses a file or a server that it cannot do with, and changes nothing", async (t) => {
  const directory = directoryFor(t);
  const file = join(directory, "whole.ndjson");
  const { client, server } = await runningServer(t);
  await client.appendToStream("a", countedUpTo(20));
  await exported(t, server.connectionString, file);
  const target = await runningServer(t);
  const whole = readFileSync(file, "utf8");
  const bad = {
    "empty.ndjson": ["", /it is empty/],
    "foreign.ndjson": ['{"some":"json"}\n', /none that was exported/],
    "text.ndjson": ["some text\n", /none that was exported/],
    "later.ndjson": [whole.replace('"version":1', '"version":2'), /version 2, and this program reads 1/],
    "short.ndjson": [whole.slice(0, whole.length / 2), /its end is missing/],
    "changed.ndjson": [whole.replace('"n\\":3', '"n\\":4'), /changed or damaged/],
    "bad.ndjson.gz": [whole, /cannot be read/],
  } as const;
  const refused = Object.entries(bad).map(async ([name, [text, about]]) => {
    writeFileSync(join(directory, name), text);
    const args = ["--from", join(directory, name), "--connection", target.server.connectionString];
    const { code, errors } = await running(t, "import", ...args).end();
    assert.equal(code, 1, name);
    assert.match(errors.trim().split("\n").at(-1)!, about, name);
  });
  await Promise.all(refused);
  assert.equal(await countOf(target.client), 0);
  // A server that has something else.
  await target.client.appendToStream("b", counted(1));
  const { code, errors } = await running(
    t,
    "import",
    "--from",
    file,
    "--connection",
    target.server.connectionString,
  ).end();
  assert.equal(code, 1);
  assert.match(errors, /The target holds what is not from this file: event 0 of stream b\./);
  assert.equal(await countOf(target.client), 1);
  // What has gone on since it was imported.
  const moved = await runningServer(t);
  await imported(t, file, moved.server.connectionString);
  assert.equal((await imported(t, file, moved.server.connectionString))["wereThere"], 20);
  await moved.client.appendToStream("a", counted(20));
  const again = await running(t, "import", "--from", file, "--connection", moved.server.connectionString).end();
  assert.equal(again.code, 1);
  assert.match(again.errors, /event 20 of stream a, behind all that is in it/);
  // And where there is no way to write the file, or something is there.
  const there = await running(t, "export", "--connection", server.connectionString, "--to", file).end();
  assert.equal(there.code, 2);
  const nowhere = join(directory, "none", "x.ndjson");
  const failed = await running(t, "export", "--connection", server.connectionString, "--to", nowhere).end();
  assert.equal(failed.code, 1);
  assert.match(failed.errors, /no such file or directory/);
});

test("export and import – Ctrl-C ends them, also where the server says nothing more", async (t) => {
  const directory = directoryFor(t);
  const file = join(directory, "whole.ndjson");
  const { client, server } = await runningServer(t);
  await client.appendToStream("a", countedUpTo(20));
  const relay = await relayTo(t, server.port);
  relay.hold();
  const connection = `esdb://127.0.0.1:${relay.port}?tls=false`;
  const exporting = running(t, "export", "--connection", connection, "--to", file);
  await until("it has begun", () => readdirSync(directory).length > 0);
  exporting.child.kill("SIGINT");
  const ended = await exporting.end();
  assert.deepEqual([ended.code, ended.lines], [130, ["cancelled; nothing is left of it"]]);
  assert.deepEqual(readdirSync(directory), []);
  await exported(t, server.connectionString, file);
  const importing = running(t, "import", "--from", file, "--connection", connection);
  await once(importing.child.stderr, "data");
  importing.child.kill("SIGINT");
  const { code, lines } = await importing.end();
  assert.deepEqual([code, lines], [130, ["cancelled; start it again, and it goes on"]]);
});
