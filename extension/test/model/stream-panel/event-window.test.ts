import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { EventWindow } from "../../../src/stream-panel/model/event-window.ts";
import { type Row, rowOf, weightOf } from "../../../src/stream-panel/model/row.ts";
import { recorded } from "./memory-store.ts";

const row = (revision: number): Row =>
  rowOf({ stream: "s" }, { recorded: recorded("s", revision, { data: "x".repeat(revision % 300) }) }, false);
const range = (from: number, to: number): Row[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => row(from + i));

test("event window – growing at either end, it holds one run of the source within its budget", () => {
  const moves = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 40 })), { maxLength: 60 });
  fc.assert(
    fc.property(
      fc.integer({ min: 5, max: 50 }),
      fc.integer({ min: 1_000, max: 40_000 }),
      moves,
      (rows, bytes, moves) => {
        const window = new EventWindow({ rows, bytes });
        let [first, last] = [1_000, 1_000];
        for (const [isAfter, count] of moves) {
          if (isAfter) {
            const gone = window.append(range(last, last + count), { cursor: undefined, isReached: false });
            last += count;
            first += gone;
          } else {
            const came = window.prepend(range(first - count, first), { cursor: undefined, isReached: false });
            assert.equal(came, count);
            first -= count;
            last = first + window.rows.length;
          }
          assert.deepEqual(
            window.rows.map(({ key }) => Number(key)),
            Array.from({ length: last - first }, (_, index) => first + index),
          );
          assert.ok(window.rows.length <= rows);
          assert.ok(window.bytes <= bytes || window.rows.length === 1);
          assert.equal(
            window.bytes,
            window.rows.reduce((sum, row) => sum + weightOf(row), 0),
          );
        }
      },
    ),
  );
});

test("event window – what it holds already is not taken twice", () => {
  const window = new EventWindow();
  const edge = { cursor: { revision: "12" }, isReached: true };
  window.append(range(10, 13), edge);
  assert.equal(window.append(range(11, 15), edge), 0);
  assert.equal(window.prepend(range(8, 12), edge), 2);
  assert.deepEqual(
    window.rows.map(({ key }) => key),
    ["8", "9", "10", "11", "12", "13", "14"],
  );
});

test("event window – an end that rows went from can be read again from where it now ends", () => {
  const window = new EventWindow({ rows: 3, bytes: 1e6 });
  window.append(range(0, 3), { cursor: { revision: "2" }, isReached: true });
  window.prepend([], { cursor: undefined, isReached: true });
  window.append(range(3, 5), { cursor: { revision: "4" }, isReached: true });
  assert.deepEqual(window.start, { cursor: { revision: "2" }, isReached: false });
});

test("event window – a row is found by its place, and its neighbor where it is gone", () => {
  const window = new EventWindow();
  window.append([row(3), row(7), row(9)], { cursor: undefined, isReached: true });
  assert.equal(window.indexOf({ revision: "7" }), 1);
  assert.equal(window.indexOf({ revision: "8" }), -1);
  assert.equal(window.nearest({ revision: "8" }), 2);
  assert.equal(window.nearest({ revision: "100" }), 2);
});
