import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { test, type TestContext } from "node:test";
import { jsonEvent, PARK, persistentSubscriptionToStreamSettingsFromDefaults, START } from "@eventstore/db-client";
import { HttpPortUnusableError } from "../../src/http/http-port-error.ts";
import { startHttpServer } from "../../src/http/http-server.ts";
import type { Statistics } from "../../src/http/statistics.ts";
import { type Embedded, startEmbedded } from "../../src/index.ts";
import { clientOf, countedUpTo } from "../grpc/running-server.ts";
import { until } from "../until.ts";

async function served(t: TestContext): Promise<{ server: Embedded; url: (path: string) => string }> {
  const server = await startEmbedded({ memory: true, port: 0, http: { port: 0 } });
  t.after(() => server.stop());
  return { server, url: (path) => `http://127.0.0.1:${server.http!.port}${path}` };
}

const statsOf = async (url: string) => (await (await fetch(url)).json()) as Statistics;

/** Value of each sample by its name and labels. */
async function samplesOf(url: string): Promise<Map<string, number>> {
  const text = await (await fetch(url)).text();
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(" ");
      return [line.slice(0, at), Number(line.slice(at + 1))] as const;
    }),
  );
}

test("http – nothing is served unless it is asked for", async (t) => {
  const server = await startEmbedded({ memory: true, port: 0 });
  t.after(() => server.stop());
  assert.equal(server.http, undefined);
});

test("http – a server that runs lives and is ready", async (t) => {
  const { url } = await served(t);
  for (const [path, body] of [
    ["/health/live", { status: "live" }],
    ["/health/ready", { status: "ready" }],
  ] as const) {
    const response = await fetch(url(path));
    assert.deepEqual([response.status, await response.json()], [200, body]);
  }
  const head = await fetch(url("/health/ready"), { method: "HEAD" });
  assert.deepEqual([head.status, await head.text()], [200, ""]);
  assert.equal((await fetch(url("/nothing"))).status, 404);
  assert.equal((await fetch(url("/stats"), { method: "POST", body: "x" })).status, 405);
});

test("http – while it starts or stops the server lives, but is not ready", async (t) => {
  let statistics: Statistics | undefined;
  const http = await startHttpServer({ host: "127.0.0.1", port: 0, statistics: () => statistics });
  t.after(() => http.stop());
  const statusOf = async (path: string) => (await fetch(`http://127.0.0.1:${http.port}${path}`)).status;
  assert.deepEqual([await statusOf("/health/live"), await statusOf("/health/ready")], [200, 503]);
  assert.deepEqual([await statusOf("/stats"), await statusOf("/metrics")], [503, 503]);
  const { server, url } = await served(t);
  statistics = await statsOf(url("/stats"));
  assert.equal(await statusOf("/health/ready"), 200);
  statistics = { ...statistics, server: { ...statistics.server, isReady: false } };
  assert.equal(await statusOf("/health/ready"), 503);
  await server.stop();
  await assert.rejects(fetch(url("/health/live")));
});

test("http – the figures follow what happens", async (t) => {
  const { server, url } = await served(t);
  const client = clientOf(t, server.connectionString);
  const before = await statsOf(url("/stats"));
  await client.appendToStream("s", countedUpTo(7));
  await client.createPersistentSubscriptionToStream(
    "s",
    'g"1',
    persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START }),
  );
  const consumer = client.subscribeToPersistentSubscriptionToStream("s", 'g"1');
  let delivered = 0;
  consumer.on("data", (event) => void (delivered++ === 0 && consumer.nack(PARK, "bad", event)));
  consumer.on("error", () => {});
  await client.createProjection("counting", `fromStream("s").when({ Counted: (s) => s })`);
  await client.createProjection("failing", `fromStream("s").when({ Counted: () => { throw "no"; } })`);
  await until("all has happened", async () => {
    const { persistentSubscriptions, projections } = await statsOf(url("/stats"));
    const failing = projections.find(({ name }) => name === "failing");
    const counting = projections.find(({ name }) => name === "counting");
    return persistentSubscriptions[0]?.parked === 1 && failing?.isFaulted === true && counting?.events === 7;
  });
  const after = await statsOf(url("/stats"));
  assert.ok(after.disk.events - before.disk.events >= 7);
  assert.ok(after.disk.writes > before.disk.writes && after.log.end > before.log.end);
  assert.deepEqual([after.log.fileBytes, after.scavenge, after.server.compat], [null, null, 23]);
  const [group] = after.persistentSubscriptions;
  assert.deepEqual(
    [group?.stream, group?.group, group?.consumers, group?.inFlight, group?.delivered],
    ["s", 'g"1', 1, 6, 7],
  );
  const batch = after.grpc.methods.find(({ method }) => method === "event_store.client.streams.Streams/BatchAppend");
  assert.deepEqual([after.grpc.connections, batch?.open], [1, 1]);

  const samples = await samplesOf(url("/metrics"));
  const sample = (name: string) => samples.get(`sluice_embedded_${name}`);
  assert.equal(sample("ready"), 1);
  assert.equal(sample('persistent_subscription_parked{stream="s",group="g\\"1"}'), 1);
  assert.equal(sample('projection_faulted{projection="failing"}'), 1);
  assert.equal(sample('projection_events_total{projection="counting"}'), 7);
  assert.equal(sample('disk_write_seconds_bucket{le="+Inf"}'), sample("disk_write_seconds_count"));
  const ended = 'result="succeeded"';
  assert.equal(sample(`calls_total{method="event_store.client.projections.Projections/Create",${ended}}`), 2);
  await assert.rejects(client.createProjection("counting", "fromAll()"));
  await client.subscribeToStream("s").unsubscribe();
  await until("what failed and what was given up is counted, too", async () => {
    const now = await samplesOf(url("/metrics"));
    const total = (method: string, result: string) =>
      now.get(`sluice_embedded_calls_total{method="event_store.client.${method}",result="${result}"}`);
    return total("projections.Projections/Create", "failed") === 1 && total("streams.Streams/Read", "cancelled") === 1;
  });
});

test("http – a page from elsewhere learns nothing by way of its visitor", async (t) => {
  const { server } = await served(t);
  const statusFor = async (host: string) => {
    const asked = request({ port: server.http!.port, path: "/stats", headers: { host } }).end();
    const [response] = await once(asked, "response");
    response.resume();
    return response.statusCode as number;
  };
  assert.equal(await statusFor("evil.example:80"), 403);
  for (const host of [`127.0.0.1:${server.http!.port}`, "localhost", "[::1]:1"])
    assert.equal(await statusFor(host), 200);
});

test("http – nothing that is told holds what events carry, or passwords", async (t) => {
  const { server, url } = await served(t);
  const client = clientOf(t, server.connectionString);
  await client.appendToStream(
    "s",
    jsonEvent({ type: "T", data: { secret: "hunter2" }, metadata: { token: "hunter2" } }),
  );
  for (const path of ["/stats", "/metrics"]) assert.ok(!(await (await fetch(url(path))).text()).includes("hunter2"));
});

test("http – a port that is taken is named, with what to do", async (t) => {
  const { server } = await served(t);
  const port = server.http!.port;
  await assert.rejects(startEmbedded({ memory: true, port: 0, http: { port } }), (error) => {
    assert.ok(error instanceof HttpPortUnusableError);
    assert.deepEqual([error.port, error.host], [port, "127.0.0.1"]);
    assert.match(error.message, /in use.*--http-port/);
    return true;
  });
});

test("http – health and metrics on the port where clients connect are refused by what was meant", async (t) => {
  const { server } = await served(t);
  const { port } = server;
  await server.stop();
  await assert.rejects(startEmbedded({ memory: true, port, http: { port } }), (error) => {
    assert.ok(error instanceof HttpPortUnusableError);
    assert.match(error.message, /clients connect there.*real server.*--port here/);
    return true;
  });
});
