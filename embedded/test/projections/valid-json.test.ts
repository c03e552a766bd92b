import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { isValidJson } from "../../src/projections/valid-json.ts";

describe("valid JSON", () => {
  it("valid JSON – takes whatever is JSON", () => {
    fc.assert(fc.property(fc.json(), (text) => isValidJson(text)));
  });

  it("valid JSON – takes what the server's check lets through", () => {
    const lenient = [
      '{"a":1/*c*/}',
      "{'a':1}",
      "{a:1}",
      '{"a":NaN}',
      '{"a":01}',
      '{"a":"\t"}',
      '{"a":1,}',
      "[1,]",
      "[1,,2]",
      "[-Infinity]",
      '// c\n{"a":1}',
      "{\"a\":'it\\'s'}",
      "[0x1F]",
      "[.5]",
    ];
    for (const text of lenient) assert.ok(isValidJson(text), text);
  });

  it("valid JSON – refuses what is cut short, followed by more, empty, or begins with a byte order mark", () => {
    const broken = [
      "",
      "  ",
      "{ no json",
      '{"a":1',
      '{"a":1} x',
      '\ufeff{"a":1}',
      '{"a":"x}',
      "[1 2]",
      '{"a" 1}',
      "{,}",
      "nul",
      "]",
    ];
    for (const text of broken) assert.ok(!isValidJson(text), text);
  });

  it("valid JSON – refuses any proper beginning of an object", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (value, n) => {
        const text = JSON.stringify(value);
        return !isValidJson(text.slice(0, n % text.length));
      }),
    );
  });

  it("valid JSON – costs no stack and little time for long nonsense", () => {
    for (const text of [`{'a':"${"x".repeat(1e6)}`, `${" ".repeat(1e6)}x`, "[".repeat(1e6), `/*${"*".repeat(1e6)}`]) {
      assert.ok(!isValidJson(text));
    }
  });
});
