import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { draftOptions, wantsSeen } from "../../src/drafts/draft-options.ts";
import { draftPlace, draftTexts } from "../../src/drafts/draft-place.ts";
import { newDraftText } from "../../src/drafts/event-draft.ts";
import { readSeen } from "../../src/drafts/read-seen.ts";
import { seenIn } from "../../src/drafts/seen-events.ts";
import { linkTo, noted, openedStore } from "./event-store/opened-store.ts";
import { recorded } from "./stream-panel/memory-store.ts";

/** Where the bar stands in the text. */
function placeIn(text: string) {
  const offset = text.indexOf("|");
  const whole = text.replace("|", "");
  const place = draftPlace(whole, offset);
  return place && [place.kind, place.path, place.siblings, whole.slice(place.from, place.to)];
}

test("draft completion – a place is known by the members around it, however unfinished the draft is", () => {
  assert.deepEqual(placeIn('{ "type": "Ord|"'), ["value", ["type"], ["type"], '"Ord"']);
  assert.deepEqual(placeIn('{ "type": "Ord|\n}'), ["value", ["type"], ["type"], '"Ord']);
  assert.deepEqual(placeIn('{ "type": |'), ["value", ["type"], ["type"], ""]);
  assert.deepEqual(placeIn('{ "data": { "a": 1, "b|" } }'), ["key", ["data"], ["a"], '"b"']);
  assert.deepEqual(placeIn('{ "data": { "lines": [{ "x": 1 }, { | }] } }'), ["key", ["data", "lines", ""], [], ""]);
  assert.deepEqual(placeIn('{ |"a": 1 }'), ["key", [], [], ""]);
  assert.equal(placeIn('{ // { "data": {|\n }'), undefined);
  assert.deepEqual(placeIn('{ /* "x": [ */ "a|": 1 }'), ["key", [], [], '"a"']);
  assert.equal(placeIn('"a|"'), undefined);
});

test("draft completion – any text has a place or none, and no trouble", () => {
  const anyText = fc.string({
    unit: fc.constantFrom("{", "}", "[", "]", '"', ",", ":", "\\", "/", "*", "\n", "a", " "),
  });
  fc.assert(
    fc.property(anyText, fc.nat(40), (text, offset) => {
      const place = draftPlace(text, Math.min(offset, text.length));
      if (place !== undefined) assert.ok(place.from <= offset && place.from <= place.to && place.to <= text.length);
      draftTexts(text);
    }),
  );
});

test("draft completion – a new draft says its connection, stream and type", async () => {
  const text = await newDraftText({ connection: "local", stream: "order-1", id: "x" });
  assert.deepEqual([...draftTexts(text)].slice(0, 2), [
    ["connection", "local"],
    ["stream", "order-1"],
  ]);
});

test("draft completion – types and members come out of the events that were seen", () => {
  const events = [
    recorded("order-1", 1, { type: "Paid", data: { amount: 1 }, metadata: { user: "ada" } }),
    recorded("order-1", 0, { type: "Placed", data: { total: 1, lines: [{ sku: "x" }, { count: 2 }] } }),
    recorded("order-1", 2, { type: "Broken", bytes: Uint8Array.from([0, 255]) }),
  ];
  const seen = seenIn(events);
  const optionsIn = (text: string, type = "Placed"): readonly string[] => {
    const place = draftPlace(text.replace("|", ""), text.indexOf("|"))!;
    return draftOptions(place, type, [{ name: "local" }], wantsSeen(place) ? seen : undefined);
  };
  assert.deepEqual(optionsIn('{ "type": "|" }'), ["Paid", "Placed", "Broken"]);
  assert.deepEqual(optionsIn('{ "data": { | } }'), ["total", "lines"]);
  assert.deepEqual(optionsIn('{ "data": { "total": 1, | } }'), ["lines"]);
  assert.deepEqual(optionsIn('{ "data": { "lines": [{ "|" }] } }'), ["sku", "count"]);
  assert.deepEqual(optionsIn('{ "data": { | } }', "New"), ["amount", "total", "lines"]);
  assert.deepEqual(optionsIn('{ "metadata": { | } }'), ["$correlationId", "$causationId", "user"]);
  assert.deepEqual(optionsIn('{ "connection": "|" }'), ["local"]);
  assert.deepEqual(optionsIn('{ "expectedRevision": | }'), ["any", "no-stream", "stream-exists"]);
  assert.deepEqual(optionsIn('{ "type": "x", | }').includes("type"), false);
  assert.deepEqual(optionsIn('{ "data": "|" }'), []);
});

test("draft completion – of a stream that is yet to begin, its category tells", async (t) => {
  const { store } = await openedStore(t, { startStandardProjections: false });
  const { signal } = new AbortController();
  await store.append("order-1", "any", [noted('{"total":1}', { id: randomUUID() })]);
  await store.append("$ce-order", "any", [linkTo("order-1", 0)]);
  for (const stream of ["order-1", "order-2"]) {
    assert.deepEqual((await readSeen(store, stream, signal)).types, ["Noted"]);
  }
  assert.deepEqual((await readSeen(store, "nothing", signal)).types, []);
});
