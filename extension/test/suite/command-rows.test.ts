import assert from "node:assert/strict";
import { commandRows } from "../../src/tree-view/command-rows.ts";

suite("the rows that a view's command is for", () => {
  test("called by a key or from the palette: those selected", () => {
    assert.deepEqual(commandRows([], ["a", "b"]), ["a", "b"]);
  });

  test("called on a row: that one, whatever else is selected", () => {
    assert.deepEqual(commandRows(["c"], ["a", "b"]), ["c"]);
    assert.deepEqual(commandRows(["c", ["a", "b"]], ["a", "b"]), ["c"]);
  });

  test("called on one of those selected: all of them", () => {
    assert.deepEqual(commandRows(["b", ["a", "b"]], ["a", "b"]), ["a", "b"]);
  });

  test("called on a row that was drawn anew meanwhile: none", () => {
    assert.deepEqual(commandRows([undefined], ["a", "b"]), []);
  });
});
