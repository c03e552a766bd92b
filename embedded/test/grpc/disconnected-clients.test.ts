import assert from "node:assert/strict";
import { connect } from "node:net";
import { test, type TestContext } from "node:test";
import { startGrpcServer } from "../../src/grpc/server.ts";
import { diskNotes } from "../../src/notes/disk-notes.ts";
import { Throttle } from "../../src/time/throttle.ts";
import type { ServerNote } from "../../src/notes/server-note.ts";
import { until } from "../until.ts";

function silentClient(t: TestContext, port: number) {
  const socket = connect({ port, host: "127.0.0.1" });
  const state = { isClosed: false };
  socket.resume().on("error", () => {});
  socket.on("close", () => {
    state.isClosed = true;
  });
  t.after(() => socket.destroy());
  return state;
}

test("cutting off – whoever is closed for saying nothing, or for coming on top, is told of", async (t) => {
  const told: string[] = [];
  const server = await startGrpcServer({
    host: "127.0.0.1",
    port: 0,
    limits: { patience: 1000, connections: 1 },
    onDisconnect: (peer, reason) => told.push(`${reason} ${/^(::ffff:)?127\.0\.0\.1 \d+$/.test(peer)}`),
    register: () => {},
  });
  t.after(() => server.stop());
  const clients = [silentClient(t, server.port), silentClient(t, server.port)];
  await until("both are closed", () => clients.every(({ isClosed }) => isClosed));
  assert.deepEqual(told.sort(), ["silent true", "too-many-connections true"]);
});

test("notes – what happens again and again is told now and then, with how often", () => {
  let now = 0;
  const throttle = new Throttle(() => now, 1000);
  assert.deepEqual(
    [throttle.times("a"), throttle.times("a"), throttle.times("b"), throttle.times("a")],
    [1, undefined, 1, undefined],
  );
  now = 1000;
  assert.deepEqual([throttle.times("a"), throttle.times("a")], [3, undefined]);
});

test("notes – a disk that is slow, refuses and recovers is told of, each change once", () => {
  const notes: ServerNote[] = [];
  const tell = diskNotes(new Throttle(() => 0, 1000), (note) => notes.push(note));
  const write = (milliseconds: number, isRefused = false) => tell({ events: 1, bytes: 1, milliseconds, isRefused });
  write(5);
  write(700.4);
  write(900);
  write(1, true);
  write(1, true);
  write(5);
  assert.deepEqual(notes, [
    { event: "disk-slow", milliseconds: 700, times: 1 },
    { event: "disk-refused" },
    { event: "disk-recovered" },
  ]);
});
