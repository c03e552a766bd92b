import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { BACKWARDS, END, EventStoreDBClient, jsonEvent } from "@eventstore/db-client";
import { type Embedded, startEmbedded } from "../../../src/index.ts";
import { until } from "../../until.ts";

let server: Embedded;
let client: EventStoreDBClient;

before(async () => {
  server = await startEmbedded({ memory: true, port: 0 });
  client = EventStoreDBClient.connectionString(server.connectionString);
});

after(async () => {
  await client.dispose();
  await server.stop();
});

const numbered = (from: number, to: number, type = "T") =>
  Array.from({ length: to - from }, (_, i) => jsonEvent({ type, data: { n: from + i } }));
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const SEEN = "$init: () => ({ seen: [] }), T(s, e) { s.seen.push(e.data.n) }";

async function seenBy(projection: string, partition?: string): Promise<readonly number[]> {
  const state = await client.getProjectionState<{ readonly seen?: readonly number[] }>(
    projection,
    partition === undefined ? {} : { partition },
  );
  return state.seen ?? [];
}

async function lastRevision(stream: string): Promise<bigint> {
  let last = -1n;
  try {
    const read = client.readStream(stream, { direction: BACKWARDS, fromRevision: END, maxCount: 1 });
    for await (const { link, event } of read) last = (link ?? event)?.revision ?? -1n;
  } catch (error) {
    if ((error as { type?: string }).type !== "stream-not-found") throw error;
  }
  return last;
}

const positionIs = (projection: string, position: string) =>
  until(`${projection} is at ${position}`, async () => {
    return (await client.getProjectionStatus(projection)).position === position;
  });

test("live sources – a running projection sees every event of a stream that keeps five", async () => {
  await client.setStreamMetadata("capped", { maxCount: 5 });
  await client.createProjection("one", `fromStream("capped").when({ ${SEEN} })`);
  await client.createProjection("links", `fromStream("capped").when({ T(s, e) { linkTo("linked", e) } })`, {
    emitEnabled: true,
  });
  await client.createProjection(
    "partitions",
    `fromStream("capped").partitionBy((e) => String(e.data.n % 2)).when({ ${SEEN} })`,
  );
  await client.appendToStream("capped", numbered(0, 50));
  for (const name of ["one", "links", "partitions"]) await positionIs(name, "capped: 49");
  assert.deepEqual(await seenBy("one"), range(0, 50));
  assert.deepEqual(
    await seenBy("partitions", "1"),
    range(0, 50).filter((n) => n % 2 === 1),
  );
  let links = 0;
  for await (const { event } of client.readStream("linked")) assert.equal(event?.revision, BigInt(links++));
  assert.equal(links, 50);
});

test("live sources – what was capped while a projection was stopped is gone for it, from one stream silently", async () => {
  await client.disableProjection("one");
  await client.appendToStream("capped", numbered(50, 60));
  await client.enableProjection("one");
  await until("it has read what is left", async () => (await client.getProjectionStatus("one")).progress === 100);
  await client.appendToStream("capped", numbered(60, 61));
  await positionIs("one", "capped: 60");
  assert.deepEqual(await seenBy("one"), [...range(0, 50), 60]);
});

test("live sources – of several streams a running projection sees every event, and faults at a gap that it finds", async () => {
  await client.setStreamMetadata("left", { maxCount: 5 });
  const query = `fromStreams("left", "right").when({ ${SEEN} })`;
  await client.createProjection("two", query);
  await client.appendToStream("left", numbered(0, 50));
  await client.appendToStream("right", numbered(50, 51));
  await positionIs("two", "left: 49; right: 0; ");
  assert.deepEqual(await seenBy("two"), range(0, 51));

  await client.disableProjection("two");
  await client.appendToStream("left", numbered(51, 61));
  await client.enableProjection("two");
  await until("it has faulted", async () => (await client.getProjectionStatus("two")).status.startsWith("Faulted"));
  const { stateReason } = await client.getProjectionStatus("two");
  assert.match(
    stateReason,
    /^Event number 50 was expected in the stream left, but event number 55 was received: .*A real server .* Running/,
  );
  assert.deepEqual(await seenBy("two"), range(0, 51));
  await client.resetProjection("two");
  await positionIs("two", "left: 59; right: 0; ");
  assert.deepEqual(await seenBy("two"), [50, ...range(56, 61)]);
});

test("live sources – ten megabytes that are not wanted write a checkpoint, whatever the source", async () => {
  const when = `.when({ ${SEEN} })`;
  const sources = {
    stream: 'fromStream("quiet-1")',
    streams: 'fromStreams("quiet-1", "quiet-2")',
    category: 'fromCategory("quiet")',
    types: "fromAll()",
  };
  for (const [name, source] of Object.entries(sources)) await client.createProjection(`live ${name}`, source + when);
  await client.appendToStream("quiet-1", jsonEvent({ type: "T", data: { n: 100 } }));
  for (const name of Object.keys(sources)) {
    await until(`${name} has handled the event`, async () => (await seenBy(`live ${name}`)).at(-1) === 100);
  }
  const noise = { type: "Noise", data: { text: "x".repeat(1_000_000) } };
  for (let i = 0n; i < 11n; i++) {
    await client.appendToStream("noise-1", jsonEvent(noise));
    // So that the links lie as far from each other as the events.
    await until("it is in its category", async () => (await lastRevision("$ce-noise")) === i);
  }
  const checkpointOf = async (name: string) => (await client.getProjectionStatus(name)).lastCheckpoint;
  for (const [name, checkpoint] of [
    ["stream", "quiet-1: 0"],
    ["streams", "quiet-1: 0; quiet-2: -1; "],
    ["category", "$ce-quiet: 0"],
  ]) {
    await until(`${name} has written it`, async () => (await checkpointOf(`live ${name}`)) === checkpoint);
  }
  await until("the types have written it", async () => /^C:\d{8}\//.test(await checkpointOf("live types")));

  const history = {
    stream: 'fromStream("noise-1")',
    streams: 'fromStreams("noise-1", "quiet-2")',
    category: 'fromCategory("noise")',
  };
  for (const [name, source] of Object.entries(history)) await client.createProjection(`past ${name}`, source + when);
  await until("one stream", async () => (await checkpointOf("past stream")) === "noise-1: 10");
  await until("several", async () => (await checkpointOf("past streams")) === "noise-1: 10; quiet-2: -1; ");
  await until("a category", async () => (await checkpointOf("past category")) === "$ce-noise: 10");
  assert.equal((await client.getProjectionStatus("past stream")).position, "noise-1: 10");
});
