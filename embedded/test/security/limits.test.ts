import assert from "node:assert/strict";
import { type ClientHttp2Session, connect as connectHttp2 } from "node:http2";
import { connect, type Socket } from "node:net";
import { test, type TestContext } from "node:test";
import { connect as connectTls } from "node:tls";
import type { Server } from "@grpc/grpc-js";
import fc from "fast-check";
import { authentication } from "../../src/grpc/authentication.ts";
import { http2ServersOf } from "../../src/grpc/http2-servers.ts";
import { MessageMeter } from "../../src/grpc/message-meter.ts";
import { type GrpcServer, type Limits, startGrpcServer } from "../../src/grpc/server.ts";
import { serverFeaturesHandlers } from "../../src/grpc/server-features-service.ts";
import { serverFeaturesService } from "../../src/grpc/wire/server-features.ts";
import { addService } from "../../src/grpc/wire/service.ts";
import { Authenticator } from "../../src/security/authenticator.ts";
import { generateCertificate } from "../../src/security/generated-certificate.ts";
import { firstUsers } from "./opened-store.ts";
import { until } from "../until.ts";

/** A server with one service. */
async function limited(
  t: TestContext,
  limits: Partial<Limits>,
  isSecure = false,
  meddle: (server: Server) => void = () => {},
): Promise<GrpcServer> {
  const security = isSecure
    ? {
        certificate: await generateCertificate(["127.0.0.1"], Date.now()),
        interceptor: authentication(new Authenticator((await firstUsers(t)).users)).interceptor,
      }
    : undefined;
  let inside: Server | undefined;
  const server = await startGrpcServer({
    host: "127.0.0.1",
    port: 0,
    limits,
    security,
    register(grpc) {
      addService(grpc, serverFeaturesService, serverFeaturesHandlers(23));
      inside = grpc;
    },
  });
  if (inside !== undefined) meddle(inside);
  t.after(() => server.stop());
  return server;
}

async function connected(t: TestContext, port: number): Promise<{ socket: Socket; isClosed: () => boolean }> {
  let closed = false;
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.on("close", () => (closed = true));
  socket.resume();
  t.after(() => socket.destroy());
  await new Promise((resolve) => socket.once("connect", resolve));
  return { socket, isClosed: () => closed };
}

function session(t: TestContext, port: number): ClientHttp2Session {
  const one = connectHttp2(`http://127.0.0.1:${port}`);
  one.on("error", () => {});
  t.after(() => one.destroy());
  return one;
}

const FEATURES = "/event_store.client.server_features.ServerFeatures/GetSupportedMethods";

function call(on: ClientHttp2Session) {
  const stream = on.request({
    ":method": "POST",
    ":path": FEATURES,
    "content-type": "application/grpc",
    te: "trailers",
  });
  stream.on("error", () => {});
  stream.resume();
  return stream;
}

/** Status of a whole call; undefined where it got none. */
const answered = (on: ClientHttp2Session): Promise<number | undefined> =>
  new Promise((resolve) => {
    const stream = call(on);
    let status: number | undefined;
    const see = (headers: Record<string, unknown>) => {
      if (headers["grpc-status"] !== undefined) status = Number(headers["grpc-status"]);
    };
    stream.on("response", see);
    stream.on("trailers", see);
    stream.on("close", () => resolve(status));
    stream.end(Buffer.alloc(5));
  });

test("limits – one connection too many is closed, and has a place when another leaves", async (t) => {
  const { port } = await limited(t, { connections: 3 });
  const first = await connected(t, port);
  await connected(t, port);
  await connected(t, port);
  const fourth = await connected(t, port);
  await until("the fourth is closed", fourth.isClosed);
  assert.equal(first.isClosed(), false);
  first.socket.destroy();
  await until("there is a place", first.isClosed);
  assert.equal(await answered(session(t, port)), 0);
});

test("limits – a client is told how many calls it may make at once", async (t) => {
  const { port } = await limited(t, { callsPerConnection: 7 });
  const one = session(t, port);
  await new Promise((resolve) => one.once("remoteSettings", resolve));
  assert.equal(one.remoteSettings.maxConcurrentStreams, 7);
});

test("limits – a call too many is refused, the others are not", async (t) => {
  const { port } = await limited(t, { callsPerConnection: 2 });
  const one = session(t, port);
  const calls = [call(one), call(one), call(one)];
  const closed = calls.map(() => false);
  calls.forEach((stream, i) => stream.on("close", () => (closed[i] = true)));
  await until("the third is refused", () => closed[2] === true);
  assert.deepEqual(closed, [false, false, true]);
  for (const stream of calls.slice(0, 2)) stream.end(Buffer.alloc(5));
  await until("the others are answered", () => closed.every(Boolean));
});

test("limits – who begins more than the server can hold is cut off, the others are not", async (t) => {
  const { port } = await limited(t, { partialMessageBytes: 1024 * 1024 });
  const hog = session(t, port);
  const modest = session(t, port);
  const begun = Buffer.alloc(5 + 100_000);
  begun.writeUInt32BE(10 * 1024 * 1024, 1);
  const waiting = call(modest);
  waiting.write(begun);
  for (let i = 0; i < 20; i++) call(hog).write(begun);
  await until("the hog is cut off", () => hog.destroyed);
  assert.equal(waiting.closed, false);
  assert.equal(await answered(modest), 0);
  // What the hog held is given back: there is room for as much again.
  const next = session(t, port);
  const calls = Array.from({ length: 8 }, () => call(next));
  for (const stream of calls) stream.write(begun);
  assert.equal(await answered(next), 0);
  assert.equal(next.destroyed, false);
});

test("limits – calls that are given up give back what they held", async (t) => {
  const { port } = await limited(t, { partialMessageBytes: 1024 * 1024 });
  const one = session(t, port);
  const begun = Buffer.alloc(5 + 100_000);
  begun.writeUInt32BE(10 * 1024 * 1024, 1);
  for (let i = 0; i < 50; i++) {
    const stream = call(one);
    await new Promise((resolve) => stream.write(begun, resolve));
    const closed = new Promise((resolve) => stream.on("close", resolve));
    stream.close(8);
    await closed;
  }
  assert.equal(await answered(one), 0);
});

test("limits – whoever connects and says nothing is let go, whoever speaks may be silent from then on", async (t) => {
  const { port } = await limited(t, { patience: 1000 });
  const silent = await connected(t, port);
  const halfway = await connected(t, port);
  halfway.socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  const client = session(t, port);
  assert.equal(await answered(client), 0);
  await until("both are let go", () => silent.isClosed() && halfway.isClosed());
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(await answered(client), 0);
});

test("limits – the same under TLS", async (t) => {
  const { port } = await limited(t, { patience: 1500 }, true);
  const silent = await connected(t, port);
  const handshakeOnly = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false, ALPNProtocols: ["h2"] });
  let handshakeClosed = false;
  handshakeOnly.on("error", () => {});
  handshakeOnly.on("close", () => (handshakeClosed = true));
  handshakeOnly.resume();
  const client = connectHttp2(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
  client.on("error", () => {});
  t.after(() => client.destroy());
  assert.equal(await answered(client), 0);
  await until("both are let go", () => silent.isClosed() && handshakeClosed);
  assert.equal(await answered(client), 0);
});

test("limits – a client that goes on sending on a call that was answered is stopped", async (t) => {
  const { port } = await limited(t, {});
  const one = session(t, port);
  const stream = call(one);
  // Two requests where one is due: the answer comes with the first, and nobody reads the rest.
  const more = Buffer.alloc(5 * 1000);
  const timer = setInterval(() => stream.write(more), 20);
  t.after(() => clearInterval(timer));
  await until("the call is over", () => stream.closed);
  assert.equal(await answered(one), 0);
});

test("limits – a call that was over before it was announced is nothing to fall over", async (t) => {
  // Under TLS it happens when a call and its end come at once, though not at will.
  for (const path of ["/no.such.Service/Method", FEATURES]) {
    const emitted: string[] = [];
    const { port } = await limited(t, {}, false, (server) => {
      const [http2] = http2ServersOf(server);
      http2!.prependListener("stream", (stream, headers) => {
        if (headers["x-over"] === undefined) return;
        stream.destroy(new Error("given up"));
        emitted.push(path);
      });
    });
    const one = session(t, port);
    const stream = one.request({ ":method": "POST", ":path": path, "content-type": "application/grpc", "x-over": "1" });
    stream.on("error", () => {});
    await until("it is over", () => stream.closed);
    assert.equal(emitted.length, 1);
    assert.equal(await answered(session(t, port)), 0);
  }
});

test("limits – a meter knows what of a message has come, however it was cut up", () => {
  const message = fc.integer({ min: 0, max: 40 });
  fc.assert(
    fc.property(fc.array(message), fc.array(fc.integer({ min: 1, max: 30 })), fc.nat(200), (sizes, cuts, rest) => {
      const frames = sizes.map((size) => {
        const frame = Buffer.alloc(5 + size, 1);
        frame.writeUInt32BE(size, 1);
        return frame;
      });
      const all = Buffer.concat(frames);
      const sent = all.subarray(0, Math.max(0, all.length - rest));
      const meter = new MessageMeter();
      let unfinished = 0;
      for (let at = 0, i = 0; at < sent.length; i++) {
        const cut = cuts.length === 0 ? sent.length : cuts[i % cuts.length]!;
        unfinished = meter.take(sent.subarray(at, at + cut));
        at += cut;
      }
      let begin = 0;
      for (const frame of frames) {
        if (begin + frame.length > sent.length) break;
        begin += frame.length;
      }
      assert.equal(unfinished, Math.max(0, sent.length - begin - 5));
    }),
  );
});
