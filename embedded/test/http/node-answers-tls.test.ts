import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect as connectHttp2, type IncomingHttpHeaders } from "node:http2";
import { request as requestHttps } from "node:https";
import { text } from "node:stream/consumers";
import { test, type TestContext } from "node:test";
import { connect as connectTls } from "node:tls";
import { jsonEvent } from "@eventstore/db-client";
import { type Embedded, startEmbedded } from "../../src/index.ts";
import { clientAs, secureServer } from "../security/secure-server.ts";

interface Answer {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly body: string;
}

async function running(t: TestContext): Promise<{ server: Embedded; ca: Buffer }> {
  const server = await secureServer();
  t.after(() => server.stop());
  return { server, ca: readFileSync(server.tlsCAFile!) };
}

/** As a health check over HTTP/1.1 asks, on a connection of its own. */
async function over1(port: number, ca: Buffer, method: string, path: string): Promise<Answer> {
  const request = requestHttps({ host: "127.0.0.1", port, ca, servername: "", method, path, agent: false }).end();
  const [response] = await once(request, "response");
  return { status: response.statusCode, type: response.headers["content-type"], body: await text(response) };
}

/** As one that can do better asks, such as curl. */
async function over2(url: string, ca: Buffer | undefined, method: string, path: string): Promise<Answer> {
  const session = connectHttp2(url, ca && { ca, servername: "" });
  try {
    const stream = session.request({ ":method": method, ":path": path }).end();
    const [headers] = (await once(stream, "response")) as [IncomingHttpHeaders & { ":status"?: number }];
    return { status: headers[":status"], type: headers["content-type"], body: await text(stream) };
  } finally {
    session.close();
  }
}

test("node – a closed server gives health checks the same answers, beside the clients", async (t) => {
  const { server, ca } = await running(t);
  const client = clientAs(t, server, "admin");
  await client.appendToStream("s", jsonEvent({ type: "T", data: {} }));
  for (const ask of [
    (method: string, path: string) => over1(server.port, ca, method, path),
    (method: string, path: string) => over2(`https://127.0.0.1:${server.port}`, ca, method, path),
  ]) {
    assert.deepEqual(await ask("GET", "/health/live"), { status: 204, type: undefined, body: "" });
    assert.equal((await ask("GET", "/health/live?liveCode=200")).status, 200);
    assert.deepEqual(await ask("HEAD", "/ping"), { status: 200, type: "application/json; charset=utf-8", body: "" });
    const info = JSON.parse((await ask("GET", "/info")).body);
    assert.deepEqual([info.state, info.authentication.type], ["leader", "internal"]);
    const { members } = JSON.parse((await ask("GET", "/gossip")).body);
    assert.partialDeepStrictEqual(members, [{ state: "Leader", httpEndPointIp: "127.0.0.1" }]);
    assert.partialDeepStrictEqual(members, [{ httpEndPointPort: server.port }]);
    assert.equal((await ask("POST", "/ping")).status, 405);
    const missing = await ask("GET", "/streams/s");
    assert.equal(missing.status, 404);
    assert.match(missing.body, /nothing at \/streams\/s: it has no HTTP API/);
  }
  await client.appendToStream("s", jsonEvent({ type: "T", data: {} }));
});

test("node – a client that names no protocol in its handshake is answered over HTTP/1.1", async (t) => {
  const { server, ca } = await running(t);
  const socket = connectTls({ host: "127.0.0.1", port: server.port, ca });
  socket.write("GET /ping HTTP/1.1\r\nHost: x\r\n\r\n");
  assert.match(await text(socket), /^HTTP\/1\.1 200 /);
});

test("node – what asks over HTTP/2 in clear text gets the same answers", async (t) => {
  const server = await startEmbedded({ memory: true, port: 0 });
  t.after(() => server.stop());
  const ask = (method: string, path: string) => over2(`http://127.0.0.1:${server.port}`, undefined, method, path);
  assert.equal((await ask("GET", "/health/live")).status, 204);
  assert.equal(JSON.parse((await ask("GET", "/info")).body).authentication.type, "insecure");
});

test("node – nonsense and half a request over TLS hurt nobody", async (t) => {
  const { server, ca } = await running(t);
  for (const ALPNProtocols of [["http/1.1"], ["h2"], undefined]) {
    for (const begin of ["", "G", "GET /ping HTTP/1.1\r\nno header\r\n\r\n", "PRI * HTTP/3", "\u0000".repeat(100)]) {
      const socket = connectTls({ host: "127.0.0.1", port: server.port, ca, ...(ALPNProtocols && { ALPNProtocols }) });
      socket.on("error", () => {});
      socket.end(begin);
      socket.resume();
      await once(socket, "close");
    }
  }
  assert.equal((await over1(server.port, ca, "GET", "/health/live")).status, 204);
});
