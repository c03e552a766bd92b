import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { classify } from "../../src/recoverability/classify.ts";
import { InvalidName, MessageTooLarge, ServerUnreachable, Unrecoverable } from "../../src/index.ts";

const grpc = (code: number, message = "x") =>
  Object.assign(new Error(`${code} ${message}`), { code, details: message, metadata: {} });

/** An error as another copy of the package makes it: with the same mark, but of another class. */
const ofAnotherCopy = (): Error => Object.assign(new Error("x"), { [Symbol.for("sluice.unrecoverable")]: true });

test("classify – 43. what no retry mends is known by its mark, also from another copy of the package and as a cause", () => {
  for (const error of [
    new Unrecoverable("x"),
    ofAnotherCopy(),
    new InvalidName("component", "a-b", "x"),
    new MessageTooLarge("s", ["T"], 2, 1),
    new Error("x", { cause: ofAnotherCopy() }),
    new Unrecoverable("x", { cause: new ServerUnreachable("x", {}) }),
  ]) {
    assert.equal(classify(error), "unrecoverable");
  }
});

test("classify – 75. a server that is away is no failure of the message, whoever's client says so", () => {
  for (const error of [
    new ServerUnreachable("x", {}),
    Object.assign(new Error("x"), { name: "ServerUnreachable" }),
    grpc(4),
    grpc(10),
    grpc(14),
    Object.assign(new Error("x"), { type: "not-leader" }),
    Object.assign(new Error("x"), { type: "unavailable", code: 14 }),
    new Error("Failed to discover after 10 attempts."),
    grpc(2, "No leader info available in response"),
    grpc(5, "Leader info available"),
    grpc(8, "Bandwidth exhausted or memory limit exceeded"),
    grpc(13, "Received RST_STREAM with code 2 triggered by internal client error: Session closed with error code 2"),
    grpc(13, "Received RST_STREAM with code 0 (Call ended without gRPC status)"),
    new Error("could not store", { cause: new Error("deeper", { cause: grpc(14) }) }),
  ]) {
    assert.equal(classify(error), "server away", String(error));
  }
  for (const error of [
    grpc(5),
    grpc(16),
    Object.assign(new Error("x"), { code: 14 }),
    Object.assign(new Error("x"), { code: "ECONNREFUSED" }),
    new TypeError("x"),
  ]) {
    assert.equal(classify(error), "other", String(error));
  }
});

test("classify – 62. whatever is thrown is classified", () => {
  fc.assert(fc.property(fc.anything(), (thrown) => void classify(thrown)));
  const ring = new Error("x");
  ring.cause = ring;
  assert.equal(classify(ring), "other");
  const hostile = new Proxy(
    {},
    {
      get() {
        throw new Error("no look");
      },
    },
  );
  assert.equal(classify(hostile), "other");
});
