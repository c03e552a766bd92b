import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatJson } from "../../../src/events/json/format.ts";
import { formatPath, parsePath, valueAt } from "../../../src/events/json/path.ts";
import { sortedJson } from "../../../src/events/json/sorted.ts";
import { tokensOf } from "../../../src/events/json/tokens.ts";

test("JSON – formatted, it says what JSON.stringify says of the same value", async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (value) => {
      assert.equal(await formatJson(JSON.stringify(value)), JSON.stringify(value, null, 2));
    }),
  );
});

test("JSON – digits, duplicate keys and escapes stay as they were written", async () => {
  const text = String.raw`{"a":9007199254740993,"a":-0.10,"\u0061":1E400,"b":"\/ \" \\"}`;
  assert.equal(
    await formatJson(text),
    String.raw`{
  "a": 9007199254740993,
  "a": -0.10,
  "\u0061": 1E400,
  "b": "\/ \" \\"
}`,
  );
});

test("JSON – a text that was cut off anywhere loses nothing of what is there", async () => {
  await fc.assert(
    fc.asyncProperty(fc.json(), fc.nat(), async (text, at) => {
      const cut = text.slice(0, at % (text.length + 1));
      const shown = [...tokensOf(cut)].map(({ text }) => text).join("");
      assert.equal(shown.replace(/\s/g, ""), cut.replace(/\s/g, ""));
      assert.equal((await formatJson(cut)).replace(/\s/g, ""), cut.replace(/\s/g, ""));
    }),
  );
});

test("JSON – a body of megabytes in one string is cut into tokens all the same", () => {
  const text = JSON.stringify({ a: 'x"'.repeat(2_500_000) });
  assert.equal([...tokensOf(text)].length, 5);
});

test("JSON – sorted, the same values stand in the order of their names", async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (value) => {
      assert.deepEqual(JSON.parse(await sortedJson(JSON.stringify(value))), JSON.parse(JSON.stringify(value)));
    }),
  );
  assert.equal(
    await sortedJson('{"b":[2,1],"a":{"d":9007199254740993,"c":[]}}'),
    '{"a":{"c":[],"d":9007199254740993},"b":[2,1]}',
  );
});

test("JSON path – steps lead to what lies there, large numbers with all of their digits", () => {
  const text = '{"order":{"lines":[{"a name":5}],"id":9007199254740993,"$x":1.5}}';
  const at = (path: string): unknown => valueAt(text, parsePath(path)!.path);
  assert.equal(at('$.order.lines[0]["a name"]'), 5);
  assert.equal(at("$.order.id"), 9007199254740993n);
  assert.equal(at("$.order.$x"), 1.5);
  assert.equal(at("$.order.toString"), undefined);
  assert.equal(at("$.order.lines[1]"), undefined);
});

test("JSON path – read again after it was written, it is the same", () => {
  const path = fc.array(fc.oneof(fc.string({ unit: "grapheme", minLength: 1 }), fc.nat()), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(path, (path) => {
      assert.deepEqual(parsePath(formatPath(path))?.path, path);
    }),
  );
});
