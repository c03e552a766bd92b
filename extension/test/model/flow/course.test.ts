import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { courseDrawing } from "../../../src/flow/model/course-drawing.ts";
import { formatDuration } from "../../../src/flow/model/duration.ts";
import { courseOf } from "../../../src/flow/model/instance-course.ts";
import { courseMermaid } from "../../../src/flow/model/mermaid.ts";
import { fieldsOf } from "../../../src/flow/reading/fields-of.ts";
import { snapshotState } from "../../../src/flow/reading/snapshot-state.ts";
import { serialize } from "node:v8";
import type { InstanceEvent } from "../../../src/flow/schemas.ts";

const happened = (revision: number, body: unknown, more: Partial<InstanceEvent> = {}): InstanceEvent => ({
  revision: String(revision),
  id: `e${revision}`,
  type: "Happened",
  created: revision * 10,
  fields: fieldsOf(JSON.stringify(body)),
  ...more,
});

test("course – each event tells the values it changes, and what they were before", () => {
  const steps = courseOf(
    [
      happened(0, { total: 3, customer: "ada" }),
      happened(1, { total: 9 }, { destination: "billing" }),
      happened(2, { total: 4, customer: "ada" }),
    ],
    [{ revision: "2", created: 25, state: "{}" }],
  );
  assert.deepEqual(
    steps.map(({ changes, isMessage, snapshot }) => [
      isMessage,
      changes.map(({ path, before, after }) => [path, before, after]),
      snapshot?.created,
    ]),
    [
      [
        false,
        [
          ["$.total", undefined, "3"],
          ["$.customer", undefined, '"ada"'],
        ],
        undefined,
      ],
      // A command in the stream is for others, and says nothing of the state.
      [true, [], undefined],
      [false, [["$.total", "3", "4"]], 25],
    ],
  );
  assert.deepEqual(
    [...steps[2]!.state],
    [
      ["$.total", "4"],
      ["$.customer", '"ada"'],
    ],
  );
});

test("course – any bodies give a drawing and a text", () => {
  const bodies = fc.array(fc.json(), { maxLength: 20 });
  fc.assert(
    fc.property(bodies, (texts) => {
      const events = texts.map((text, index) => happened(index, 0, { fields: fieldsOf(text) }));
      const steps = courseOf(events, []);
      const names = { causeOf: () => undefined, more: String, stored: "stored", isShown: () => true };
      const { shapes } = courseDrawing(steps, names);
      assert.equal(shapes.filter((shape) => shape.kind === "box" && shape.key !== undefined).length, texts.length);
      courseMermaid("order-1", steps);
    }),
  );
});

test("fields – every value by its path, as it was written", () => {
  assert.deepEqual(fieldsOf(`{"id":9007199254740993,"a b":{"list":[1,{"x":null},[]],"none":{}},"t":"é"}`), [
    ["$.id", "9007199254740993"],
    [`$["a b"].list[0]`, "1"],
    [`$["a b"].list[1].x`, "null"],
    [`$["a b"].list[2]`, "[]"],
    [`$["a b"].none`, "{}"],
    ["$.t", '"é"'],
  ]);
  assert.deepEqual(fieldsOf("17"), [["$", "17"]]);
  assert.deepEqual(fieldsOf(""), []);
});

test("fields – a text that is no JSON, or was cut off, is no trouble", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.ok(Array.isArray(fieldsOf(text)));
    }),
  );
});

test("snapshots – the state that a process has stored is read, with what JSON has no words for", () => {
  const state = { total: 10n, lines: new Map([["a", 1]]), seen: new Set([1]), at: new Date(0) };
  const bytes = serialize({ foldVersion: "1", revision: 7n, state });
  assert.deepEqual(
    { ...snapshotState(bytes), state: JSON.parse(snapshotState(bytes).state) },
    { revision: "7", state: { total: "10n", lines: { a: 1 }, seen: [1], at: "1970-01-01T00:00:00.000Z" } },
  );
  assert.throws(() => snapshotState(Buffer.from("{}")));
  assert.throws(() => snapshotState(serialize({ revision: 7 })));
});

test("durations – short enough for a line", () => {
  assert.deepEqual(
    [0, 0.44, 9.96, 12.3, 999.4, 1_000, 99_949, 100_000, 7_200_000, 200_000_000, -3].map(formatDuration),
    ["0 ms", "0.4 ms", "10 ms", "12 ms", "999 ms", "1.0 s", "99.9 s", "2 min", "2 h", "2 d", "−3.0 ms"],
  );
});
