import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { startEmbedded } from "@sluice/embedded";
import {
  ServerUnreachableError,
  StreamDeletedError,
  SubscriptionDroppedError,
} from "../../../src/event-store/errors.ts";
import type { SubscriptionNote } from "../../../src/event-store/event-store.ts";
import { openEventStore } from "../../../src/event-store/open-event-store.ts";
import { bytes, linkTo, noted, openedStore, remove, text } from "./opened-store.ts";
import { relayTo } from "../../server/relay.ts";

const told = (note: SubscriptionNote): string =>
  note.kind === "entry" ? text(note.entry.recorded.data) : note.kind === "checkpoint" ? "checkpoint" : note.kind;

for (const compat of [23, 25] as const) {
  test(`subscribing (compat ${compat}) – history, that it has caught up, then what comes`, async (t) => {
    const { store } = await openedStore(t, { compat });
    await store.append("s", "any", [noted("0"), noted("1")]);
    const stop = new AbortController();
    const heard: string[] = [];
    for await (const note of store.subscribe({ stream: "s" }, { after: 0, followsLinks: false, signal: stop.signal })) {
      heard.push(told(note));
      if (note.kind === "caught-up") await store.append("s", "any", [noted("2"), noted("3")]);
      if (heard.at(-1) === "3") stop.abort();
    }
    assert.deepEqual(heard, ["1", "caught-up", "2", "3"]);
  });
}

test("subscribing – a stream that is not there yet is waited for; from the end only news is told", async (t) => {
  const { store } = await openedStore(t);
  const stop = new AbortController();
  const options = { after: "end", followsLinks: true, signal: stop.signal } as const;
  for await (const note of store.subscribe({ stream: "later" }, options)) {
    if (note.kind === "caught-up") await store.append("later", "no-stream", [noted("first")]);
    else {
      assert.equal(told(note), "first");
      stop.abort();
    }
  }
});

test("subscribing – the log tells how far it was searched, and links are followed", async (t) => {
  const { store } = await openedStore(t);
  await store.append("fact-1", "any", [noted("fact")]);
  await store.append(
    "hay-1",
    "any",
    Array.from({ length: 3000 }, () => noted("{}")),
  );
  await store.append("links", "any", [linkTo("fact-1", 0)]);
  const stop = new AbortController();
  const kinds: string[] = [];
  const log = { all: true, filter: { on: "stream", prefixes: ["fact-", "links"] } } as const;
  const options = { after: "start", followsLinks: true, signal: stop.signal } as const;
  for await (const note of store.subscribe(log, options)) {
    if (note.kind === "entry" && note.entry.target !== undefined) kinds.push(`link to ${text(note.entry.target.data)}`);
    else kinds.push(told(note));
    if (note.kind === "caught-up") stop.abort();
  }
  assert.deepEqual(
    kinds.filter((kind) => kind !== "checkpoint"),
    ["fact", "link to fact", "caught-up"],
  );
  assert.ok(kinds.filter((kind) => kind === "checkpoint").length >= 2);
});

test("subscribing – what a slow reader has not taken waits at the server", async (t) => {
  const { server, store: writer } = await openedStore(t);
  const body = bytes("x".repeat(500_000));
  for (let i = 0; i < 100; i++) await writer.append("large", "any", [noted("{}", { metadata: body })]);
  const relay = await relayTo(t, server.port);
  const store = await openEventStore(`esdb://127.0.0.1:${relay.port}?tls=false`);
  t.after(() => store.close());
  const stop = new AbortController();
  const options = { after: "start", followsLinks: false, signal: stop.signal } as const;
  let taken = 0;
  for await (const note of store.subscribe({ stream: "large" }, options)) {
    if (note.kind !== "entry") break;
    if (++taken !== 3) continue;
    // Whoever does not read is sent no more, once the little is full that lies between: 16 messages and a window.
    let before = -1;
    while (before !== relay.received) {
      before = relay.received;
      for (let turns = 0; turns < 200; turns++) await new Promise((resolve) => setImmediate(resolve));
      await writer.features();
    }
    assert.ok(relay.received < 30 * body.length, `${relay.received} bytes were sent`);
  }
  assert.equal(taken, 100);
});

test("subscribing – a tombstone ends it, and so does a server that goes away", async (t) => {
  const { server, store: writer } = await openedStore(t);
  const relay = await relayTo(t, server.port);
  const store = await openEventStore(`esdb://127.0.0.1:${relay.port}?tls=false`);
  t.after(() => store.close());
  await writer.append("mortal", "any", [noted("{}")]);
  const { signal } = new AbortController();
  const options = { after: "start", followsLinks: false, signal } as const;
  await assert.rejects(async () => {
    for await (const { kind } of store.subscribe({ stream: "mortal" }, options))
      if (kind === "caught-up") await remove(server, "mortal", "tombstone");
  }, StreamDeletedError);
  await assert.rejects(async () => {
    for await (const { kind } of store.subscribe({ all: true }, options))
      if (kind === "caught-up") relay.hangUpAfter(0);
  }, ServerUnreachableError);
  relay.resume();
  for await (const { kind } of store.subscribe({ all: true }, options)) if (kind === "caught-up") break;
});

test("subscribing – a server that drops who is slower than its events is told from one that refuses", async (t) => {
  // The embedded server drops nobody; this one ends each call as EventStoreDB 23.10 does (spec 1.10).
  const server = createServer();
  server.on("stream", (stream) => {
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.on("wantTrailers", () =>
      stream.sendTrailers({
        "grpc-status": "10",
        "grpc-message":
          "Operation timed out: Consumer too slow to handle event while live. Client resubscription required.",
      }),
    );
    stream.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const store = await openEventStore(`esdb://127.0.0.1:${(server.address() as AddressInfo).port}?tls=false`);
  t.after(() => store.close());
  const options = { after: "start", followsLinks: false, signal: new AbortController().signal } as const;
  await assert.rejects(async () => {
    for await (const { kind } of store.subscribe({ stream: "s" }, options)) assert.fail(kind);
  }, SubscriptionDroppedError);
});

test("subscribing – a server that stops ends it, and one that starts there again is found at once", async (t) => {
  const first = await startEmbedded({ memory: true, port: 0 });
  t.after(() => first.stop());
  const store = await openEventStore(first.connectionString);
  t.after(() => store.close());
  const { signal } = new AbortController();
  const options = { after: "end", followsLinks: false, signal } as const;
  await assert.rejects(async () => {
    for await (const { kind } of store.subscribe({ all: true }, options)) if (kind === "caught-up") void first.stop();
  }, ServerUnreachableError);
  await first.stopped;
  for (let i = 0; i < 5; i++) await assert.rejects(store.features(), ServerUnreachableError);
  const second = await startEmbedded({ memory: true, port: first.port });
  t.after(() => second.stop());
  assert.notEqual((await store.features()).version, "unknown");
});

test("subscribing – whoever leaves the loop or aborts leaves no call behind", async (t) => {
  const { server, store: writer } = await openedStore(t);
  await writer.append(
    "many",
    "any",
    Array.from({ length: 500 }, () => noted("{}", { id: randomUUID() })),
  );
  const relay = await relayTo(t, server.port);
  const store = await openEventStore(`esdb://127.0.0.1:${relay.port}?tls=false`);
  for (let i = 0; i < 30; i++) {
    const stop = new AbortController();
    const options = { after: "start", followsLinks: false, signal: stop.signal } as const;
    let left = i;
    for await (const _ of store.subscribe({ all: true }, options)) {
      if (left-- > 0) continue;
      if (i % 2 === 0) break;
      stop.abort();
    }
  }
  assert.equal(relay.open, 1);
  // With no call left the connection ends as soon as it is closed.
  store.close();
  while (relay.open > 0) await new Promise((resolve) => setImmediate(resolve));
});
