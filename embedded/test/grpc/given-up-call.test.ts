import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import { connect as connectTls } from "node:tls";
import {
  callHeaders,
  END_HEADERS,
  frame,
  headerBlock,
  HEADERS,
  PREFACE,
  RST_STREAM,
  SETTINGS,
  GOAWAY,
} from "../fuzz/frames.ts";
import { clientAs, secureServer } from "../security/secure-server.ts";
import { all, counted, runningServer } from "./running-server.ts";

const kinds = {
  "of a method that is not there": callHeaders("/no.such.Service/Method"),
  "that is no gRPC": { ...callHeaders("/event_store.client.streams.Streams/Read"), "content-type": "text/plain" },
  "with a deadline that is none": { ...callHeaders("/event_store.client.streams.Streams/Read"), "grpc-timeout": "x" },
};

const givenUp = (call: number): Buffer => frame(RST_STREAM, 0, call, Buffer.from([0, 0, 0, 8]));
const endings: Readonly<Record<string, (call: number) => Buffer>> = {
  "given up as soon as it is made": givenUp,
  "followed by what ends the connection": (call) =>
    call === 99 ? frame(SETTINGS, 0, 0, Buffer.from([1])) : givenUp(call),
  "alone with what ends the connection": (call) =>
    call === 99 ? frame(SETTINGS, 0, 0, Buffer.from([1])) : Buffer.alloc(0),
  "followed by the other's goodbye": (call) => (call === 99 ? frame(GOAWAY, 0, 0, Buffer.alloc(8)) : Buffer.alloc(0)),
};

for (const [what, headers] of Object.entries(kinds)) {
  for (const [ending, frameFor] of Object.entries(endings)) {
    for (const isSecure of [false, true]) {
      test(`given up – a call ${what}, ${ending}, harms nobody${isSecure ? " under TLS" : ""}`, async (t) => {
        const server = isSecure ? await secureServer() : (await runningServer(t)).server;
        if (isSecure) t.after(() => server.stop());
        const client = clientAs(t, server, isSecure ? "admin" : "");
        const options = { port: server.port, host: "127.0.0.1" };
        const socket: Socket = isSecure
          ? connectTls({ ...options, rejectUnauthorized: false, ALPNProtocols: ["h2"] })
          : connect(options);
        socket.on("error", () => {});
        socket.resume();
        t.after(() => socket.destroy());
        await new Promise((resolve) => socket.once(isSecure ? "secureConnect" : "connect", resolve));
        const calls = Array.from({ length: 50 }, (_, i) =>
          Buffer.concat([frame(HEADERS, END_HEADERS, 2 * i + 1, headerBlock(headers)), frameFor(2 * i + 1)]),
        );
        socket.end(Buffer.concat([PREFACE, frame(SETTINGS, 0, 0), ...calls]));
        await new Promise((resolve) => setTimeout(resolve, 50));
        await client.appendToStream("s", counted(1));
        assert.equal((await all(client.readStream("s"))).length, 1);
      });
    }
  }
}
