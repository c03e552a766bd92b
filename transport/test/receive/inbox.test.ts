import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Inbox } from "../../src/receive/inbox.ts";

test("inbox – knows the ids added last, as many as it holds, and no others", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.array(fc.nat(9).map(String)), (capacity, ids) => {
      const inbox = new Inbox(capacity);
      for (const id of ids) inbox.add(id);
      const latest = [...new Set(ids.toReversed())].slice(0, capacity);
      for (const id of new Set(ids)) assert.equal(inbox.has(id), latest.includes(id));
    }),
  );
});
