import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { afterReturn } from "../../src/adapters/node-ts-bus/after-return.ts";
import { attributesOf, headersOf } from "../../src/adapters/node-ts-bus/attributes.ts";
import { Delivery } from "../../src/adapters/node-ts-bus/delivery.ts";
import { innermost, NotHandled } from "../../src/adapters/node-ts-bus/not-handled.ts";
import type { ReceiveContext } from "../../src/seam/index.ts";

/** A delivery of a message; what it sends goes nowhere. */
function deliveryOf(messageId: string): Delivery {
  const message = { id: messageId, type: "t", headers: {}, body: new Uint8Array(), isJson: true };
  const context: ReceiveContext = {
    message,
    nativeId: messageId,
    receiveAddress: "shop",
    attempt: 1,
    delayedRetries: 0,
    isRedelivery: false,
    signal: new AbortController().signal,
    dispatcher: { dispatch: async () => {} },
    items: new Map(),
  };
  const raw = { deliveryId: "1", id: messageId, type: "t", headers: {}, body: "", returns: 0, isRedelivery: false };
  const domainMessage = { $name: "t", $version: 1 };
  return new Delivery(context, {
    id: messageId,
    domainMessage,
    raw,
    attributes: { attributes: {}, stickyAttributes: {} },
  });
}

test("node-ts-bus – attributes survive as headers, whatever their names and values", () => {
  const map = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean()), { noNullPrototype: true });
  fc.assert(
    fc.property(map, map, fc.uuid(), (attributes, stickyAttributes, correlationId) => {
      const said = { correlationId, attributes, stickyAttributes };
      assert.deepEqual(attributesOf(headersOf(said)), said);
    }),
  );
  assert.deepEqual(attributesOf({ "node-ts.attributes": "no JSON", "sluice.source": "x" }), {
    attributes: {},
    stickyAttributes: {},
  });
});

test("node-ts-bus – what handlers send beside each other has the same ids in any order, and other content another id", () => {
  const sent = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 8 });
  fc.assert(
    fc.property(
      sent.chain((once) => fc.tuple(fc.constant(once), fc.shuffledSubarray(once, { minLength: once.length }))),
      ([once, again]) => {
        const id = randomUUID();
        const [first, second] = [deliveryOf(id), deliveryOf(id)];
        const ids = once.map((body) => first.idOf("type", body));
        assert.equal(new Set(ids).size, once.length);
        assert.deepEqual(again.map((body) => second.idOf("type", body)).toSorted(), ids.toSorted());
      },
    ),
  );
  assert.notEqual(deliveryOf(randomUUID()).idOf("a"), deliveryOf(randomUUID()).idOf("a"));
});

test("node-ts-bus – a returned message is retried after its delay, and put aside the last time", () => {
  assert.deepEqual(afterReturn(9, 10, 5), { action: "retry after", milliseconds: 5 });
  assert.deepEqual(afterReturn(10, 10, 5), { action: "park" });
  for (const delay of [-1, Number.NaN, Infinity])
    assert.deepEqual(afterReturn(1, 10, delay), { action: "retry after", milliseconds: 0 });
});

test("node-ts-bus – a failure is told as the one error within what the bus makes of it, and means nothing else to the transport", () => {
  const thrown = Object.assign(new RangeError("no such article"), { code: 14, details: "", metadata: {} });
  const rejected = (rejections: unknown[]) => Object.assign(new Error("rejected"), { rejections });
  assert.equal(innermost(rejected([rejected([thrown])])), thrown);
  const two = rejected([thrown, new Error("another")]);
  assert.equal(innermost(two), two);

  const told = new NotHandled({ action: "park" }, thrown);
  assert.deepEqual([told.name, told.message, told.stack], ["RangeError", "no such article", thrown.stack]);
  assert.ok(!("code" in told) && told.cause === undefined);
});
