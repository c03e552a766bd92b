import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { TOMBSTONE_REVISION } from "../../../src/log/record.ts";
import { field } from "../../../src/grpc/wire/field.ts";
import { message } from "../../../src/grpc/wire/message.ts";
import { bytes, int32, int64, revision, string, uint64 } from "../../../src/grpc/wire/scalars.ts";
import { batchAppendReq, readReq, readResp } from "../../../src/grpc/wire/streams.ts";
import { uuid } from "../../../src/grpc/wire/uuid.ts";
import { value, type Json } from "../../../src/grpc/wire/value.ts";
import { MalformedMessageError } from "../../../src/grpc/wire/wire-error.ts";
import { allSamples } from "./samples.ts";

const refused = (wire: readonly number[], about: RegExp): void => {
  assert.throws(
    () => readReq.decode(Uint8Array.from(wire)),
    (error) => {
      assert.ok(error instanceof MalformedMessageError);
      assert.match(error.message, about);
      return true;
    },
  );
};

test("wire – a message that is cut short, mistyped or overlong is refused", () => {
  refused([0x0a], /cut short/); // options without a length
  refused([0x0a, 5, 0], /longer than its message/);
  refused([0x08, 1], /wire type 0 instead of 2/); // options as a number
  refused([0x0b], /wire type 3/); // a group
  refused([0x02, 0], /number 0/);
  refused([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02], /64 bits/);
  refused([0x7a, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], /32 bits/); // an unknown field of 2^40 bytes
  refused([0x79, 1, 2, 3], /cut short/); // an unknown 64-bit number
});

test("wire – fields that nobody knows are passed over", () => {
  const Newer = message({
    a: field(1, string),
    number: field(20, uint64),
    text: field(21, string),
    b: field(2, int32),
  });
  const Older = message({ a: field(1, string), b: field(2, int32) });
  const newer = Newer.encode({ a: "x", number: 2n ** 60n, text: "later", b: -7 });
  assert.deepEqual(Older.decode(newer), { a: "x", b: -7 });
});

test("wire – any cut and any flipped byte is read or refused, never anything else", () => {
  const encoded = allSamples.map(({ own, value: sample }) => ({ own, whole: own.encode(sample) }));
  fc.assert(
    fc.property(
      fc.constantFrom(...encoded),
      fc.nat(),
      fc.option(fc.tuple(fc.nat(), fc.nat(255)), { nil: undefined }),
      ({ own, whole }, cut, flip) => {
        const damaged = Buffer.from(whole.subarray(0, cut % (whole.length + 1)));
        if (flip !== undefined && damaged.length > 0) damaged[flip[0] % damaged.length] = flip[1];
        try {
          own.decode(damaged);
        } catch (error) {
          assert.ok(error instanceof MalformedMessageError, String(error));
        }
      },
    ),
    { numRuns: 20_000 },
  );
});

test("wire – a list of a great many empty elements is refused before it fills the heap", () => {
  const events = Buffer.alloc(2 * ((1 << 18) + 1));
  for (let i = 0; i < events.length; i += 2) events[i] = (3 << 3) | 2;
  assert.throws(() => batchAppendReq.decode(events), /more than 262144 elements/);
});

test("wire – values nested without end are refused", () => {
  const Bytes = message({ listValue: field(6, message({ values: field(1, bytes) })) });
  let nested: Uint8Array = value.encode(null);
  for (let i = 0; i < 2000; i++) nested = Bytes.encode({ listValue: { values: nested } });
  assert.throws(() => value.decode(nested), /deep/);
});

test("wire – 64-bit numbers keep every digit", () => {
  const Number64 = message({ unsigned: field(1, uint64), signed: field(2, int64) });
  fc.assert(
    fc.property(fc.bigInt(0n, 2n ** 64n - 1n), fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), (unsigned, signed) => {
      const read = Number64.decode(Number64.encode({ unsigned, signed }));
      assert.equal(BigInt(read.unsigned), unsigned);
      assert.equal(BigInt(read.signed), signed);
      assert.equal(typeof read.unsigned, unsigned > Number.MAX_SAFE_INTEGER ? "bigint" : "number");
    }),
  );
});

test("wire – plain numbers are written as bigints are", () => {
  const Number64 = message({ n: field(1, int64) });
  fc.assert(
    fc.property(fc.maxSafeInteger(), (n) => {
      assert.deepEqual(Number64.encode({ n }), Number64.encode({ n: BigInt(n) }));
      assert.equal(Number64.decode(Number64.encode({ n })).n, n);
    }),
  );
});

test("wire – the revision of a tombstone travels as 2^63 - 1", () => {
  const Revision = message({ r: field(1, revision) });
  const Plain = message({ r: field(1, uint64) });
  assert.equal(Plain.decode(Revision.encode({ r: TOMBSTONE_REVISION })).r, 2n ** 63n - 1n);
  assert.equal(Revision.decode(Plain.encode({ r: 2n ** 63n - 1n })).r, TOMBSTONE_REVISION);
  assert.equal(Revision.decode(Plain.encode({ r: 2n ** 63n })).r, 2n ** 63n);
});

test("wire – a UUID is the same text in both of its forms", () => {
  fc.assert(
    fc.property(fc.uuid(), (text) => {
      assert.equal(uuid.decode(uuid.encode(text)), text);
      assert.equal(uuid.decode(uuid.encode({ structured: text })), text);
    }),
  );
  assert.equal(uuid.decode(Buffer.alloc(0)), "");
});

test("wire – any JSON comes through as a Value", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (json) => {
      const plain = JSON.parse(JSON.stringify(json)) as Json;
      assert.deepEqual(value.decode(value.encode(plain)), plain);
    }),
  );
});

test("wire – texts of any length and script, and messages larger than a chunk, come through", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string({ unit: "grapheme", maxLength: 200 }), fc.string({ maxLength: 100 })), {
        maxLength: 20,
      }),
      fc.nat(200_000),
      (texts, size) => {
        const data = Buffer.alloc(size, 1);
        const metadata = texts.map((text, i) => [`${i}${text}`, text] as const);
        const wire = readResp.encode({ content: { case: "event", value: { event: { metadata, data } } } });
        const { content } = readResp.decode(wire);
        assert.equal(content?.case, "event");
        assert.deepEqual([...(content.value.event?.metadata ?? [])], metadata);
        assert.ok(content.value.event?.data.equals(data));
      },
    ),
    { numRuns: 100 },
  );
});

test("wire – of many messages of all sizes each is read as it was written, wherever a chunk ends", () => {
  const Numbers = message({ a: field(1, uint64), b: field(2, int64), text: field(3, string), data: field(4, bytes) });
  for (let i = 0; i < 30_000; i++) {
    const sent = {
      a: 2n ** BigInt(i % 64),
      b: i % 3 === 0 ? -i : i,
      text: "é".repeat(i % 7),
      data: Buffer.alloc(i % 11, i),
    };
    const read = Numbers.decode(Numbers.encode(sent));
    assert.deepEqual({ ...read, a: BigInt(read.a), b: Number(read.b) + 0 }, { ...sent, b: sent.b + 0 });
  }
});

test("wire – a message that cannot be written leaves nothing of itself in the next one", () => {
  const bad = { content: { case: "event", value: { event: { data: Buffer.from("x"), metadata: 7 } } } };
  assert.throws(() => readResp.encode(bad as never));
  assert.deepEqual(readResp.decode(readResp.encode({ content: { case: "firstStreamPosition", value: 7 } })), {
    content: { case: "firstStreamPosition", value: 7 },
  });
});
