import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cloudEvents, jsonSerializer } from "../../src/index.ts";

const message = {
  id: "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
  type: "sales.OrderPlaced",
  headers: {},
  source: "sales",
  sentAt: new Date(0),
};
const body = fc.oneof(
  fc.dictionary(fc.string(), fc.jsonValue({ noUnicodeString: false }), { noNullPrototype: true }),
  fc.array(fc.jsonValue()),
  fc.uint8Array(),
);
const asJson = (value: object): unknown =>
  value instanceof Uint8Array ? [...value] : (JSON.parse(JSON.stringify(value)) as unknown);

test("serializers – what goes in comes out, JSON and bytes, plain and as a CloudEvent", () => {
  for (const serializer of [jsonSerializer, cloudEvents(), cloudEvents({ source: "https://shop.example" })]) {
    fc.assert(
      fc.property(body, (given) => {
        const back = serializer.deserialize(serializer.serialize(given, message), message);
        assert.equal(back instanceof Uint8Array, given instanceof Uint8Array);
        assert.deepEqual(asJson(back), asJson(given));
      }),
    );
  }
});

test("cloud events – the envelope is that of CloudEvents 1.0, with the message's own id, type and time", () => {
  const { data, isJson } = cloudEvents().serialize({ n: 1 }, message);
  assert.equal(isJson, true);
  assert.deepEqual(JSON.parse(Buffer.from(data).toString()), {
    specversion: "1.0",
    id: message.id,
    source: "/sales",
    type: "sales.OrderPlaced",
    time: "1970-01-01T00:00:00.000Z",
    datacontenttype: "application/json",
    data: { n: 1 },
  });
});

test("cloud events – plain JSON is read too, and an envelope that carries no body is refused", () => {
  const read = (json: unknown): object =>
    cloudEvents().deserialize({ data: Buffer.from(JSON.stringify(json)), isJson: true }, message);
  assert.deepEqual(read({ n: 1 }), { n: 1 });
  assert.deepEqual(read({ specversion: "1.0", n: 1 }), { specversion: "1.0", n: 1 });
  assert.throws(() => read({ specversion: "1.0", id: "1", source: "/x", type: "T", data: "text" }), /no JSON object/);
  assert.throws(() => read("text"), /no JSON object/);
});
