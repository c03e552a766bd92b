import assert from "node:assert/strict";
import { connect } from "node:http2";
import { connect as connectSocket } from "node:net";
import { randomBytes } from "node:crypto";
import { test, type TestContext } from "node:test";
import { all, counted, runningServer } from "./running-server.ts";

const READ = "/event_store.client.streams.Streams/Read";
const APPEND = "/event_store.client.streams.Streams/Append";
const BATCH = "/event_store.client.streams.Streams/BatchAppend";
const DELETE = "/event_store.client.streams.Streams/Delete";

/** Five bytes in front of a message: whether it is compressed, and how long it is. */
function frame(body: Uint8Array, length = body.length, compressed = 0): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(compressed, 0);
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, body]);
}

/** Sends raw bytes as the body of a call and answers its gRPC status. */
function callRaw(t: TestContext, port: number, path: string, body: Uint8Array): Promise<number> {
  const session = connect(`http://127.0.0.1:${port}`);
  t.after(() => session.destroy());
  return new Promise((resolve, reject) => {
    const stream = session.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
    });
    const status = (headers: Record<string, unknown>): void => {
      if (headers["grpc-status"] !== undefined) resolve(Number(headers["grpc-status"]));
    };
    stream.on("response", status);
    stream.on("trailers", status);
    stream.on("error", reject);
    stream.on("close", () => resolve(-1));
    stream.resume();
    stream.end(body);
  });
}

const bodies = {
  "bytes that are no protobuf": frame(Buffer.from([0x0a, 0xff, 0xff, 0xff])),
  "a field longer than its message": frame(Buffer.from([0x0a, 50, 1])),
  "no message at all": Buffer.alloc(0),
  "an empty message": frame(Buffer.alloc(0)),
  "a message cut short": frame(Buffer.from([1, 2, 3]), 100),
  "a message said to be of 4 GB": frame(Buffer.from([1, 2, 3]), 0xffff_fff0),
  "a message said to be compressed": frame(Buffer.from([1, 2, 3]), 3, 1),
};

for (const [what, body] of Object.entries(bodies)) {
  test(`malformed – ${what} costs its sender the call and nobody else anything`, async (t) => {
    const { server, client } = await runningServer(t);
    for (const path of [READ, APPEND, DELETE]) {
      const status = await callRaw(t, server.port, path, body);
      assert.notEqual(status, 0, `${path} answered ${status}`);
    }
    await callRaw(t, server.port, BATCH, body);
    await client.appendToStream("s", counted(1));
    assert.equal((await all(client.readStream("s"))).length, 1);
  });
}

test("malformed – connections that do not speak HTTP/2, or stop in the middle, disturb nobody", async (t) => {
  const { server, client } = await runningServer(t);
  const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  for (const bytes of ["GET / HTTP/1.1\r\n\r\n", randomBytes(500), preface, `${preface}\0\0`, Buffer.alloc(100)]) {
    await new Promise<void>((resolve) => {
      const socket = connectSocket(server.port, "127.0.0.1", () => {
        socket.write(bytes);
        setTimeout(() => socket.destroy(), 20);
      });
      socket.on("error", () => {});
      socket.on("close", () => resolve());
    });
  }
  await client.appendToStream("s", counted(1));
  assert.equal((await all(client.readStream("s"))).length, 1);
});

test("malformed – random bytes in any call are answered with an error", async (t) => {
  const { server, client } = await runningServer(t);
  for (let i = 0; i < 100; i++) {
    const path = [READ, APPEND, DELETE][i % 3]!;
    assert.notEqual(await callRaw(t, server.port, path, frame(randomBytes(1 + (i % 40)))), 0);
  }
  await client.appendToStream("s", counted(1));
});

test("malformed – a method that is not there is said not to be", async (t) => {
  const { server } = await runningServer(t);
  const nowhere = "/event_store.client.operations.Operations/Nothing";
  assert.equal(await callRaw(t, server.port, nowhere, frame(Buffer.alloc(0))), 12);
});
