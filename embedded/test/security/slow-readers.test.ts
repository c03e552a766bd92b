import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type ClientHttp2Stream, connect } from "node:http2";
import { test, type TestContext } from "node:test";
import { binaryEvent, persistentSubscriptionToStreamSettingsFromDefaults, START } from "@eventstore/db-client";
import { OPEN_ACCESS } from "../../src/grpc/access.ts";
import { startGrpcServer } from "../../src/grpc/server.ts";
import { streamsHandlers } from "../../src/grpc/streams-service.ts";
import type { Encodable } from "../../src/grpc/wire/message.ts";
import { addService } from "../../src/grpc/wire/service.ts";
import { readReq, readResp, streamsService } from "../../src/grpc/wire/streams.ts";
import { grpcMessage } from "../fuzz/frames.ts";
import { runningServer } from "../grpc/running-server.ts";
import { openedStore } from "./opened-store.ts";
import { until } from "../until.ts";

const EVENTS = 60;
const SIZE = 500_000;
/** A page of the store, and the message that waits: some events of half a megabyte. */
const FEW = 8;

/** A server with a stream of 30 MB and a stream of links to it, which counts the events that it takes from the store. */
async function largeStreams(t: TestContext) {
  const store = openedStore(t);
  for (let n = 0; n < EVENTS; n++) {
    const event = { type: "Blob", isJson: false, metadata: Buffer.alloc(0) };
    await store.append("s", "any", [{ ...event, id: randomUUID(), data: Buffer.alloc(SIZE, n) }]);
    await store.append("links", "any", [{ ...event, id: randomUUID(), type: "$>", data: Buffer.from(`${n}@s`) }]);
  }
  let read = 0;
  for (const method of ["readStream", "readAll"] as const) {
    const original = store[method].bind(store) as (request: never) => { records?: readonly { data: Uint8Array }[] };
    store[method] = ((request: never) => {
      const page = original(request);
      for (const { data } of page.records ?? []) if (data.length === SIZE) read++;
      return page;
    }) as never;
  }
  const server = await startGrpcServer({
    host: "127.0.0.1",
    port: 0,
    register: (grpc, openCalls) => addService(grpc, streamsService, streamsHandlers(store, openCalls, OPEN_ACCESS)),
  });
  t.after(() => server.stop());
  /** Calls by hand: gRPC's own client takes a number of messages before anybody asks for them. */
  function call(options: NonNullable<Encodable<typeof readReq>["options"]>): ClientHttp2Stream {
    const session = connect(`http://127.0.0.1:${server.port}`);
    t.after(() => session.destroy());
    session.on("error", () => {});
    const stream = session.request({
      ":method": "POST",
      ":path": `/${streamsService.name}/Read`,
      "content-type": "application/grpc",
      te: "trailers",
    });
    stream.on("error", () => {});
    stream.end(grpcMessage(readReq.encode({ options })));
    return stream;
  }
  return { call, read: () => read };
}

/** The first bytes of the large events in the body of a call, in order. */
function eventsIn(body: Buffer): number[] {
  const events: number[] = [];
  for (let at = 0; at + 5 <= body.length;) {
    const end = at + 5 + body.readUInt32BE(at + 1);
    if (end > body.length) break;
    const { content } = readResp.decode(body.subarray(at + 5, end));
    const event = content?.case === "event" ? content.value.event : undefined;
    if (event?.data.length === SIZE) events.push(event.data[0]!);
    at = end;
  }
  return events;
}

/** The number when it has stayed the same for a while. */
async function settled(number: () => number): Promise<number> {
  for (let quiet = 0, last = number(); ; last = number()) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    quiet = number() === last ? quiet + 1 : 0;
    if (quiet === 20) return last;
  }
}

const stream = (name: string, from: "start" | "end") =>
  ({ case: "stream", value: { streamIdentifier: name, revisionOption: { case: from } } }) as const;
const all = (from: "start" | "end") => ({ case: "all", value: { allOption: { case: from } } }) as const;
const once = { case: "count", value: 1e9 } as const;
const backwards = { readDirection: "backwards" } as const;
const kinds: Readonly<Record<string, NonNullable<Encodable<typeof readReq>["options"]>>> = {
  "a stream forwards": { streamOption: stream("s", "start"), countOption: once },
  "a stream backwards": { streamOption: stream("s", "end"), countOption: once, ...backwards },
  "$all forwards": { streamOption: all("start"), countOption: once },
  "$all backwards": { streamOption: all("end"), countOption: once, ...backwards },
  links: { streamOption: stream("links", "start"), countOption: once, resolveLinks: true },
  "a subscription": { streamOption: stream("s", "start"), countOption: { case: "subscription" } },
  "a subscription to $all": { streamOption: all("start"), countOption: { case: "subscription" } },
};

for (const [what, options] of Object.entries(kinds)) {
  test(`slow readers – of large events a client that does not take them makes the server hold few: ${what}`, async (t) => {
    const { call, read } = await largeStreams(t);
    const reader = call(options);
    await until("the first events", () => read() > 0);
    const held = await settled(read);
    assert.ok(held <= FEW, `${held} events are held`);
    const chunks: Buffer[] = [];
    let bytes = 0;
    reader.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
    });
    await until("the rest", () => bytes > EVENTS * SIZE);
    await settled(() => bytes);
    const got = eventsIn(Buffer.concat(chunks));
    const expected = Array.from({ length: EVENTS }, (_, n) => n);
    assert.deepEqual(got, options.readDirection === "backwards" ? expected.reverse() : expected);
  });
}

test("slow readers – a consumer that stops in the middle of large messages gets the rest when it goes on", async (t) => {
  const { client } = await runningServer(t);
  const data = Buffer.alloc(SIZE, 1);
  for (let n = 0; n < 30; n++) await client.appendToStream("s", binaryEvent({ type: "Blob", data }));
  const settings = persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START });
  await client.createPersistentSubscriptionToStream("s", "g", settings);
  const group = client.subscribeToPersistentSubscriptionToStream("s", "g", { bufferSize: 30 });
  t.after(() => group.unsubscribe());
  const got = new Set<bigint>();
  await new Promise<void>((resolve, reject) => {
    group.on("error", reject);
    group.on("data", (resolved) => {
      void group.ack(resolved);
      got.add(resolved.event!.revision);
      if (got.size === 30) resolve();
      if (got.size % 7 !== 0) return;
      group.pause();
      setTimeout(() => group.resume(), 50);
    });
  });
});
