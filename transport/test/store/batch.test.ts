import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { batchedAppend } from "../../src/store/batch-request.ts";
import { batchAnswer, outcomeOf } from "../../src/store/batch-answer.ts";
import { shared, streamIdentifier, streams, uuid } from "../../src/store/generated.ts";

const ID = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";

test("batch – the client's own classes read what is written by hand", () => {
  const bytes = fc.uint8Array({ maxLength: 400 });
  const event = fc.record({
    id: fc.uuid(),
    type: fc.string({ minLength: 1 }),
    isJson: fc.boolean(),
    data: bytes,
    metadata: bytes,
  });
  const expected = fc.oneof(
    fc.constantFrom("any" as const, "no stream" as const, "stream exists" as const),
    fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
  );
  fc.assert(
    fc.property(
      fc.string({ minLength: 1 }),
      expected,
      fc.array(event, { maxLength: 5 }),
      (stream, expected, events) => {
        const [message, ...more] = batchedAppend({ correlationId: ID, stream, expected, events });
        assert.equal(more.length, 0);
        const read = streams.BatchAppendReq.deserializeBinary(message!);
        assert.equal(read.getCorrelationId()?.getString(), ID);
        assert.equal(read.getIsFinal(), true);
        const options = read.getOptions()!;
        const name = options.getStreamIdentifier()!.getStreamName_asU8();
        assert.equal(Buffer.from(name).toString("utf8"), Buffer.from(stream, "utf8").toString("utf8"));
        const said = {
          any: options.hasAny(),
          "no stream": options.hasNoStream(),
          "stream exists": options.hasStreamExists(),
          revision: options.hasStreamPosition() && BigInt(options.getStreamPosition()),
        };
        const wanted = typeof expected === "bigint" ? { revision: expected } : { [expected]: true };
        assert.deepEqual(said, { any: false, "no stream": false, "stream exists": false, revision: false, ...wanted });
        assert.deepEqual(
          read.getProposedMessagesList().map((one) => ({
            id: one.getId()?.getString(),
            type: one.getMetadataMap().get("type"),
            isJson: one.getMetadataMap().get("content-type") === "application/json",
            data: Buffer.from(one.getData_asU8()),
            metadata: Buffer.from(one.getCustomMetadata_asU8()),
          })),
          events.map(({ type, data, metadata, ...rest }) => ({
            ...rest,
            type: Buffer.from(type, "utf8").toString("utf8"),
            data: Buffer.from(data),
            metadata: Buffer.from(metadata),
          })),
        );
      },
    ),
  );
});

test("batch – what is more than a server takes in one message goes in several, of which the last says so", () => {
  const data = new Uint8Array(400_000);
  const events = Array.from({ length: 7 }, () => ({
    id: ID,
    type: "T",
    isJson: false,
    data,
    metadata: new Uint8Array(),
  }));
  const messages = batchedAppend({ correlationId: ID, stream: "s", expected: "any", events });
  const read = messages.map((message) => streams.BatchAppendReq.deserializeBinary(message));
  assert.deepEqual(
    read.map((one) => [
      one.getProposedMessagesList().length,
      one.hasOptions(),
      one.getIsFinal(),
      one.getCorrelationId()?.getString(),
    ]),
    [
      [2, true, false, ID],
      [2, false, false, ID],
      [2, false, false, ID],
      [1, false, true, ID],
    ],
  );
});

const place = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc.constantFrom(0n, 2n ** 49n - 1n, 2n ** 49n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n),
);

function answer(id: InstanceType<typeof shared.UUID>): InstanceType<typeof streams.BatchAppendResp> {
  const response = new streams.BatchAppendResp();
  response.setCorrelationId(id);
  response.setStreamIdentifier(streamIdentifier("s"));
  return response;
}

const readBack = (response: InstanceType<typeof streams.BatchAppendResp>) =>
  batchAnswer(Buffer.from(response.serializeBinary()));

test("batch – what the client's own classes write of an append that is stored is read by hand", () => {
  fc.assert(
    fc.property(fc.uuid(), place, fc.option(place, { nil: undefined }), (id, revision, position) => {
      const success = new streams.BatchAppendResp.Success();
      success.setCurrentRevision(`${revision}`);
      if (position !== undefined) {
        const at = new shared.AllStreamPosition();
        at.setCommitPosition(`${position}`);
        at.setPreparePosition(`${position}`);
        success.setPosition(at);
      }
      const response = answer(uuid(id));
      response.setSuccess(success);
      const read = readBack(response);
      assert.equal(read.correlationId, id);
      const outcome = outcomeOf(read, { stream: "s", expected: "any" });
      assert.deepEqual(outcome, { kind: "done", appended: { revision, position } });
    }),
  );
});

test("batch – an answer knows its append by either form of a UUID", () => {
  assert.equal(readBack(answer(uuid(ID))).correlationId, ID);
  const halves = new shared.UUID.Structured();
  halves.setMostSignificantBits(BigInt.asIntN(64, 0x6ba7b8109dad11d1n).toString());
  halves.setLeastSignificantBits(BigInt.asIntN(64, 0x80b400c04fd430c8n).toString());
  const structured = new shared.UUID();
  structured.setStructured(halves);
  assert.equal(readBack(answer(structured)).correlationId, ID);
});

test("batch – an answer without success or reason leaves it unknown what became of the append", () => {
  const outcome = outcomeOf(batchAnswer(Buffer.alloc(0)), { stream: "s", expected: "any" });
  assert.deepEqual(outcome, { kind: "unknown", said: "" });
});
