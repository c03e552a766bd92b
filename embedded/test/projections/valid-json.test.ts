import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { isStrictJson } from "../../src/projections/strict-json.ts";
import { isValidJson } from "../../src/projections/valid-json.ts";

const isValid = (text: string): boolean => isValidJson(new TextEncoder().encode(text));

describe("valid JSON", () => {
  it("valid JSON – takes whatever is JSON", () => {
    fc.assert(fc.property(fc.json(), isValid));
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
    for (const text of lenient) assert.ok(isValid(text), text);
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
    for (const text of broken) assert.ok(!isValid(text), text);
  });

  it("valid JSON – refuses any proper beginning of an object", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (value, n) => {
        const text = JSON.stringify(value);
        return !isValid(text.slice(0, n % text.length));
      }),
    );
  });

  it("strict JSON – agrees with JSON.parse on anything near JSON", () => {
    const near = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom(...'"\\\\{}[]:,.0-e+ \\n\\tu', ""))
      .map(
        ([text, n, char]) =>
          text.slice(0, n % (text.length + 1)) + char + text.slice((n % (text.length + 1)) + (n % 2)),
      );
    const isJson = (text: string): boolean => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(near, (text) => isStrictJson(new TextEncoder().encode(text)) === isJson(text)),
      { numRuns: 3000 },
    );
  });

  it("strict JSON – goes 64 levels deep and takes what is not UTF-8 within texts", () => {
    const lists = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
    const objects = (levels: number): string => '{"a":'.repeat(levels) + "1" + "}".repeat(levels);
    for (const nested of [lists, objects]) {
      assert.ok(isValid(nested(64)));
      assert.ok(!isValid(nested(65)));
    }
    assert.ok(isValidJson(Uint8Array.of(0x22, 0xff, 0xfe, 0x22)));
  });

  it("valid JSON – costs no stack and little time for long nonsense", () => {
    for (const text of [`{'a':"${"x".repeat(1e6)}`, `${" ".repeat(1e6)}x`, "[".repeat(1e6), `/*${"*".repeat(1e6)}`]) {
      assert.ok(!isValid(text));
    }
  });
});
