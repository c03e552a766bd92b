import assert from "node:assert/strict";
import * as node from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import * as web from "../../src/web-crypto.ts";

test("the hash of hosts without Node – is that of Node", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (text) => {
      assert.equal(
        web.createHash("sha256").update(text).digest("hex"),
        node.createHash("sha256").update(text).digest("hex"),
      );
    }),
  );
});
