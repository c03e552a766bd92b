import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import { batchWrites } from "../../src/grpc/batched-writes.ts";

/** What a client gets from a server whose calls are answered by `answer`, a text for each piece. */
async function received(t: TestContext, answer: (stream: ServerHttp2Stream) => unknown): Promise<readonly string[]> {
  const server = createServer();
  batchWrites(server);
  server.on("stream", (stream) => {
    stream.respond();
    answer(stream);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.after(() => server.close());
  const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  t.after(() => client.close());
  const request = client.request();
  const pieces: string[] = [];
  request.on("data", (piece: Buffer) => pieces.push(piece.toString()));
  await once(request, "end");
  return pieces;
}

test("messages of one turn leave as one piece, each taken at once", async (t) => {
  const taken: number[] = [];
  const pieces = await received(t, async (stream) => {
    const write = async (i: number): Promise<void> => {
      await Promise.resolve();
      stream.write(Buffer.from(`${i},`), () => taken.push(i));
    };
    await Promise.all(Array.from({ length: 20 }, (_, i) => write(i)));
    assert.equal(taken.length, 20);
    stream.end();
  });
  assert.deepEqual(pieces, [taken.map((i) => `${i},`).join("")]);
});

test("what is more than a little is taken when the connection has taken it", async (t) => {
  const large = Buffer.alloc(100 * 1024, "x");
  const pieces = await received(t, (stream) => {
    let isTaken = false;
    stream.write(large, () => {
      isTaken = true;
      stream.end();
    });
    assert.ok(!isTaken);
  });
  assert.equal(pieces.join("").length, large.length);
});
