import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { promisify } from "node:util";
import { type Client, type ClientReadableStream, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { binaryEvent } from "@eventstore/db-client";
import { monitoringService } from "../../src/grpc/wire/monitoring.ts";
import { operationsService } from "../../src/grpc/wire/operations.ts";
import { startEmbedded } from "../../src/index.ts";
import { temporaryDirectory } from "../log/temporary.ts";
import { basic, callBare, secureServer } from "../security/secure-server.ts";
import { all, bareClient, clientOf, countedUpTo, runningServer } from "./running-server.ts";
import { until } from "../until.ts";

interface Scavenged {
  readonly scavengeId: string;
  readonly scavengeResult: string;
}

type Unary = (request: object) => Promise<unknown>;

function operationsOf(t: TestContext, server: { host: string; port: number }) {
  const client = bareClient(t, server, operationsService as never) as Client & Record<string, Function>;
  const call = (name: string) => promisify(client[name]!.bind(client)) as Unary;
  return {
    start: (options = {}) => call("startScavenge")({ options }) as Promise<Scavenged>,
    stop: (scavengeId: string) => call("stopScavenge")({ options: { scavengeId } }) as Promise<Scavenged>,
    ask: (name: string) => call(name)({}),
  };
}

const endsOf = async (client: ReturnType<typeof clientOf>) =>
  (await all(client.readStream("$scavenges", { resolveLinkTos: true })))
    .map(({ event }) => event!)
    .filter(({ type }) => type === "$scavengeCompleted")
    .map(({ data }) => data as { scavengeId: string; result: string; spaceSaved: number; eventsRemoved: number });

test("operations – a scavenge gives space back, and is on record with start and end", async (t) => {
  const { server, client } = await runningServer(t);
  const operations = operationsOf(t, server);
  await client.appendToStream("s", countedUpTo(1000));
  await client.setStreamMetadata("s", { maxCount: 10 });
  const started = await operations.start();
  assert.equal(started.scavengeResult, "Started");
  await until("it has ended", async () => (await endsOf(client).catch(() => [])).length === 1);
  const events = (await all(client.readStream("$scavenges", { resolveLinkTos: true }))).map(({ event }) => event!);
  const stream = `$scavenges-${started.scavengeId}`;
  assert.deepEqual(
    events.map(({ streamId, type }) => [streamId, type]),
    [
      [stream, "$scavengeStarted"],
      [stream, "$scavengeCompleted"],
    ],
  );
  const [end] = await endsOf(client);
  assert.deepEqual([end!.scavengeId, end!.result], [started.scavengeId, "Success"]);
  assert.ok(end!.eventsRemoved >= 990 && end!.spaceSaved > 990 * 20, JSON.stringify(end));
  assert.deepEqual((await client.getStreamMetadata("$scavenges")).metadata?.maxAge, 2_592_000);
  assert.equal((await all(client.readStream("s"))).length, 10);
  await assert.rejects(operations.stop(started.scavengeId), (error: ServiceError) => {
    assert.equal(error.code, status.NOT_FOUND);
    assert.equal(error.metadata.get("exception")[0], "scavenge-not-found");
    assert.equal(error.metadata.get("scavenge-id")[0], started.scavengeId);
    return true;
  });
  await assert.rejects(operations.start({ threadCount: -1 }), { code: status.INVALID_ARGUMENT });
});

/** Streams enough that a scavenge takes many steps, written by few appends. */
async function fill(client: ReturnType<typeof clientOf>, streams: number): Promise<void> {
  const bodies = () => Array.from({ length: 3 }, () => binaryEvent({ type: "T", data: Buffer.alloc(10) }));
  await Promise.all(
    Array.from({ length: streams }, async (_, i) => {
      await client.appendToStream(`many-${i}`, bodies());
      await client.setStreamMetadata(`many-${i}`, { maxCount: 1 });
    }),
  );
}

test("operations – one scavenge at a time, which can be stopped", async (t) => {
  const { server, client } = await runningServer(t);
  const operations = operationsOf(t, server);
  await fill(client, 1000);
  const first = await operations.start();
  const second = await operations.start();
  assert.deepEqual(second, { scavengeId: first.scavengeId, scavengeResult: "InProgress" });
  assert.deepEqual(await operations.stop(first.scavengeId), { ...first, scavengeResult: "Stopped" });
  const [end] = await endsOf(client);
  assert.equal(end!.result, "Stopped");
  assert.ok(end!.eventsRemoved < 2000, `${end!.eventsRemoved} of 2000 removed`);
  const next = await operations.start();
  assert.equal(next.scavengeResult, "Started");
  await until("the next one has ended", async () => (await endsOf(client)).length === 2);
  const [, last] = await endsOf(client);
  assert.equal(last!.result, "Success");
  assert.equal(end!.eventsRemoved + last!.eventsRemoved, 2000);
});

test("operations – a scavenge ends with its server, and one that was cut off is given its end at the next start", async (t) => {
  const data = temporaryDirectory(t);
  const first = await startEmbedded({ data, port: 0 });
  await fill(clientOf(t, first.connectionString), 300);
  await operationsOf(t, first).start();
  await first.stop();
  const second = await startEmbedded({ data, port: 0 });
  const client = clientOf(t, second.connectionString);
  assert.deepEqual(
    (await endsOf(client)).map(({ result }) => result),
    ["Stopped"],
  );
  // As a server leaves it that is killed right behind the start.
  const link = binaryEvent({ type: "$>", data: Buffer.from("0@$scavenges-cut") });
  await client.appendToStream("$scavenges-cut", binaryEvent({ type: "$scavengeStarted", data: Buffer.alloc(1) }));
  await client.appendToStream("$scavenges", link);
  await second.stop();
  for (let start = 0; start < 2; start++) {
    const third = await startEmbedded({ data, port: 0 });
    const ends = await endsOf(clientOf(t, third.connectionString));
    assert.deepEqual(
      ends.map(({ result }) => result),
      ["Stopped", "Interrupted"],
    );
    await third.stop();
  }
});

test("operations – a client can ask the server to stop, and is answered first", async (t) => {
  const { server } = await runningServer(t);
  await operationsOf(t, server).ask("shutdown");
  await server.stopped;
});

test("operations – what a single node has nothing to do for is done at once", async (t) => {
  const { server, client } = await runningServer(t);
  const operations = operationsOf(t, server);
  for (const name of ["mergeIndexes", "resignNode", "setNodePriority", "restartPersistentSubscriptions"]) {
    await operations.ask(name);
  }
  await client.appendToStream("s", countedUpTo(1));
});

test("operations – only operators may, and figures are for whoever has logged in", async (t) => {
  const server = await secureServer();
  t.after(() => server.stop());
  const ask = (method: string, login?: string) =>
    callBare(server, operationsService as never, method, {}, login === undefined ? undefined : basic(login));
  assert.equal((await ask("startScavenge")).error?.code, status.PERMISSION_DENIED);
  assert.equal((await ask("mergeIndexes", "ops")).error, undefined);
  assert.equal((await ask("startScavenge", "ops")).error, undefined);
  assert.equal((await ask("shutdown")).error?.code, status.PERMISSION_DENIED);
});

test("monitoring – figures come again and again, until the client has enough", async (t) => {
  const { server, client } = await runningServer(t);
  const bare = bareClient(t, server, monitoringService as never) as Client & Record<string, Function>;
  const call = bare["stats"]!({ refreshTimePeriodInMs: 1 }, new Metadata()) as ClientReadableStream<{
    stats: ReadonlyMap<string, string>;
  }>;
  const seen: ReadonlyMap<string, string>[] = [];
  call.on("data", ({ stats }) => seen.push(stats));
  call.on("error", () => {});
  await until("two have come", () => seen.length >= 2);
  await client.appendToStream("s", countedUpTo(5));
  const events = () => Number(seen.at(-1)!.get("disk-events"));
  const before = Number(seen[0]!.get("disk-events"));
  await until("the append is seen", () => events() >= before + 5);
  assert.ok(Number(seen[0]!.get("process-residentBytes")) > 1e6);
  call.cancel();
});
