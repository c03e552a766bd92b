import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { backoff } from "../../src/store/backoff.ts";

test("reconnect – waits between half and all of a time that doubles from 100 ms to 3 s", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
      const wait = backoff(failures, random);
      const ceiling = Math.min(3_000, 100 * 2 ** (failures - 1));
      assert.ok(wait >= ceiling / 2 && wait <= ceiling, `${wait} of ${ceiling}`);
      assert.ok(backoff(failures + 1, random) >= wait, "never shorter after one failure more");
    }),
  );
  assert.notEqual(backoff(5, 0.1), backoff(5, 0.9), "not all at the same moment");
});
