import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decide, defaultResult } from "../../src/recoverability/policy.ts";
import { InvalidErrorResult, UnknownMessageType, Unrecoverable } from "../../src/index.ts";

const retries = fc.record({
  immediateRetries: fc.nat(20),
  delayedRetries: fc.nat(10),
  timeIncrease: fc.nat(100_000),
  unknownTypeRetries: fc.nat(20),
});
const random = fc.double({ min: 0, max: 1, noNaN: true });

test("retry policy – 41. immediate retries n, delayed retries m that wait longer and longer, then it is parked; 12. attempts grow", () => {
  fc.assert(
    fc.property(retries, random, (options, chance) => {
      const actions: string[] = [];
      let waited = -1;
      for (let delayedRetries = 0, immediateFailures = 1, parked = false; !parked;) {
        const result = defaultResult(
          { error: new Error("x"), immediateFailures, delayedRetries, unknownTypeRetries: 0 },
          options,
          chance,
        );
        actions.push(result.action);
        parked = result.action === "park";
        if (result.action === "retry after") {
          assert.ok(result.milliseconds >= options.timeIncrease * (delayedRetries + 1));
          assert.ok(result.milliseconds <= 1.2 * options.timeIncrease * (delayedRetries + 1) + 1);
          assert.ok(result.milliseconds >= waited);
          waited = result.milliseconds;
          delayedRetries += 1;
          immediateFailures = 1;
        } else immediateFailures += 1;
      }
      const round = [...Array.from({ length: options.immediateRetries }, () => "retry"), "retry after"];
      const expected = Array.from({ length: options.delayedRetries + 1 }, () => round).flat();
      assert.deepEqual(actions, [...expected.slice(0, -1), "park"]);
    }),
  );
});

test("retry policy – 43. what no retry mends is parked at once", () => {
  fc.assert(
    fc.property(retries, random, fc.nat(10), fc.integer({ min: 1, max: 30 }), (options, chance, delayed, failures) => {
      const failed = {
        error: new Unrecoverable("x"),
        immediateFailures: failures,
        delayedRetries: delayed,
        unknownTypeRetries: 0,
      };
      assert.deepEqual(defaultResult(failed, options, chance), { action: "park" });
    }),
  );
});

test("retry policy – 59. what this instance does not know is given back, soon at first, and parked after as many times as is said", () => {
  fc.assert(
    fc.property(retries, random, (options, chance) => {
      const error = new UnknownMessageType("work", "1", "work.New");
      let waited = 0;
      for (let unknownTypeRetries = 0; unknownTypeRetries < options.unknownTypeRetries; unknownTypeRetries += 1) {
        const failed = { error, immediateFailures: 1, delayedRetries: options.delayedRetries, unknownTypeRetries };
        const result = defaultResult(failed, options, chance);
        assert.ok(result.action === "retry after" && result.milliseconds <= 12_000);
        assert.ok(result.milliseconds >= Math.min(2 * waited - 1, 10_000) && result.milliseconds >= 100);
        waited = result.milliseconds;
      }
      const { unknownTypeRetries } = options;
      const last = { error, immediateFailures: 1, delayedRetries: 0, unknownTypeRetries };
      assert.deepEqual(defaultResult(last, options, chance), { action: "park" });
    }),
  );
});

test("retry policy – 42. a component's own policy decides, leaves it to the numbers, or is refused with what to answer", async () => {
  const failed = {
    message: { id: "1", type: "T", headers: {}, body: new Uint8Array(), isJson: false },
    nativeId: "1",
    receiveAddress: "work",
    error: new Error("x"),
    immediateFailures: 1,
    delayedRetries: 0,
    unknownTypeRetries: 0,
    firstFailedAt: new Date(0),
    items: new Map(),
    send: async () => {},
    publish: async () => {},
  };
  const options = { immediateRetries: 0, delayedRetries: 1, timeIncrease: 100, unknownTypeRetries: 0 };
  const by = (result: unknown) => decide(failed, () => result as never, options, 0);
  assert.deepEqual(await by({ action: "discard" }), { action: "discard" });
  assert.deepEqual(await by({ action: "retry after", milliseconds: 7 }), { action: "retry after", milliseconds: 7 });
  assert.deepEqual(await by(undefined), { action: "retry after", milliseconds: 100 });
  assert.deepEqual(await by(Promise.resolve({ action: "park" })), { action: "park" });
  for (const odd of [null, 1, {}, { action: "forget" }, { action: "retry after" }]) {
    await assert.rejects(by(odd), (error) => error instanceof InvalidErrorResult && /recover/.test(error.message));
  }
  for (const milliseconds of [-1, Number.NaN, Infinity, "7"]) {
    await assert.rejects(by({ action: "retry after", milliseconds }), InvalidErrorResult);
  }
});
