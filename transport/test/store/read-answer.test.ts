import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { persistent, streamIdentifier, uuid } from "../../src/store/generated.ts";
import { readAnswer } from "../../src/store/read-answer.ts";

const place = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc.constantFrom(0n, 2n ** 49n - 1n, 2n ** 49n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n),
);
const bytes = fc.uint8Array({ maxLength: 400 });
const text = fc.string({ unit: "grapheme" });
const record = fc.record({
  id: fc.uuid(),
  stream: text,
  type: text,
  contentType: fc.constantFrom("application/json", "application/octet-stream", ""),
  ticks: fc.oneof(fc.bigInt({ min: 0n, max: 10n ** 18n }), fc.constant(17_644_416_000_000_000n)),
  revision: place,
  position: place,
  metadata: bytes,
  data: bytes,
});
type Recorded = typeof record extends fc.Arbitrary<infer Value> ? Value : never;

function recordedEvent({ id, stream, type, contentType, ticks, revision, position, metadata, data }: Recorded) {
  const event = new persistent.ReadResp.ReadEvent.RecordedEvent();
  event.setId(uuid(id));
  event.setStreamIdentifier(streamIdentifier(stream));
  event.setStreamRevision(`${revision}`);
  event.setPreparePosition(`${position}`);
  event.setCommitPosition(`${position}`);
  event.getMetadataMap().set("type", type).set("content-type", contentType).set("created", `${ticks}`);
  event.setCustomMetadata(metadata);
  event.setData(data);
  return event;
}

/** What the client's own classes read of it. */
function storedEventOf(event: ReturnType<typeof recordedEvent>) {
  const read = persistent.ReadResp.ReadEvent.RecordedEvent.deserializeBinary(event.serializeBinary());
  const context = read.getMetadataMap();
  const position = BigInt(read.getCommitPosition());
  return {
    id: read.getId()?.getString() ?? "",
    type: context.get("type") ?? "",
    isJson: context.get("content-type") === "application/json",
    data: read.getData_asU8(),
    metadata: read.getCustomMetadata_asU8(),
    stream: Buffer.from(read.getStreamIdentifier()!.getStreamName_asU8()).toString("utf8"),
    revision: BigInt(read.getStreamRevision()),
    position: position === 2n ** 64n - 1n ? undefined : position,
    // 100 ns each.
    created: new Date(Number(BigInt(context.get("created") ?? "") / 10_000n)),
  };
}

function delivery(event: Recorded): Uint8Array {
  const delivered = new persistent.ReadResp.ReadEvent();
  delivered.setEvent(recordedEvent(event));
  const response = new persistent.ReadResp();
  response.setEvent(delivered);
  return response.serializeBinary();
}

test("read answer – is read as the client's own classes read it", () => {
  const optional = fc.option(record, { nil: undefined });
  fc.assert(
    fc.property(optional, optional, fc.option(fc.nat(), { nil: undefined }), (event, link, retries) => {
      const delivered = new persistent.ReadResp.ReadEvent();
      if (event !== undefined) delivered.setEvent(recordedEvent(event));
      if (link !== undefined) delivered.setLink(recordedEvent(link));
      delivered.setCommitPosition("17");
      if (retries !== undefined) delivered.setRetryCount(retries);
      const response = new persistent.ReadResp();
      response.setEvent(delivered);
      const message = Buffer.from(response.serializeBinary());
      assert.deepEqual(readAnswer(message), {
        isConfirmation: false,
        event: {
          event: event && storedEventOf(recordedEvent(event)),
          link: link && storedEventOf(recordedEvent(link)),
          retryCount: retries ?? 0,
        },
      });
    }),
  );
});

test("read answer – what is beside a message in memory does not go along with its body", () => {
  fc.assert(
    fc.property(record, (event) => {
      const message = Buffer.from(delivery(event));
      const { event: read } = readAnswer(message);
      const { data } = read?.event ?? {};
      assert.ok(data?.length === 0 || data?.buffer.byteLength === message.length);
    }),
  );
});

test("read answer – a confirmation", () => {
  const confirmation = new persistent.ReadResp.SubscriptionConfirmation();
  confirmation.setSubscriptionId("one");
  const response = new persistent.ReadResp();
  response.setSubscriptionConfirmation(confirmation);
  assert.deepEqual(readAnswer(Buffer.from(response.serializeBinary())), {
    isConfirmation: true,
    event: undefined,
  });
});

test("read answer – fields of later servers are passed over", () => {
  const later = Buffer.from([
    9 << 3,
    0x96,
    0x01,
    (10 << 3) | 1,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    (11 << 3) | 5,
    1,
    2,
    3,
    4,
    0x7a,
    1,
    7,
  ]);
  assert.deepEqual(readAnswer(later), { isConfirmation: false, event: undefined });
});

test("read answer – cut short anywhere, it is no answer", () => {
  fc.assert(
    fc.property(record, fc.nat(), (event, at) => {
      const message = Buffer.from(delivery(event));
      assert.throws(() => readAnswer(message.subarray(0, 1 + (at % (message.length - 1)))), RangeError);
    }),
  );
});
