import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { EventStoreDBClient, UnavailableError } from "@eventstore/db-client";
import { status } from "@grpc/grpc-js";
import { CallFailure, failureOf, streamDeleted } from "../../src/grpc/errors.ts";
import { HostUnusableError, PortInUseError } from "../../src/grpc/listen-errors.ts";
import { startEmbedded } from "../../src/index.ts";
import { WriteFailedError } from "../../src/log/errors.ts";
import { all, clientOf, counted, countedUpTo, runningServer } from "./running-server.ts";
import { until } from "../until.ts";

test("server – a port in use is named, with what to do", async (t) => {
  const { server } = await runningServer(t);
  await assert.rejects(startEmbedded({ memory: true, port: server.port }), (error) => {
    assert.ok(error instanceof PortInUseError);
    assert.equal(error.port, server.port);
    assert.equal(error.host, "127.0.0.1");
    assert.match(error.message, /in use.*another port/);
    return true;
  });
});

test("server – a host that is none of this machine's is named", async () => {
  await assert.rejects(
    startEmbedded({ memory: true, port: 0, host: "203.0.113.7", insecure: true }),
    HostUnusableError,
  );
});

test("server – a client that discovers nodes finds this one where it asked", async (t) => {
  const { server } = await runningServer(t);
  const client = clientOf(t, `esdb+discover://localhost:${server.port}?tls=false`);
  await client.appendToStream("s", counted(1));
  assert.equal((await all(client.readStream("s"))).length, 1);
});

test("server – what was written is there after a stop and a start on the same directory", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "sluice-server-"));
  t.after(() => rm(directory, { recursive: true, force: true }));
  for (let round = 1; round <= 3; round++) {
    const server = await startEmbedded({ data: directory, port: 0 });
    const client = EventStoreDBClient.connectionString(server.connectionString);
    await client.appendToStream("s", counted(round));
    const numbers = (await all(client.readStream("s"))).map(({ event }) => (event!.data as { n: number }).n);
    assert.deepEqual(
      numbers,
      Array.from({ length: round }, (_, i) => i + 1),
    );
    await client.dispose();
    await server.stop();
  }
});

test("server – a stop ends subscriptions with an error that lets the client connect again", async (t) => {
  const { server, client } = await runningServer(t);
  await client.appendToStream("s", countedUpTo(3));
  const errors: unknown[] = [];
  let caughtUp = 0;
  for (const subscription of [client.subscribeToStream("s"), client.subscribeToAll()]) {
    subscription.on("error", (error: unknown) => errors.push(error));
    subscription.on("data", () => {});
    subscription.on("caughtUp", () => caughtUp++);
  }
  await until("both are live", () => caughtUp === 2);
  await server.stop();
  await until("both have ended", () => errors.length === 2);
  for (const error of errors) {
    assert.ok(error instanceof UnavailableError, String(error));
    assert.match(error.message, /shutting down/);
  }
  await assert.rejects(client.appendToStream("s", counted(4)));
});

test("server – stopping twice is stopping once", async (t) => {
  const { server } = await runningServer(t);
  await Promise.all([server.stop(), server.stop()]);
});

test("server – failures that are not meant for the client tell it nothing", () => {
  const failure = failureOf(new Error("secret"));
  assert.equal(failure.code, status.UNKNOWN);
  assert.equal(failure.details, "Exception was thrown by handler.");
  assert.deepEqual(failure.metadata.getMap(), {});
});

test("server – a disk that refuses is said to, as something to wait for", () => {
  const failure = failureOf(new WriteFailedError());
  assert.equal(failure.code, status.UNAVAILABLE);
  assert.match(failure.details, /did not reach the disk/);
});

test("server – trailers name the stream in ASCII", () => {
  const { metadata, details } = streamDeleted("ž\n🐎-1");
  assert.deepEqual(metadata.getMap(), { exception: "stream-deleted", "stream-name": "%C5%BE%0A%F0%9F%90%8E-1" });
  assert.equal(details, "Event stream 'ž\n🐎-1' is deleted.");
  assert.equal(new CallFailure(status.UNKNOWN, "half \ud83d").details, "half \ufffd");
});
