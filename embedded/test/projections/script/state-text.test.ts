import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { numberText } from "../../../src/projections/script/world/number-text.ts";
import { faultIn, stateAfter, thing, when } from "./projection.ts";

const textOf = async (value: string): Promise<unknown> =>
  (await when(`A(s, e) { return { v: ${value} } }`)).handle(thing("A")).last?.state;

describe("state text – numbers", () => {
  it("state text – writes numbers as the server does", () => {
    const texts: readonly (readonly [number, string])[] = [
      [0, "0"],
      [-0, "-0"],
      [1e14, "100000000000000"],
      [1e15, "1000000000000000"],
      [-12345678900000000, "-12345678900000000"],
      [1e17, "1E+17"],
      [9007199254740991, "9007199254740991"],
      [123456789012345680000, "1.2345678901234568E+20"],
      [1e21, "1E+21"],
      [0.1 + 0.2, "0.30000000000000004"],
      [-2.5, "-2.5"],
      [0.0001, "0.0001"],
      [0.00001, "1E-05"],
      [1e-7, "1E-07"],
      [5e-324, "5E-324"],
      [1.7976931348623157e308, "1.7976931348623157E+308"],
      [1234567890123456.8, "1234567890123456.8"],
      [-1.5e-10, "-1.5E-10"],
      [120, "120"],
    ];
    for (const [value, text] of texts) assert.equal(numberText(value), text);
  });

  it("state text – loses no number", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (n) => Object.is(Number(numberText(n)), n)),
    );
  });
});

describe("state text – values", () => {
  it("state text – is the JSON of whatever JSON can hold", async () => {
    const echo = await when("A: (s, e) => ({ v: e.body })");
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })), async (body) => {
        // A name with a control character in it is refused by the engine's parser.
        const data = JSON.stringify(body);
        fc.pre(!/\\u00[01]|\\[bfnr]/.test(data));
        assert.deepEqual(echo.handle(thing("A", data)).state, { v: JSON.parse(data) });
      }),
    );
  });

  it("state text – leaves out what is undefined, in lists writes null for it", async () => {
    assert.equal(await textOf("{ a: undefined, b: [undefined, , null] }"), '{"v":{"b":[null,null,null]}}');
  });

  it("state text – writes big integers as texts", async () => {
    assert.equal(await textOf("[5n, -1n]"), '{"v":["5","-1"]}');
  });

  it("state text – writes objects by their own properties, hidden ones, too", async () => {
    const texts: Record<string, string> = {
      "new Date(0)": "{}",
      "[new Map([[1, 2]]), new Set([1]), Promise.resolve(1)]": "[{},{},{}]",
      "[new Number(5), new Boolean(true)]": "[{},{}]",
      "new String('abc')": '{"length":3}',
      "new Uint8Array([1, 2])": "{}",
      "/a+/g": '{"lastIndex":0}',
      "new (class { a = 1; #b = 2; get c() { return 3 } d() {} })()": '{"a":1}',
      "Object.assign(Object.create(null), { a: 1 })": '{"a":1}',
      "Object.defineProperty(Object.create({ inherited: 1 }), 'hidden', { value: 2 })": '{"hidden":2}',
      "Object.assign([1], { extra: 2 })": "[1]",
      "{ toJSON: () => 5 }": '{"toJSON":{"length":0,"name":"toJSON"}}',
      "(a, b) => a": '{"length":2,"name":"v"}',
      "async x => x": '{"length":1,"name":"v"}',
      "[() => 1]": '[{"length":0,"name":""}]',
    };
    for (const [value, text] of Object.entries(texts)) assert.equal(await textOf(value), `{"v":${text}}`, value);
  });

  it("state text – faults on what cannot be written, past any catch", async () => {
    const bounds = "Index was outside the bounds of the array.";
    const none = "Object reference not set to an instance of an object.";
    const faults: Record<string, string> = {
      "{ v: Symbol('x') }": "Cannot serialize Symbol as primitive",
      "Symbol('x')": "Cannot serialize Symbol as primitive",
      "{ a: 1, [Symbol('x')]: 1 }": "Expected string but got Symbol",
      "(s.self = s)": bounds,
      "{ f: function (a) {} }": bounds,
      "(function () { return { arguments } })(1)": bounds,
      "{ f() {} }": none,
      "{ get g() { return 1 } }": none,
      "{ set g(v) {} }": none,
    };
    for (const [value, fault] of Object.entries(faults)) assert.equal(await faultIn(`return ${value}`), fault, value);
    for (const value of ["NaN", "1 / 0", "{ v: [-1 / 0] }"]) {
      assert.match(await faultIn(`return ${value}`), /^\.NET number values such as positive and negative infinity/);
    }
  });

  it("state text – goes 64 levels deep", async () => {
    const nested = (levels: number) => `let o = {}; for (let i = 1; i < ${levels}; i++) o = { o }; return o`;
    assert.equal(typeof (await stateAfter(nested(64))), "object");
    assert.equal(await faultIn(nested(65)), "Index was outside the bounds of the array.");
  });
});
