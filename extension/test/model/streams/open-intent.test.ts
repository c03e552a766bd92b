import assert from "node:assert/strict";
import { test } from "node:test";
import { OpenIntent } from "../../../src/streams/open-intent.ts";

test("tree – one click looks at a row, two of them or Enter open it", () => {
  let now = 0;
  const intent = new OpenIntent(() => now);
  assert.equal(intent.of("a"), "look");
  now += 200;
  assert.equal(intent.of("b"), "look", "two rows make no double click");
  now += 200;
  assert.equal(intent.of("b"), "open");
  now += 200;
  assert.equal(intent.of("b"), "look", "nor do a third one and the second");
  now += 900;
  assert.equal(intent.of("b"), "look", "nor do two that are far apart");
  intent.entered();
  assert.equal(intent.of("c"), "open");
  assert.equal(intent.of("d"), "look");
});
