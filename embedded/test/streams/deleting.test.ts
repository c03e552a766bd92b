import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { binaryEvent, StreamDeletedError, StreamNotFoundError, WrongExpectedVersionError } from "@eventstore/db-client";
import { NO_DATA } from "../../src/log/record.ts";
import { EventStore } from "../../src/streams/event-store.ts";
import { all, counted, countedUpTo, runningServer } from "../grpc/running-server.ts";

/** Metadata of exactly these bytes, flagged JSON: the client asks for the content type a second time to choose how to write the data. */
function metadataOf(text: string) {
  const types = ["application/json"];
  const event = binaryEvent({ type: "$metadata", data: Buffer.from(text) });
  return Object.defineProperty(event, "contentType", { get: () => types.pop() ?? "application/octet-stream" });
}

test("deleting – a soft-deleted stream is gone until it is written again, and goes on counting", async (t) => {
  const { client } = await runningServer(t);
  await client.appendToStream("s", countedUpTo(3));
  const { position } = await client.deleteStream("s", { expectedRevision: 2n });
  assert.ok(position !== undefined);
  await assert.rejects(all(client.readStream("s")), StreamNotFoundError);
  await client.appendToStream("s", counted(9), { expectedRevision: "no_stream" });
  const events = await all(client.readStream("s"));
  assert.deepEqual(
    events.map(({ event }) => event?.revision),
    [3n],
  );
});

for (const [what, deed] of [
  ["delete", "deleteStream"],
  ["tombstone", "tombstoneStream"],
] as const) {
  test(`deleting – a ${what} that expects something else says what is there`, async (t) => {
    const { client } = await runningServer(t);
    await client.appendToStream("s", countedUpTo(3));
    for (const [expectedRevision, expected] of [
      ["no_stream", -1n],
      [0n, 0n],
      [5n, 5n],
      [2n ** 63n - 1n, 2n ** 63n - 1n],
    ] as const) {
      await assert.rejects(client[deed]("s", { expectedRevision }), (error) => {
        assert.ok(error instanceof WrongExpectedVersionError);
        assert.equal(error.streamName, "s");
        assert.equal(error.expectedVersion, expected);
        assert.equal(error.actualVersion, 2n);
        assert.match(
          error.message,
          new RegExp(
            `Delete failed due to WrongExpectedVersion. Stream: s, Expected version: ${expected}, Actual version: 2$`,
          ),
        );
        return true;
      });
    }
    await client[deed]("s", { expectedRevision: 2n });
  });
}

test("deleting – a stream without a name, or a revision that none can have, is refused", async (t) => {
  const { client } = await runningServer(t);
  await client.appendToStream("s", counted(0));
  for (const deed of ["deleteStream", "tombstoneStream"] as const) {
    await assert.rejects(client[deed](""), /Exception was thrown by handler/);
    await assert.rejects(client[deed]("s", { expectedRevision: 2n ** 63n }), /Exception was thrown by handler/);
  }
  assert.equal((await all(client.readStream("s"))).length, 1);
});

test("deleting – a tombstoned stream can be neither deleted nor tombstoned again", async (t) => {
  const { client } = await runningServer(t);
  await client.tombstoneStream("never-was");
  await assert.rejects(client.deleteStream("never-was"), StreamDeletedError);
  await assert.rejects(client.tombstoneStream("never-was"), StreamDeletedError);
});

test("deleting – metadata is set, replaced and read back", async (t) => {
  const { client } = await runningServer(t);
  assert.deepEqual((await client.getStreamMetadata("s")).metadata, undefined);
  await client.setStreamMetadata("s", { maxCount: 2, owner: "me" }, { expectedRevision: "no_stream" });
  const { metadata } = await client.getStreamMetadata<{ owner: string }>("s");
  assert.deepEqual(metadata, { maxCount: 2, owner: "me" });
  await client.appendToStream("s", countedUpTo(5));
  assert.equal((await all(client.readStream("s"))).length, 2);
  await client.setStreamMetadata("s", {});
  assert.equal((await all(client.readStream("s"))).length, 5);
});

test("deleting – metadata of a tombstoned stream is gone, and so is metadata of that", async (t) => {
  const { client } = await runningServer(t);
  await client.tombstoneStream("s");
  for (const stream of ["$$s", "$$$$s"]) {
    await assert.rejects(all(client.readStream(stream)), (error) => {
      assert.ok(error instanceof StreamDeletedError);
      assert.equal(error.streamName, stream);
      return true;
    });
  }
});

test("deleting – metadata that revives a stream keeps its numbers with every digit", async (t) => {
  const store = EventStore.open({ location: "memory", now: Date.now, newId: randomUUID });
  t.after(() => store.close());
  const event = (text: string) => {
    const data = Buffer.from(text);
    return { id: randomUUID(), type: "T", isJson: true, data, metadata: NO_DATA };
  };
  await store.append("s", "any", [event("1"), event("2")]);
  await store.delete("s", "any");
  await store.append("$$s", "any", [event('{"tenant":12345678901234567890,"rate":1.10,"of":{"all":[1.0]}}')]);
  const page = store.readStream({ stream: "$$s", from: "end", direction: "backwards", maxCount: 1 });
  assert.ok(page.outcome === "read" && page.records[0]);
  const text = Buffer.from(page.records[0].data).toString();
  assert.equal(text, '{"tenant":12345678901234567890,"rate":1.10,"of":{"all":[1.0]},"$tb":2}');
});

for (const [text, expected] of [
  ["9223372036854775807", "not found"],
  ["9223372036854775808", 3],
  ["9007199254740993", 0],
  ["2", 1],
  ["2.0", 3],
] as const) {
  test(`deleting – $tb ${text} written by hand`, async (t) => {
    const { client } = await runningServer(t);
    await client.appendToStream("s", countedUpTo(3));
    await client.appendToStream("$$s", metadataOf(`{"$tb":${text}}`));
    const left = await all(client.readStream("s")).then(
      ({ length }) => length,
      (error: unknown) => (error instanceof StreamNotFoundError ? "not found" : error),
    );
    assert.equal(left, expected);
  });
}
