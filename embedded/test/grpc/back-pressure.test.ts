import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test, type TestContext } from "node:test";
import type { ClientDuplexStream, ClientReadableStream } from "@grpc/grpc-js";
import { startGrpcServer } from "../../src/grpc/server.ts";
import { OPEN_ACCESS } from "../../src/grpc/access.ts";
import { streamsHandlers } from "../../src/grpc/streams-service.ts";
import type { Decoded, Encodable } from "../../src/grpc/wire/message.ts";
import { addService } from "../../src/grpc/wire/service.ts";
import { type batchAppendReq, type readReq, type readResp, streamsService } from "../../src/grpc/wire/streams.ts";
import { EventStore } from "../../src/streams/event-store.ts";
import { bareClient } from "./running-server.ts";
import { until } from "../until.ts";

const EVENTS = 3000;
const SIZE = 10_000;

/** A stream of 30 MB behind a server that counts how many of its events it has read. */
async function longStream(t: TestContext) {
  const store = EventStore.open({ location: "memory", now: Date.now, newId: randomUUID });
  const data = Buffer.alloc(SIZE, 120);
  for (let n = 0; n < EVENTS; n += 100) {
    const events = Array.from({ length: 100 }, () => ({
      id: randomUUID(),
      type: "Blob",
      isJson: false,
      data,
      metadata: Buffer.alloc(0),
    }));
    await store.append("s", "any", events);
  }
  let read = 0;
  const readStream = store.readStream.bind(store);
  const readAll = store.readAll.bind(store);
  store.readStream = (request) => {
    const page = readStream(request);
    if (page.outcome === "read") read += page.records.length;
    return page;
  };
  store.readAll = (request) => {
    const page = readAll(request);
    read += page.records.length;
    return page;
  };
  const server = await startGrpcServer({
    host: "127.0.0.1",
    port: 0,
    register: (grpc, openCalls) => addService(grpc, streamsService, streamsHandlers(store, openCalls, OPEN_ACCESS)),
  });
  t.after(async () => {
    await server.stop();
    await store.close();
  });
  const client = bareClient(t, server, streamsService as never) as unknown as Record<
    string,
    (request: Encodable<typeof readReq>) => ClientReadableStream<Decoded<typeof readResp>>
  >;
  return { call: (request: Encodable<typeof readReq>) => client["read"]!(request), read: () => read };
}

/** Resolves when the number has stayed the same for a while. */
async function settled(number: () => number): Promise<number> {
  for (let quiet = 0, last = number(); ; last = number()) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    quiet = number() === last ? quiet + 1 : 0;
    if (quiet === 15) return last;
  }
}

const stream = { case: "stream", value: { streamIdentifier: "s", revisionOption: { case: "start" } } } as const;
const everything = { case: "all", value: { allOption: { case: "start" } } } as const;
const kinds = {
  "a read of a stream": { streamOption: stream, countOption: { case: "count", value: 1e9 } },
  "a subscription to a stream": { streamOption: stream, countOption: { case: "subscription" } },
  "a read of $all": { streamOption: everything, countOption: { case: "count", value: 1e9 } },
  "a subscription to $all": { streamOption: everything, countOption: { case: "subscription" } },
} as const;

for (const [what, options] of Object.entries(kinds)) {
  test(`back-pressure – ${what} reads on only while its client takes what was sent`, async (t) => {
    const { call, read } = await longStream(t);
    const reader = call({ options });
    let got = 0;
    t.after(() => reader.cancel());
    reader.on("error", () => {});
    reader.on("data", ({ content }: Decoded<typeof readResp>) => {
      if (content?.case === "event" && ++got === 1) reader.pause();
    });
    await until("the first event", () => got >= 1);
    const ahead = await settled(read);
    assert.ok(ahead < 300, `${ahead} events were read for a client that took ${got}`);
    reader.resume();
    await until("the rest", () => got >= EVENTS);
  });
}

test("back-pressure – a client that leaves in the middle stops the reading", async (t) => {
  const { call, read } = await longStream(t);
  const reader = call({ options: kinds["a read of a stream"] });
  reader.on("error", () => {});
  await new Promise((resolve) => reader.once("data", resolve));
  reader.cancel();
  assert.ok((await settled(read)) < EVENTS);
});

test("back-pressure – of a client that sends appends faster than they are written no more are taken", async (t) => {
  const store = EventStore.open({ location: "memory", now: Date.now, newId: randomUUID });
  let taken = 0;
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  store.append = async () => {
    taken++;
    await released;
    return { outcome: "appended", revision: 0, position: 0 };
  };
  const server = await startGrpcServer({
    host: "127.0.0.1",
    port: 0,
    register: (grpc, openCalls) => addService(grpc, streamsService, streamsHandlers(store, openCalls, OPEN_ACCESS)),
  });
  t.after(async () => {
    await server.stop();
    await store.close();
  });
  const client = bareClient(t, server, streamsService as never) as unknown as Record<
    string,
    () => ClientDuplexStream<Encodable<typeof batchAppendReq>, unknown>
  >;
  const call = client["batchAppend"]!();
  let answered = 0;
  call.on("data", () => answered++);
  call.on("error", () => {});
  const options = { streamIdentifier: "s", expectedStreamPosition: { case: "any" } } as const;
  for (let i = 0; i < 10_000; i++) call.write({ correlationId: randomUUID(), options, isFinal: true });
  await until("many are taken", () => taken >= 4096);
  assert.ok((await settled(() => taken)) < 4200, `${taken} appends were taken`);
  release();
  await until("all are answered", () => answered === 10_000);
});
