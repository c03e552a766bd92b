import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import {
  binaryEvent,
  jsonEvent,
  MaxAppendSizeExceededError,
  StreamDeletedError,
  UnknownError,
  WrongExpectedVersionError,
} from "@eventstore/db-client";
import { all, clientOf, counted, countedUpTo, runningServer } from "../grpc/running-server.ts";

/** Credentials for one call make the client use the classic Append instead of the batch. */
const classic = { credentials: { username: "admin", password: "changeit" } };
const ways = [
  ["batch", {}],
  ["classic", classic],
] as const;

for (const [way, options] of ways) {
  test(`appending – (${way}) answers the revision and position of the last event`, async (t) => {
    const { client } = await runningServer(t);
    const first = await client.appendToStream("s", countedUpTo(3), options);
    const second = await client.appendToStream("s", counted(3), options);
    assert.equal(first.nextExpectedRevision, 2n);
    assert.equal(second.nextExpectedRevision, 3n);
    const events = await all(client.readStream("s"));
    assert.deepEqual(
      events.map(({ event }) => (event!.data as { n: number }).n),
      [0, 1, 2, 3],
    );
    assert.deepEqual(second.position, events[3]?.event?.position);
  });

  test(`appending – (${way}) refuses what the writer did not expect, and says what is there`, async (t) => {
    const { client } = await runningServer(t);
    await client.appendToStream("s", countedUpTo(2), { ...options, expectedRevision: "no_stream" });
    for (const [stream, expectedRevision, actual] of [
      ["s", "no_stream", 1n],
      ["s", 0n, 1n],
      ["s", 7n, 1n],
      ["other", 0n, "no_stream"],
      ["other", "stream_exists", "no_stream"],
    ] as const) {
      await assert.rejects(client.appendToStream(stream, counted(9), { ...options, expectedRevision }), (error) => {
        assert.ok(error instanceof WrongExpectedVersionError);
        assert.equal(error.streamName, stream);
        assert.equal(error.expectedVersion, expectedRevision);
        assert.equal(error.actualVersion, actual);
        return true;
      });
    }
    await client.appendToStream("s", counted(2), { ...options, expectedRevision: 1n });
    await client.appendToStream("s", counted(3), { ...options, expectedRevision: "stream_exists" });
    assert.equal((await all(client.readStream("s"))).length, 4);
  });

  test(`appending – (${way}) takes 1 MiB of data and not a byte more`, async (t) => {
    const { client } = await runningServer(t);
    const blob = (size: number) => binaryEvent({ id: randomUUID(), type: "Blob", data: Buffer.alloc(size, 120) });
    await client.appendToStream("s", blob(1_048_576), options);
    await assert.rejects(client.appendToStream("s", [blob(1), blob(1_048_576)], options), (error) => {
      assert.ok(error instanceof MaxAppendSizeExceededError);
      assert.equal(error.maxAppendSize, 1_048_576);
      return true;
    });
    await client.appendToStream("s", blob(1), options);
    assert.equal((await all(client.readStream("s"))).length, 2);
  });

  test(`appending – (${way}) writes a repeated event once`, async (t) => {
    const { client } = await runningServer(t);
    const event = counted(1);
    const first = await client.appendToStream("s", event, options);
    const again = await client.appendToStream("s", event, options);
    assert.deepEqual(again, first);
    assert.equal((await all(client.readStream("s"))).length, 1);
  });

  test(`appending – (${way}) refuses a stream, type or id that cannot be, and writes nothing of it`, async (t) => {
    const { server, client } = await runningServer(t);
    await client.appendToStream("s", counted(0), options);
    for (const [stream, bad] of [
      ["", counted(1)],
      ["$$", counted(1)],
      ["s", { ...counted(1), type: "" }],
      ["s", { ...counted(1), id: "not-a-uuid" }],
      ["s", { ...counted(1), id: "00000000-0000-0000-0000-000000000000" }],
    ] as const) {
      const brief = clientOf(t, server.connectionString);
      await assert.rejects(brief.appendToStream(stream, [counted(9), bad], options), UnknownError);
    }
    assert.equal((await all(client.readStream("s"))).length, 1);
  });

  test(`appending – (${way}) to a tombstoned stream is refused`, async (t) => {
    const { client } = await runningServer(t);
    await client.appendToStream("s", counted(0), options);
    await client.tombstoneStream("s");
    await assert.rejects(client.appendToStream("s", counted(1), options), (error) => {
      assert.ok(error instanceof StreamDeletedError);
      assert.equal(error.streamName, "s");
      return true;
    });
  });

  test(`appending – (${way}) keeps data, metadata, type and name as they were`, async (t) => {
    const { client } = await runningServer(t);
    const stream = "žluť 🐎-1";
    const json = jsonEvent({ id: randomUUID(), type: "Typ é", data: { a: ["漢"], b: null }, metadata: { by: "ž" } });
    const bytes = Buffer.from([0, 255, 128, 10, 0xc3, 0x28]);
    const binary = binaryEvent({ id: randomUUID().toUpperCase(), type: "Blob", data: bytes });
    await client.appendToStream<typeof json | typeof binary>(stream, [json, binary], options);
    const [first, second] = (await all(client.readStream(stream))).map(({ event }) => event);
    assert.equal(first?.streamId, stream);
    assert.equal(first?.type, json.type);
    assert.equal(first?.id, json.id);
    assert.deepEqual(first?.data, json.data);
    assert.deepEqual(first?.metadata, json.metadata);
    assert.ok(Math.abs(Number(first?.created) - Date.now()) < 60_000);
    assert.equal(second?.id, binary.id.toLowerCase());
    assert.deepEqual(Buffer.from(second?.data as Uint8Array), bytes);
    assert.equal(second?.metadata, undefined);
  });
}

test("appending – what one client sends without waiting is written in that order", async (t) => {
  const { client } = await runningServer(t);
  // The client asks the server what it can do before its first append, and lets the others go ahead meanwhile.
  await client.appendToStream("other", counted(0));
  const answers = await Promise.all(countedUpTo(200).map((event) => client.appendToStream("s", event)));
  assert.deepEqual(
    answers.map((answer) => answer.nextExpectedRevision),
    answers.map((_, i) => BigInt(i)),
  );
  const events = await all(client.readStream("s"));
  assert.ok(events.every(({ event }, i) => (event!.data as { n: number }).n === i));
});

test("appending – of many writers that expect the same revision one wins", async (t) => {
  const { client } = await runningServer(t);
  await client.appendToStream("s", counted(0));
  const outcomes = await Promise.allSettled(
    countedUpTo(20).map((event) => client.appendToStream("s", event, { expectedRevision: 0n })),
  );
  assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
  assert.equal((await all(client.readStream("s"))).length, 2);
});

test("appending – an append cut in many messages is one append", async (t) => {
  const { client } = await runningServer(t);
  await client.appendToStream("s", countedUpTo(100), { batchAppendSize: 300 });
  await assert.rejects(
    client.appendToStream("s", countedUpTo(100), { batchAppendSize: 300, expectedRevision: 5n }),
    WrongExpectedVersionError,
  );
  assert.equal((await all(client.readStream("s"))).length, 100);
});

test("appending – 2^64 - 1 expects no stream; what no stream can have is refused", async (t) => {
  const { client } = await runningServer(t);
  await client.appendToStream("new", counted(0), { expectedRevision: 2n ** 64n - 1n });
  await assert.rejects(client.appendToStream("new", counted(1), { expectedRevision: 2n ** 64n - 1n }), (error) => {
    assert.ok(error instanceof WrongExpectedVersionError);
    assert.equal(error.expectedVersion, "no_stream");
    return true;
  });
  await assert.rejects(client.appendToStream("new", counted(1), { expectedRevision: 2n ** 63n }), UnknownError);
  await assert.rejects(client.appendToStream("new", counted(1), { expectedRevision: 2n ** 60n }), (error) => {
    assert.ok(error instanceof WrongExpectedVersionError);
    assert.equal(error.expectedVersion, 2n ** 60n);
    return true;
  });
});

test("appending – a writer who is refused can read what it was refused for", async (t) => {
  const { client } = await runningServer(t);
  await client.appendToStream("s", counted(0));
  for (let revision = 0n; revision < 30n; revision++) {
    const writers = Array.from({ length: 4 }, async () => {
      try {
        await client.appendToStream("s", counted(1), { ...classic, expectedRevision: revision });
      } catch {
        const [last] = await all(client.readStream("s", { direction: "backwards", fromRevision: "end", maxCount: 1 }));
        assert.equal(last?.event?.revision, revision + 1n);
      }
    });
    await Promise.all(writers);
  }
});
