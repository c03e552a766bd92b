import assert from "node:assert/strict";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect as connectHttp2, constants, createServer, type ServerHttp2Stream } from "node:http2";
import { type AddressInfo, connect } from "node:net";
import { addAbortSignal } from "node:stream";
import { after, test } from "node:test";
import {
  binaryEvent,
  EventStoreDBClient,
  jsonEvent,
  persistentSubscriptionToStreamSettingsFromDefaults,
  StreamNotFoundError,
  WrongExpectedVersionError,
} from "@eventstore/db-client";
import { startEmbedded } from "@sluice/embedded";
import { appendReq } from "@sluice/embedded/client";
import { until } from "../until.ts";
import { bench } from "./bench.ts";
import { startFaultProxy } from "./fault-proxy.ts";
import { framed } from "./messages.ts";

const event = (n: number) => jsonEvent({ type: "counted", data: { n } });
const events = (count: number) => Array.from({ length: count }, (_, n) => event(n));

test("forwarding – appends and reads, with the server's own errors", async () => {
  await using system = await bench();
  const { client, proxy } = system;
  await client.appendToStream("numbers", events(3), { expectedRevision: "no_stream" });
  await client.appendToStream("numbers", event(3), { credentials: { username: "admin", password: "changeit" } });
  const seen: unknown[] = [];
  for await (const { event } of client.readStream("numbers")) seen.push(event?.data);
  assert.deepEqual(seen, [{ n: 0 }, { n: 1 }, { n: 2 }, { n: 3 }]);
  await assert.rejects(
    client.appendToStream("numbers", event(0), { expectedRevision: "no_stream" }),
    (error) => error instanceof WrongExpectedVersionError && error.actualVersion === 3n,
  );
  await assert.rejects(async () => {
    for await (const _ of client.readStream("missing"));
  }, StreamNotFoundError);
  const methods = new Set(proxy.calls.map(({ method, outcome }) => `${outcome} ${method.split(".").at(-1)}`));
  assert.deepEqual(
    [...methods],
    [
      "forwarded ServerFeatures/GetSupportedMethods",
      "forwarded Streams/BatchAppend",
      "forwarded Streams/Append",
      "forwarded Streams/Read",
    ],
  );
});

test("forwarding – events larger than any window, many at once, to a reader who takes his time", async () => {
  await using system = await bench();
  const { client } = system;
  const bodies = Array.from({ length: 24 }, () => randomBytes(700_000));
  const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
  for (const data of bodies) await client.appendToStream("large", binaryEvent({ type: "large", data }));
  const reader = client.readStream("large");
  await once(reader, "readable");
  // The stream that waits does not hold up others of the connection.
  await client.appendToStream("numbers", event(0));
  const seen: string[] = [];
  for await (const { event } of reader) seen.push(digest(event?.data as Uint8Array));
  assert.deepEqual(seen, bodies.map(digest));
});

test("forwarding – a catch-up subscription goes from history to what is new, and ends", async () => {
  await using system = await bench();
  const { client, direct } = system;
  await client.appendToStream("numbers", events(500));
  const subscription = client.subscribeToStream("numbers");
  let seen = 0;
  for await (const { event } of subscription) {
    if (event === undefined) continue;
    assert.equal(event.revision, BigInt(seen++));
    if (seen === 500) await direct.appendToStream("numbers", events(50));
    if (seen === 550) break;
  }
  await subscription.unsubscribe();
});

test("forwarding – a persistent subscription with acks and parking", async () => {
  await using system = await bench();
  const { client, direct } = system;
  const settings = persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: "start" });
  await client.createPersistentSubscriptionToStream("numbers", "group", settings);
  await client.appendToStream("numbers", events(60));
  const subscription = client.subscribeToPersistentSubscriptionToStream("numbers", "group", { bufferSize: 5 });
  const confirmed = once(subscription, "confirmation");
  let seen = 0;
  for await (const delivery of subscription) {
    if (delivery.event?.revision === 7n) await subscription.nack("park", "seven", delivery);
    else await subscription.ack(delivery);
    if (++seen === 60) break;
  }
  await confirmed;
  await until(async () => {
    const { stats } = await client.getPersistentSubscriptionToStreamInfo("numbers", "group");
    return Number(stats.parkedMessageCount) === 1 && Number(stats.totalInFlightMessages) === 0 ? true : undefined;
  });
  const parked: string[] = [];
  for await (const { event } of direct.readStream("$persistentsubscription-numbers::group-parked")) {
    parked.push(Buffer.from(event?.data as Uint8Array).toString());
  }
  assert.deepEqual(parked, ["7@numbers"]);
  await subscription.unsubscribe();
});

test("forwarding – projection management", async () => {
  await using system = await bench();
  const { client } = system;
  await client.createProjection("count", "fromStream('numbers').when({ $init: () => 0, counted: (s) => s + 1 })");
  await client.appendToStream("numbers", events(10));
  await until(async () => ((await client.getProjectionState("count")) === 10 ? true : undefined));
  await client.disableProjection("count");
  const names = (await client.listProjections()).map(({ name }) => name);
  assert.ok(names.includes("count"));
});

test("forwarding – a client with several seeds is told the proxy's address, not the server's", async () => {
  await using system = await bench();
  const { proxy, server } = system;
  const hosts = [`127.0.0.1:${proxy.port}`, `127.0.0.1:${proxy.port}`].join(",");
  const client = EventStoreDBClient.connectionString(`esdb://${hosts}?tls=false`);
  await client.appendToStream("numbers", event(0));
  await client.dispose();
  assert.notEqual(proxy.port, server.port);
  assert.ok(proxy.calls.some(({ method }) => method.endsWith("Gossip/Read")));
  assert.ok(proxy.calls.some(({ method }) => method.endsWith("BatchAppend")));
});

test("forwarding – a call that the client gives up is reset on the server", async () => {
  const server = createServer().listen({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  const proxy = await startFaultProxy({ target: (server.address() as AddressInfo).port });
  const session = connectHttp2(`http://127.0.0.1:${proxy.port}`);
  const call = session.request({ ":method": "POST", ":path": "/some.Service/Call" }).on("error", () => {});
  call.end(framed(Buffer.from("request")));
  const [stream] = (await once(server, "stream")) as [ServerHttp2Stream];
  stream.on("error", () => {}).respond();
  await once(call, "response");
  addAbortSignal(AbortSignal.abort(), call);
  await new Promise((resolve) => stream.once("close", resolve));
  assert.equal(stream.rstCode, constants.NGHTTP2_CANCEL);
  session.destroy();
  await proxy[Symbol.asyncDispose]();
  server.close();
});

for (const what of ["the call", "the connection"] as const) {
  test(`forwarding – what a client has begun to append is not stored when it gives up ${what}`, async () => {
    await using system = await bench();
    const { client, direct, proxy } = system;
    const value = { streamIdentifier: "numbers", expectedStreamRevision: { case: "any" } } as const;
    const metadata: [string, string][] = [
      ["type", "counted"],
      ["content-type", "application/json"],
    ];
    const proposal = { id: randomUUID(), metadata, customMetadata: Buffer.alloc(0), data: Buffer.from('{"n":0}') };
    const session = connectHttp2(`http://127.0.0.1:${proxy.port}`).on("error", () => {});
    const call = session.request({
      ":method": "POST",
      ":path": "/event_store.client.streams.Streams/Append",
      "content-type": "application/grpc",
      te: "trailers",
    });
    call.on("error", () => {});
    call.write(framed(appendReq.encode({ content: { case: "options", value } })));
    call.write(framed(appendReq.encode({ content: { case: "proposedMessage", value: proposal } })));
    await until(async () => (proxy.calls.at(-1)?.outcome === "forwarded" ? true : undefined));
    const closed = new Promise((resolve) => call.once("close", resolve));
    // Its method `close` would end the request before.
    if (what === "the call") addAbortSignal(AbortSignal.abort(), call);
    else session.destroy();
    await closed;
    await client.appendToStream("numbers", event(1), { expectedRevision: "no_stream" });
    for await (const { event } of direct.readStream("numbers")) assert.deepEqual(event?.data, { n: 1 });
    session.destroy();
  });
}

test("forwarding – the end of the server ends the connection", async () => {
  await using system = await bench();
  const { client, proxy, server } = system;
  await client.appendToStream("numbers", event(0));
  const idle = connectHttp2(`http://127.0.0.1:${proxy.port}`);
  const used = idle.request({ ":method": "POST", ":path": "/no.Such/Call" }).resume();
  used.end();
  await once(used, "close");
  const closed = once(idle, "close");
  await server.stop();
  await closed;
  await assert.rejects(client.appendToStream("numbers", event(1)));
  const other = await startEmbedded({ memory: true, port: 0 });
  after(() => other.stop());
  proxy.retarget(other.port);
  await until(() => client.appendToStream("numbers", event(2)).catch(() => undefined));
});

for (const state of ["as usual", "suspended", "with a call that is held"] as const) {
  test(`forwarding – the end of the proxy leaves nothing open: ${state}`, async () => {
    const server = await startEmbedded({ memory: true, port: 0 });
    after(() => server.stop());
    const handles = () => process.getActiveResourcesInfo().filter((name) => name.startsWith("TCP")).length;
    const before = handles();
    const proxy = await startFaultProxy({ target: server.port });
    const client = EventStoreDBClient.connectionString(proxy.connectionString);
    const subscription = client.subscribeToAll();
    subscription.on("error", () => {});
    await once(subscription, "confirmation");
    if (state === "suspended") proxy.suspended();
    if (state === "with a call that is held") {
      proxy.script({ method: "BatchAppend", fault: { kind: "freeze until", promise: new Promise(() => {}) } });
      client.appendToStream("numbers", event(0)).catch(() => {});
      await until(async () => (proxy.calls.at(-1)?.outcome === "freeze until" ? true : undefined));
    }
    await proxy[Symbol.asyncDispose]();
    await client.dispose();
    const socket = connect(proxy.port, "127.0.0.1");
    await assert.rejects(once(socket, "connect"), { code: "ECONNREFUSED" });
    await until(async () => (handles() <= before ? true : undefined));
  });
}
