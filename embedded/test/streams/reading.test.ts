import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import {
  BACKWARDS,
  binaryEvent,
  END,
  type EventStoreDBClient,
  START,
  StreamDeletedError,
  StreamNotFoundError,
  UnknownError,
} from "@eventstore/db-client";
import type { ClientReadableStream } from "@grpc/grpc-js";
import type { Decoded, Encodable } from "../../src/grpc/wire/message.ts";
import { type readReq, type readResp, streamsService } from "../../src/grpc/wire/streams.ts";
import { all, bareClient, counted, countedUpTo, runningServer } from "../grpc/running-server.ts";

const link = (to: string) => binaryEvent({ id: randomUUID(), type: "$>", data: Buffer.from(to) });

async function revisions(
  client: EventStoreDBClient,
  stream: string,
  options?: Parameters<EventStoreDBClient["readStream"]>[1],
): Promise<number[]> {
  return (await all(client.readStream(stream, options))).map(({ event, link: by }) => Number((by ?? event)?.revision));
}

test("reading – a stream forwards and backwards, from anywhere, as many as asked for", async (t) => {
  const { client } = await runningServer(t);
  await client.appendToStream("s", countedUpTo(100));
  const up = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const down = (from: number, to: number) => up(to, from).reverse();
  assert.deepEqual(await revisions(client, "s"), up(0, 99));
  assert.deepEqual(await revisions(client, "s", { fromRevision: 31n, maxCount: 64 }), up(31, 94));
  assert.deepEqual(await revisions(client, "s", { fromRevision: 99n }), [99]);
  assert.deepEqual(await revisions(client, "s", { fromRevision: 100n }), []);
  const back = { direction: BACKWARDS } as const;
  assert.deepEqual(await revisions(client, "s", { ...back, fromRevision: END }), down(99, 0));
  assert.deepEqual(await revisions(client, "s", { ...back, fromRevision: 70n, maxCount: 65 }), down(70, 6));
  assert.deepEqual(await revisions(client, "s", { ...back, fromRevision: START }), [0]);
  assert.deepEqual(await revisions(client, "s", { ...back, fromRevision: 1000n, maxCount: 1 }), [99]);
});

test("reading – revisions that cannot be: 2^64 - 1 is the end, from 2^63 on they are refused", async (t) => {
  const { client } = await runningServer(t);
  await client.appendToStream("s", countedUpTo(3));
  const back = { direction: BACKWARDS } as const;
  assert.deepEqual(await revisions(client, "s", { fromRevision: 2n ** 63n - 1n }), []);
  assert.deepEqual(await revisions(client, "s", { ...back, fromRevision: 2n ** 63n - 1n }), [2, 1, 0]);
  assert.deepEqual(await revisions(client, "s", { ...back, fromRevision: 2n ** 60n }), [2, 1, 0]);
  assert.deepEqual(await revisions(client, "s", { ...back, fromRevision: 2n ** 64n - 1n }), [2, 1, 0]);
  await assert.rejects(revisions(client, "s", { fromRevision: 2n ** 64n - 1n }), /Unexpected ReadStreamResult: Error/);
  await assert.rejects(revisions(client, "s", { fromRevision: 2n ** 63n }), UnknownError);
  await assert.rejects(revisions(client, "s", { maxCount: 0 }), /Unexpected ReadStreamResult: Error/);
  await assert.rejects(revisions(client, ""), UnknownError);
});

test("reading – a missing, a deleted and a tombstoned stream are told apart", async (t) => {
  const { client } = await runningServer(t);
  for (const stream of ["soft", "hard"]) await client.appendToStream(stream, countedUpTo(3));
  await client.deleteStream("soft");
  await client.tombstoneStream("hard");
  for (const stream of ["missing", "soft"]) {
    await assert.rejects(revisions(client, stream), (error) => {
      assert.ok(error instanceof StreamNotFoundError);
      assert.equal(error.streamName, stream);
      return true;
    });
  }
  await assert.rejects(revisions(client, "hard"), StreamDeletedError);
  await assert.rejects(client.getStreamMetadata("hard"), StreamDeletedError);
});

test("reading – the name of a failed stream survives whatever letters it has", async (t) => {
  const { client } = await runningServer(t);
  await client.tombstoneStream("ž\n🐎");
  await assert.rejects(revisions(client, "ž\n🐎"), StreamDeletedError);
});

test("reading – truncated events cost no place in the answer", async (t) => {
  const { client } = await runningServer(t);
  await client.appendToStream("s", countedUpTo(200));
  await client.setStreamMetadata("s", { truncateBefore: 190 });
  assert.deepEqual(await revisions(client, "s", { maxCount: 3 }), [190, 191, 192]);
  assert.deepEqual(await revisions(client, "s", { fromRevision: 5n, maxCount: 2 }), [190, 191]);
  assert.deepEqual(await revisions(client, "s", { direction: BACKWARDS, fromRevision: 191n }), [191, 190]);
});

test("reading – a client that knows the messages is told where the stream begins and ends", async (t) => {
  const { server, client } = await runningServer(t);
  await client.appendToStream("s", countedUpTo(100));
  await client.setStreamMetadata("s", { truncateBefore: 97 });
  const bare = bareClient(t, server, streamsService as never) as unknown as Record<
    string,
    (request: Encodable<typeof readReq>) => ClientReadableStream<Decoded<typeof readResp>>
  >;
  const told = async (from: number, compatibility: number) => {
    const call = bare["read"]!({
      options: {
        streamOption: {
          case: "stream",
          value: { streamIdentifier: "s", revisionOption: { case: "revision", value: from } },
        },
        countOption: { case: "count", value: 50 },
        controlOption: { compatibility },
      },
    });
    return (await all(call as AsyncIterable<Decoded<typeof readResp>>)).map(({ content }) =>
      content?.case === "event" ? content.value.event?.streamRevision : content,
    );
  };
  const first = { case: "firstStreamPosition", value: 97 };
  const last = { case: "lastStreamPosition", value: 99 };
  assert.deepEqual(await told(5, 1), [first, 97, 98, 99, last]);
  assert.deepEqual(await told(66, 1), [97, 98, 99, last]); // the first page reaches the first event
  assert.deepEqual(await told(5, 0), [97, 98, 99]);
});

test("reading – links are resolved one step where that is asked for", async (t) => {
  const { client } = await runningServer(t);
  await client.appendToStream("s", countedUpTo(2));
  await client.appendToStream("links", [link("1@s"), link("9@s"), link("0@missing"), link("no link"), link("0@")]);
  const plain = await all(client.readStream("links", { maxCount: 1 }));
  assert.equal(plain[0]?.event?.type, "$>");
  const resolved = await all(client.readStream("links", { resolveLinkTos: true }));
  assert.deepEqual(
    resolved.map((r) => [r.link?.revision, r.event?.streamId, r.event?.revision]),
    [
      [0n, "s", 1n],
      [1n, undefined, undefined],
      [2n, undefined, undefined],
      [undefined, "links", 3n],
      [4n, undefined, undefined],
    ],
  );
  assert.equal(resolved[0]?.commitPosition, resolved[0]?.link?.position?.commit);
});

test("reading – a link to metadata of metadata, and so on for 30,000 times, leads nowhere and harms nobody", async (t) => {
  const { client } = await runningServer(t);
  await client.appendToStream("links", link(`0@${"$".repeat(60_000)}`));
  const [read] = await all(client.readStream("links", { resolveLinkTos: true }));
  assert.ok(read?.link);
  assert.equal(read.event, undefined);
  await assert.rejects(all(client.readStream("$".repeat(60_000))), StreamNotFoundError);
});

test("reading – $all forwards begins with the event at the position, backwards with the one before it", async (t) => {
  const { client } = await runningServer(t);
  await client.appendToStream("a", counted(0));
  await client.appendToStream("b", counted(1));
  await client.appendToStream("a", counted(2));
  const events = await all(client.readAll());
  const own = events.filter(({ event }) => event?.type === "Counted").map(({ event }) => event!);
  assert.equal(own.length, 3);
  const middle = own[1]!.position!;
  const forwards = await all(client.readAll({ fromPosition: middle }));
  assert.equal(forwards[0]?.event?.id, own[1]!.id);
  const backwards = await all(client.readAll({ fromPosition: middle, direction: BACKWARDS }));
  assert.ok(backwards.every(({ event }) => event!.position!.commit < middle.commit));
  assert.ok(backwards.some(({ event }) => event?.id === own[0]!.id));
  const positions = events.map(({ event }) => event!.position!.commit);
  assert.deepEqual(
    positions,
    [...positions].sort((a, b) => Number(a - b)),
  );
  assert.equal((await all(client.readAll({ maxCount: 2 }))).length, 2);
});

test("reading – positions of $all that cannot be", async (t) => {
  const { client } = await runningServer(t);
  await client.appendToStream("a", countedUpTo(3));
  const read = (commit: bigint, prepare: bigint, direction: "forwards" | "backwards") =>
    all(client.readAll({ fromPosition: { commit, prepare }, direction }));
  const far = 2n ** 62n;
  const last = 2n ** 64n - 1n;
  assert.deepEqual(await read(far, far, "forwards"), []);
  await assert.rejects(read(far, far, "backwards"), /Unexpected ReadAllResult: Error/);
  await assert.rejects(read(1n, 2n, "forwards"), UnknownError);
  await assert.rejects(read(2n ** 63n, 2n ** 63n, "forwards"), UnknownError);
  assert.deepEqual(await read(last, last, "forwards"), []);
  assert.ok((await read(last, last, "backwards")).length >= 3);
});

test("reading – one may stop in the middle, and the server goes on", async (t) => {
  const { client } = await runningServer(t);
  await client.appendToStream("s", countedUpTo(1000));
  for (let round = 0; round < 20; round++) {
    for await (const { event } of client.readStream("s")) if (event?.revision === 4n) break;
  }
  assert.equal((await revisions(client, "s")).length, 1000);
});
