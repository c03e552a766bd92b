import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test, type TestContext } from "node:test";
import {
  type AppendRecordInput,
  type AppendStreamRequest,
  binaryEvent,
  type CaughtUp,
  type FellBehind,
  jsonEvent,
  streamNameFilter,
} from "@kurrent/kurrentdb-client";
import { kurrentdbClient, type NewClient } from "./kurrentdb-client.ts";
import { all, atEnd, isSince, numbersOf, startedServer } from "./official-client.ts";
import { relayTo } from "./relay.ts";
import { until } from "../until.ts";

async function connected(t: TestContext): Promise<NewClient> {
  const { connectionString } = await startedServer(t, { compat: 25 });
  return kurrentdbClient.connect(t, connectionString) as unknown as NewClient;
}

/** Without what the test's own client calls differently. */
const append = (client: NewClient, stream: string, ...ns: number[]) =>
  client.appendToStream(
    stream,
    ns.map((n) => event(n)),
  );

const event = (n: number, id: string = randomUUID()) => jsonEvent({ id, type: "Counted", data: { n } });
const request = (streamName: string, expectedState: AppendStreamRequest["expectedState"], ...ns: number[]) => ({
  streamName,
  expectedState,
  events: ns.map((n) => event(n)),
});
const record = (streamName: string, n: number, id?: string): AppendRecordInput => ({
  streamName,
  record: event(n, id),
});

const read = async (client: NewClient, stream: string): Promise<unknown[]> => {
  const events = await all(client.readStream(stream)).catch((error: { type?: string }) => {
    if (error.type === "stream-not-found") return [];
    throw error;
  });
  return numbersOf(events);
};

test("multi-stream append – goes to all streams at once, and answers where each of them ends", async (t) => {
  const client = await connected(t);
  await append(client, "a", 0);
  const result = await client.multiStreamAppend([
    request("a", 0n, 1, 2),
    request("b", "no_stream", 3),
    request("c", "any", 4),
  ]);
  assert.deepEqual(result.responses, [
    { streamName: "a", revision: 2n },
    { streamName: "b", revision: 0n },
    { streamName: "c", revision: 0n },
  ]);
  assert.deepEqual([await read(client, "a"), await read(client, "b"), await read(client, "c")], [[0, 1, 2], [3], [4]]);
  const [last] = await all(client.readStream("c"));
  assert.equal(last?.event?.position?.commit, result.position);
});

test("multi-stream append – metadata and schema come back as the event's metadata", async (t) => {
  const client = await connected(t);
  const json = jsonEvent({ type: "Placed", data: { a: [1] }, metadata: { tenant: "é", $correlationId: "7" } });
  const binary = binaryEvent({ type: "Scanned", data: Buffer.from([0, 255]) });
  await client.multiStreamAppend([{ streamName: "s", expectedState: "any", events: [json, binary] }]);
  const [first, second] = (await all(client.readStream("s"))).map(({ event }) => event!);
  assert.deepEqual([first!.id, first!.type, first!.isJson, first!.data], [json.id, "Placed", true, { a: [1] }]);
  assert.deepEqual(first!.metadata, {
    tenant: "é",
    $correlationId: "7",
    "$schema.name": "Placed",
    "$schema.format": "Json",
  });
  assert.deepEqual(
    [second!.id, second!.isJson, Buffer.from(second!.data as Uint8Array)],
    [binary.id, false, Buffer.from([0, 255])],
  );
});

test("multi-stream append – one stream that is elsewhere keeps all from being written", async (t) => {
  const client = await connected(t);
  await append(client, "a", 0);
  const conflicts = [
    [request("a", "no_stream", 1), { streamName: "a", expectedState: "no_stream", actualState: 0n }],
    [request("a", 7n, 1), { streamName: "a", expectedState: 7n, actualState: 0n }],
    [request("c", "stream_exists", 1), { streamName: "c", expectedState: "stream_exists", actualState: "no_stream" }],
  ] as const;
  for (const [refused, expected] of conflicts) {
    await assert.rejects(client.multiStreamAppend([request("b", "any", 1), refused]), {
      type: "wrong-expected-version",
      ...expected,
    });
  }
  await client.tombstoneStream("gone");
  await assert.rejects(client.multiStreamAppend([request("b", "any", 1), request("gone", "any", 1)]), {
    type: "stream-tombstoned",
    stream: "gone",
  });
  assert.deepEqual([await read(client, "a"), await read(client, "b")], [[0], []]);
});

test("multi-stream append – a repeat is recognized, one by half is refused", async (t) => {
  const client = await connected(t);
  const both = [request("a", "no_stream", 1, 2), request("b", "any", 3)];
  const first = await client.multiStreamAppend(both);
  assert.deepEqual(await client.multiStreamAppend(both), first);
  await assert.rejects(client.multiStreamAppend([both[0]!, request("c", "any", 4)]), {
    type: "wrong-expected-version",
  });
  assert.deepEqual([await read(client, "a"), await read(client, "c")], [[1, 2], []]);
});

test("multi-stream append – what is too large, twice, or nothing at all is refused", async (t) => {
  const client = await connected(t);
  const large = (size: number) => binaryEvent({ type: "T", data: Buffer.alloc(size) });
  const to = (streamName: string, ...events: ReturnType<typeof large>[]) =>
    ({ streamName, expectedState: "any", events }) as const;
  const tooLarge = large(1024 * 1024 + 1);
  await assert.rejects(client.multiStreamAppend([to("a", large(1)), to("b", tooLarge)]), {
    type: "append-record-size-exceeded",
    stream: "b",
    recordId: tooLarge.id,
    size: 1024 * 1024 + 1,
    maxSize: 1024 * 1024,
  });
  const megabytes = Array.from({ length: 9 }, () => large(1024 * 1024));
  await assert.rejects(client.multiStreamAppend([to("a", ...megabytes), to("b", ...megabytes)]), {
    type: "transaction-max-size-exceeded",
    maxSize: 16 * 1024 * 1024,
  });
  await assert.rejects(client.multiStreamAppend([to("a", large(1)), to("a", large(1))]), { code: 10 });
  await assert.rejects(client.multiStreamAppend([to("a", large(1)), to("b")]), { code: 9 });
  await assert.rejects(client.multiStreamAppend([]), { code: 9 });
  await assert.rejects(client.multiStreamAppend([to("", large(1))]), { code: 3 });
  await assert.rejects(client.multiStreamAppend([to("a", { ...large(1), id: "no id" })]), { code: 3 });
  await assert.rejects(client.multiStreamAppend([to("a", { ...large(1), type: "" })]), { code: 3 });
  assert.deepEqual(await read(client, "a"), []);
});

test("multi-stream append – whoever may not write to one of the streams writes to none", async (t) => {
  const { port, tlsCAFile } = await startedServer(t, { compat: 25, tls: true });
  const clientOf = (login: string) => {
    const address = `esdb://${login}:changeit@127.0.0.1:${port}?tls=true&tlsCAFile=${encodeURIComponent(tlsCAFile!)}`;
    return kurrentdbClient.connect(t, address) as unknown as NewClient;
  };
  const admin = clientOf("admin");
  await admin.setStreamMetadata("closed", { acl: { writeRoles: ["$admins"] } });
  const both = [request("open", "any", 1), request("closed", "any", 2)];
  await assert.rejects(clientOf("ops").multiStreamAppend(both), { type: "access-denied" });
  await assert.rejects(clientOf("ops").appendRecords([record("open", 1), record("closed", 2)]), {
    type: "access-denied",
  });
  assert.deepEqual(await read(admin, "open"), []);
  await admin.multiStreamAppend(both);
  assert.deepEqual([await read(admin, "open"), await read(admin, "closed")], [[1], [2]]);
});

test("multi-stream append – a server that is killed has all of an append or nothing, and what it acknowledged", async (t) => {
  const data = await mkdtemp(join(tmpdir(), "sluice-multi-"));
  atEnd(t, () => rm(data, { recursive: true, force: true }));
  const acknowledged = new Set<number>();
  const streams = Array.from({ length: 8 }, (_, i) => `s-${i}`);
  let next = 0;
  for (let life = 0; life < 4; life++) {
    const { client, kill } = await startedProcess(t, data);
    const [first, ...others] = await Promise.all(streams.map((stream) => read(client, stream)));
    for (const other of others) assert.deepEqual(other, first);
    assert.deepEqual(
      [...acknowledged].filter((n) => !first!.includes(n)),
      [],
    );
    if (life === 3) break;
    const enough = acknowledged.size + 60;
    // Each goes on until the server is gone.
    const writers = Array.from({ length: 8 }, async () => {
      for (;;) {
        const n = next++;
        await client.multiStreamAppend(streams.map((stream) => request(stream, "any", n)));
        acknowledged.add(n);
        // Not at once: all writers are at the same point then.
        if (acknowledged.size === enough) setTimeout(() => void kill(), 5 + 11 * life);
      }
    });
    await Promise.allSettled(writers);
  }
  assert.ok(acknowledged.size >= 180, `${acknowledged.size} acknowledged`);
});

/** The server as it is run from the command line, and how to kill it. */
async function startedProcess(t: TestContext, data: string): Promise<{ client: NewClient; kill: () => Promise<void> }> {
  const main = join(import.meta.dirname, "../../src/cli/main.ts");
  const args = ["--conditions=sluice-source", main, "--port", "0", "--data", data, "--compat", "25", "--json"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await exited;
  };
  atEnd(t, kill);
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const { connectionString } = JSON.parse(line) as { connectionString: string };
  return { client: kurrentdbClient.connect(t, connectionString) as unknown as NewClient, kill };
}

test("append records – mixed as they come, in the order given", async (t) => {
  const client = await connected(t);
  const result = await client.appendRecords([record("a", 1), record("b", 2), record("a", 3)]);
  assert.deepEqual(result.responses, [
    { streamName: "a", revision: 1n },
    { streamName: "b", revision: 0n },
  ]);
  const written = (await all(client.readAll())).filter(({ event }) => event?.type === "Counted");
  assert.deepEqual(
    written.map((one) => [one.event?.streamId, ...numbersOf([one])]),
    [
      ["a", 1],
      ["b", 2],
      ["a", 3],
    ],
  );
  assert.equal(written.at(-1)?.event?.position?.commit, result.position);
});

test("append records – checks hold for streams that are written and for others; all that do not are named", async (t) => {
  const client = await connected(t);
  await append(client, "a", 0);
  await append(client, "deleted", 0);
  await client.deleteStream("deleted");
  const check = (streamName: string, expectedState: AppendStreamRequest["expectedState"]) =>
    ({ type: "stream_state", streamName, expectedState }) as const;
  const checks = [check("a", "no_stream"), check("b", "no_stream"), check("deleted", "stream_exists"), check("c", 3n)];
  await assert.rejects(client.appendRecords([record("b", 1)], checks), {
    type: "append-consistency-violation",
    violations: [
      { checkIndex: 0, streamName: "a", expectedState: "no_stream", actualState: 0n },
      { checkIndex: 2, streamName: "deleted", expectedState: "stream_exists", actualState: -5n },
      { checkIndex: 3, streamName: "c", expectedState: 3n, actualState: "no_stream" },
    ],
  });
  assert.deepEqual(await read(client, "b"), []);
  const id = randomUUID();
  const held = [check("a", 0n), check("b", "no_stream"), check("c", "any")];
  const first = await client.appendRecords([record("b", 1, id)], held);
  assert.deepEqual(await client.appendRecords([record("b", 1, id)], held), first, "a repeat is recognized");
  await assert.rejects(client.appendRecords([record("b", 2)], [check("b", "no_stream")]), {
    type: "append-consistency-violation",
  });
  await assert.rejects(client.appendRecords([]), { code: 9 });
});

test("subscriptions – catching up and falling behind are told with time and place", async (t) => {
  const { connectionString, port } = await startedServer(t, { compat: 25 });
  const client = kurrentdbClient.connect(t, connectionString) as unknown as NewClient;
  const begin = Date.now();
  const relay = await relayTo(t, port);
  const behind = kurrentdbClient.connect(t, `esdb://127.0.0.1:${relay.port}?tls=false`) as unknown as NewClient;
  await append(client, "s", 0, 1, 2);
  const told: ["caughtUp" | "fellBehind", CaughtUp | FellBehind][] = [];
  const checkpoints: bigint[] = [];
  const filter = streamNameFilter({
    prefixes: ["s"],
    checkpointInterval: 1,
    checkpointReached: (_subscription, { commit }) => void checkpoints.push(commit),
  });
  for (const subscription of [behind.subscribeToStream("s"), behind.subscribeToAll({ filter })]) {
    subscription.on("data", () => {});
    subscription.on("caughtUp", (info) => told.push(["caughtUp", info]));
    subscription.on("fellBehind", (info) => told.push(["fellBehind", info]));
  }
  await until("both have caught up", () => told.length === 2);
  for (const [, { date }] of told) assert.ok(isSince(begin, date!), String(date));
  const revisions = told.map(([, info]) => info.revision);
  assert.ok(revisions.includes(2n), "the one to the stream says its revision");
  const place = told.find(([, { position }]) => position !== undefined)?.[1].position;
  // Whoever goes on from there misses nothing and gets nothing twice.
  const { position } = await append(client, "s", 3);
  const [next] = await all(client.readAll({ fromPosition: place!, filter: streamNameFilter({ prefixes: ["s"] }) }));
  assert.equal(next?.event?.position?.commit, position?.commit);
  relay.hold();
  const text = "x".repeat(50_000);
  for (let i = 0; i < 5; i++) {
    await client.appendToStream(
      "s",
      Array.from({ length: 20 }, () => jsonEvent({ type: "T", data: { text } })),
    );
  }
  relay.release();
  await until("both fell behind and have caught up", () => told.length >= 6);
  assert.deepEqual(
    told
      .slice(2)
      .map(([what]) => what)
      .sort(),
    ["caughtUp", "caughtUp", "fellBehind", "fellBehind"],
  );
  assert.ok(told.some(([, { revision }]) => revision === 103n));
  assert.ok(checkpoints.length > 0);
});

test("the server – says that it is 25.1", async (t) => {
  const client = (await connected(t)) as unknown as { capabilities: Promise<{ serverVersion: string }> };
  assert.equal((await client.capabilities).serverVersion, "25.1.0");
});
