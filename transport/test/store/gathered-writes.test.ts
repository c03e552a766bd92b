import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect as connectHttp2, createServer as createHttp2Server } from "node:http2";
import { type AddressInfo, connect, createServer } from "node:net";
import { test } from "node:test";
import { gatherWrites } from "../../src/store/gathered-writes.ts";
import { Store } from "../../src/store/store.ts";
import { onOwnServer, serverUnderTest } from "../server-under-test.ts";

const APPENDS = 64;
const ONE_SERVER = onOwnServer("it counts what goes over its connection");

function event(bytes: number) {
  const [data, metadata] = [Buffer.alloc(bytes, "x"), new Uint8Array()];
  return { id: randomUUID(), type: "T", isJson: false, data, metadata };
}

test("gathered writes – appends of one turn leave in a few pieces, in their order", ONE_SERVER, async () => {
  await using server = await serverUnderTest();
  const { port } = new URL(server.connectionString);
  let pieces = 0;
  const between = createServer((near) => {
    const far = connect(Number(port), "127.0.0.1");
    near.on("data", (piece) => {
      pieces++;
      far.write(piece);
    });
    far.pipe(near);
    near.on("close", () => far.destroy());
    for (const socket of [near, far]) socket.on("error", () => {});
  });
  await once(between.listen(0, "127.0.0.1"), "listening");
  const store = new Store(`esdb://127.0.0.1:${(between.address() as AddressInfo).port}?tls=false`);
  try {
    await store.append("s", [event(100)]);
    pieces = 0;
    const appended = await Promise.all(Array.from({ length: APPENDS }, () => store.append("s", [event(100)])));
    assert.deepEqual(
      appended.map(({ revision }) => revision),
      appended.map((_, i) => BigInt(i + 1)),
    );
    assert.ok(pieces < APPENDS / 4, `${pieces} pieces`);
  } finally {
    await store.dispose();
    between.close();
  }
});

test("gathered writes – what is more than a connection takes at once arrives, too", async () => {
  await using server = await serverUnderTest();
  const store = new Store(server.connectionString);
  try {
    const stream = server.name("large");
    await Promise.all(Array.from({ length: 20 }, () => store.append(stream, [event(400_000), event(400_000)])));
    assert.equal((await store.read(stream, { limit: 1, direction: "backwards" }))[0]?.event?.revision, 39n);
  } finally {
    await store.dispose();
  }
});

test("gathered writes – another client of the process writes as before, in whatever form", async (t) => {
  gatherWrites("/a");
  const server = createHttp2Server();
  server.on("stream", (stream) => {
    stream.respond();
    stream.pipe(stream);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.after(() => server.close());
  const client = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  t.after(() => client.close());
  const request = client.request({ ":method": "POST", ":path": "/a" });
  let read = "";
  request.on("data", (piece: Buffer) => (read += piece.toString()));
  request.write("without a callback,");
  request.write(Buffer.from("bytes,"));
  await new Promise((resolve) => request.write("in an encoding,", "latin1", resolve));
  await new Promise((resolve) => request.write(Buffer.from("and with one"), resolve));
  request.end();
  await once(request, "end");
  assert.equal(read, "without a callback,bytes,in an encoding,and with one");
});
