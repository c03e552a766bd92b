import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { connect } from "node:http2";
import { connect as connectSocket } from "node:net";
import { test } from "node:test";
import type { Encodable } from "../../src/grpc/wire/message.ts";
import { appendReq, streamsService } from "../../src/grpc/wire/streams.ts";
import {
  callHeaders,
  DATA,
  END_HEADERS,
  frame,
  grpcMessage,
  headerBlock,
  HEADERS,
  PREFACE,
  RST_STREAM,
  SETTINGS,
} from "../fuzz/frames.ts";
import { all, counted, runningServer } from "./running-server.ts";

type Request = Encodable<typeof appendReq>;
const options: Request = {
  content: { case: "options", value: { streamIdentifier: "given-up", expectedStreamRevision: { case: "any" } } },
};
const event = (): Request => ({
  content: {
    case: "proposedMessage",
    value: {
      id: randomUUID(),
      metadata: [
        ["type", "Half"],
        ["content-type", "application/json"],
      ],
      customMetadata: Buffer.alloc(0),
      data: Buffer.from("{}"),
    },
  },
});

test("append – a client that gives up in the middle has written nothing", async (t) => {
  const { server, client } = await runningServer(t);
  const socket = connectSocket(server.port, "127.0.0.1");
  t.after(() => socket.destroy());
  socket.resume();
  socket.write(Buffer.concat([PREFACE, frame(SETTINGS, 0, 0)]));
  const headers = headerBlock(callHeaders(`/${streamsService.name}/Append`));
  for (let call = 1; call < 120; call += 2) {
    socket.write(frame(HEADERS, END_HEADERS, call, headers));
    for (const request of [options, event()])
      socket.write(frame(DATA, 0, call, grpcMessage(appendReq.encode(request))));
    await new Promise((resolve) => setTimeout(resolve, call / 4));
    // Grpc-js would say first that it has sent all, and only then that it gives up.
    socket.write(frame(RST_STREAM, 0, call, Buffer.from([0, 0, 0, 8])));
  }
  await client.appendToStream("after", counted(1));
  const written = await all(client.readAll()).then((events) => events.filter((one) => one.event?.type === "Half"));
  assert.equal(written.length, 0);
});

test("append – a client that is gone in the middle has written nothing", async (t) => {
  const { server, client } = await runningServer(t);
  for (let round = 0; round < 60; round++) {
    const session = connect(`http://127.0.0.1:${server.port}`);
    session.on("error", () => {});
    const stream = session.request({
      ":method": "POST",
      ":path": `/${streamsService.name}/Append`,
      "content-type": "application/grpc",
      te: "trailers",
    });
    stream.on("error", () => {});
    for (const request of [options, event()]) {
      stream.write(grpcMessage(appendReq.encode(request)));
    }
    await new Promise((resolve) => setTimeout(resolve, 5 + round / 2));
    session.destroy();
  }
  await client.appendToStream("after", counted(1));
  const written = await all(client.readAll()).then((events) => events.filter((one) => one.event?.type === "Half"));
  assert.equal(written.length, 0);
});
