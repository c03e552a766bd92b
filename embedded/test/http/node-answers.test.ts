import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { EventStoreDBClient, jsonEvent } from "@eventstore/db-client";
import { startEmbedded } from "../../src/index.ts";

test("node – what waits for a real server on its port gets the answers it looks for, beside the clients", async (t) => {
  const server = await startEmbedded({ memory: true, port: 0 });
  t.after(() => server.stop());
  const at = `http://127.0.0.1:${server.port}`;
  const client = EventStoreDBClient.connectionString(server.connectionString);
  await client.appendToStream("s", jsonEvent({ type: "T", data: {} }));
  assert.equal((await fetch(`${at}/health/live`)).status, 204);
  assert.equal((await fetch(`${at}/ping`)).status, 200);
  const info = (await (await fetch(`${at}/info`)).json()) as { readonly esVersion: string; readonly state: string };
  assert.deepEqual([info.esVersion, info.state], ["23.10.6.0", "leader"]);
  const { members } = (await (await fetch(`${at}/gossip`)).json()) as { readonly members: readonly unknown[] };
  assert.partialDeepStrictEqual(members, [{ state: "Leader", isAlive: true, httpEndPointPort: server.port }]);
  for (const request of [fetch(`${at}/streams/s`), fetch(`${at}/streams/s`, { method: "POST", body: "{}" })]) {
    const answer = await request;
    assert.equal(answer.status, 404);
    assert.match(await answer.text(), /nothing at \/streams\/s: it has no HTTP API/);
  }
  await client.appendToStream("s", jsonEvent({ type: "T", data: {} }));
  await client.dispose();
});

test("node – a load balancer gets the success that it asks for, and who does not read is told how", async (t) => {
  const server = await startEmbedded({ memory: true, port: 0 });
  t.after(() => server.stop());
  const live = `http://127.0.0.1:${server.port}/health/live`;
  const asked = ["?liveCode=200", "?x=1&liveCode=202", "?liveCode=", "?liveCode=abc", "?liveCode=99", "?x"];
  const answers = await Promise.all(asked.map((query) => fetch(live + query)));
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 202, 204, 204, 204, 204],
  );
  assert.equal((await fetch(live, { method: "HEAD" })).status, 204);
  const posted = await fetch(live, { method: "POST", body: "{}" });
  assert.deepEqual([posted.status, posted.headers.get("allow")], [405, "GET, HEAD"]);
  assert.match(await posted.text(), /nothing to do at \/health\/live but to GET it/);
});

test("node – a request that comes in pieces is answered as one that comes whole", async (t) => {
  const server = await startEmbedded({ memory: true, port: 0 });
  t.after(() => server.stop());
  for (const pieces of [[..."GET /ping HTTP/1.1\r\nHost: x\r\n\r\n"], ["GET", " /ping HTTP/1.1\r\nHost: x\r\n\r\n"]]) {
    const socket = connect({ port: server.port, host: "127.0.0.1", noDelay: true });
    for (const piece of pieces) {
      await new Promise<void>((resolve) => socket.write(piece, () => resolve()));
      await new Promise((resolve) => setImmediate(resolve));
    }
    let answer = "";
    for await (const chunk of socket) answer += String(chunk);
    assert.match(answer, /^HTTP\/1\.1 200 /);
  }
  const client = EventStoreDBClient.connectionString(server.connectionString);
  await client.appendToStream("s", jsonEvent({ type: "T", data: {} }));
  await client.dispose();
});

test("node – the gossip names the address that the asking client used, which it can reach", async (t) => {
  const server = await startEmbedded({ memory: true, port: 0, host: "0.0.0.0", insecure: true });
  t.after(() => server.stop());
  const answer = await fetch(`http://localhost:${server.port}/gossip`);
  const { members } = (await answer.json()) as { readonly members: readonly unknown[] };
  assert.partialDeepStrictEqual(members, [{ httpEndPointIp: "localhost", httpEndPointPort: server.port }]);
});

test("node – a connection that says little or nonsense hurts nobody", async (t) => {
  const server = await startEmbedded({ memory: true, port: 0 });
  t.after(() => server.stop());
  for (const begin of [
    "",
    "G",
    "GET /health/live HTTP/1.1\r\nno header\r\n\r\n",
    "\u0016\u0003\u0001",
    "PRI * HTTP/3",
  ]) {
    const socket = connect(server.port, "127.0.0.1");
    socket.on("error", () => {});
    await new Promise<void>((resolve) => socket.end(begin, () => resolve()));
    socket.resume();
    await new Promise((resolve) => socket.once("close", resolve));
  }
  assert.equal((await fetch(`http://127.0.0.1:${server.port}/health/live`)).status, 204);
});

test("node – a projection whose query never compiled does not harm those who look at the server", async (t) => {
  const server = await startEmbedded({ memory: true, port: 0, http: { port: 0 } });
  t.after(() => server.stop());
  const client = EventStoreDBClient.connectionString(server.connectionString);
  await client.createProjection("broken", "fromAld()").catch(() => {});
  assert.equal((await fetch(`http://127.0.0.1:${server.port}/health/live`)).status, 204);
  const metrics = await fetch(`http://127.0.0.1:${server.http?.port}/metrics`);
  assert.match(await metrics.text(), /broken/);
  await client.dispose();
});
