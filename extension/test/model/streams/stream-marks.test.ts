import assert from "node:assert/strict";
import { test } from "node:test";
import { StreamMarks } from "../../../src/streams/stream-marks.ts";
import { emitter, memento } from "../connections/fake-vscode.ts";

test("stream marks – favorites that an older version has kept are there, until others are marked", async () => {
  const kept = memento();
  await kept.update("sluice.favouriteStreams", { a: ["order-1"], b: ["order-2"] });
  const marks = new StreamMarks(kept, emitter());
  assert.deepEqual(marks.favorites("a"), ["order-1"]);
  await marks.addFavorite("a", "order-3");
  await marks.removeFavorite("a", "order-1");
  assert.deepEqual(marks.favorites("a"), ["order-3"]);
  assert.deepEqual(marks.favorites("b"), ["order-2"]);
});
