import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { describeError } from "../../src/receive/describe-error.ts";
import { parkReason } from "../../src/receive/park-reason.ts";

const message = { messageId: "1", type: "T", correlationId: "1", headers: {} };
const parking = {
  component: "c",
  attempts: 1,
  delayedRetries: 0,
  unknownTypeRetries: 0,
  replays: 0,
  firstFailedAt: new Date(0),
  lastFailedAt: new Date(0),
  earlierDeliveries: 0,
  message,
};

/** An error with these in place of its own properties. */
const errorWith = (properties: object): Error => Object.assign(new Error("own"), properties);
const throwing = (name: string): Error =>
  Object.defineProperty(new Error("own"), name, {
    get() {
      throw new Error("no look");
    },
  });
const hostile = new Proxy(new Error("own"), {
  get() {
    throw new Error("no look");
  },
  getPrototypeOf() {
    throw new Error("no look");
  },
});

test("parking – whatever was thrown, the reason says in words what it was", () => {
  const thrown: readonly [unknown, string, RegExp][] = [
    [undefined, "undefined", /^undefined$/],
    [null, "object", /^null$/],
    ["the press is stuck", "string", /^the press is stuck$/],
    [12n, "bigint", /^12$/],
    [Symbol("stuck"), "symbol", /stuck/],
    [{ code: 7, detail: "stuck" }, "object", /"detail":"stuck"/],
    [Object.create(null), "object", /^\{\}$/],
    [errorWith({ message: undefined }), "Error", /no message/],
    [errorWith({ message: { detail: "stuck" } }), "Error", /"detail":"stuck"/],
    [errorWith({ name: 5n, message: "stuck" }), "5", /^stuck$/],
    [errorWith({ message: 5n }), "Error", /^5$/],
    [errorWith({ stack: { of: "papers" } }), "Error", /^own$/],
    [throwing("message"), "Error", /throws when it is read/],
    [throwing("name"), "(it throws when it is read)", /^own$/],
    [throwing("stack"), "Error", /^own$/],
    [throwing("cause"), "Error", /^own$/],
    [hostile, "object", /cannot be put into words/],
    [
      {
        toJSON() {
          throw new Error("no look");
        },
      },
      "object",
      /cannot be put into words/,
    ],
  ];
  for (const [error, name, words] of thrown) {
    const described = describeError(error, 4_000);
    assert.equal(described.name, name);
    assert.match(described.message, words);
    const reason = JSON.parse(parkReason({ ...parking, error }));
    assert.match(reason.exception.message, words);
  }
});

test("parking – the reason is JSON text of bounded length for any value, and any chain of causes", () => {
  const ring = errorWith({ message: "x".repeat(100_000) });
  ring.cause = ring;
  fc.assert(
    fc.property(fc.oneof(fc.anything({ withBigInt: true, withNullPrototype: true }), fc.constant(ring)), (error) => {
      const wrapped = errorWith({ message: error, name: error, stack: error, cause: error });
      for (const thrown of [error, wrapped]) {
        const text = parkReason({ ...parking, error: thrown });
        JSON.parse(text);
        assert.ok(text.length < 40_000);
      }
    }),
  );
});
