import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { faultIn, project, refusalOf, stateAfter, thing, when } from "./projection.ts";

const NO_TEXT = "String compilation has been disabled in engine options";
const NO_MODULES = "Module loading has been disabled, you need to enable it in engine options";

describe("language – what is not there", () => {
  it("language – makes no code from text", async () => {
    const ways = [
      "eval('1')",
      "(0, eval)('1')",
      "Function('return 1')()",
      "new Function('return 1')",
      "(() => 1).constructor('return 1')",
      "(async () => 1).constructor('return 1')",
      "(function* () {}).constructor('yield 1')",
      "Object.getPrototypeOf(async function* () {}).constructor('')",
      "Reflect.construct(Function, ['1'])",
    ];
    for (const way of ways) assert.equal(await faultIn(way), NO_TEXT, way);
    assert.equal(await refusalOf("eval('1'); fromStream('a')"), NO_TEXT);
    assert.deepEqual(await stateAfter("try { eval('1') } catch (e) { return { name: e.name, not: eval(5) } }"), {
      name: "TypeError",
      not: 5,
    });
    assert.deepEqual(
      await stateAfter("return [(() => 1) instanceof Function, Function.prototype === (() => 1).__proto__]"),
      [true, true],
    );
  });

  it("language – loads no modules", async () => {
    assert.equal(await faultIn("import('x'); return { went: 'on' }"), NO_MODULES);
    assert.equal(await refusalOf("import('x'); fromStream('a')"), NO_MODULES);
    for (const query of ["import x from 'x'", "export default 1", "await 1"])
      assert.match(await refusalOf(query), /^Line 1: /);
  });

  it("language – knows generators only by name", async () => {
    const unsupported = "unsupported expression type 'YieldExpression' (Parameter 'expression')";
    assert.deepEqual(await stateAfter("function* g() { yield 1 } return [typeof g]"), ["function"]);
    const running = ["[...g()]", "for (const x of g()) ;", "g().next()", "try { [...g()] } catch {}"];
    for (const code of running) assert.equal(await faultIn(`function* g() { yield 1 } ${code}`), unsupported, code);
    const byHand = "{ [Symbol.iterator]() { let n = 0; return { next: () => ({ value: n, done: n++ > 1 }) } } }";
    assert.deepEqual(await stateAfter(`return [...${byHand}]`), [0, 1]);
  });

  it("language – has no doors to the outside, no shared memory, no locales", async () => {
    const names =
      "console require module process global window self setTimeout setInterval queueMicrotask fetch URL TextEncoder structuredClone Buffer " +
      "btoa WebAssembly Intl SharedArrayBuffer Atomics importNamespace System clr std os scriptArgs print";
    const there = `return '${names}'.split(' ').filter((name) => name in globalThis)`;
    assert.deepEqual(await stateAfter(there), []);
  });

  it("language – has nothing that came after the server's engine", async () => {
    const newer = [
      "Iterator",
      "Float16Array",
      "InternalError",
      "Promise.try",
      "Promise.withResolvers",
      "RegExp.escape",
      "new Set().union",
      "[].values().map",
      "new Map().getOrInsert",
      "Math.sumPrecise",
      "Error.isError",
      "new ArrayBuffer(1).transfer",
    ];
    for (const name of newer) assert.equal(await stateAfter(`return [typeof ${name}]`).then(String), "undefined", name);
  });

  it("language – does not tell what a function was written as", async () => {
    const written =
      "const f = (a) => a; class A { m() {} } return [f, function () {}, A, new A().m, Math.max].map(String)";
    assert.deepEqual(await stateAfter(written), [
      "function f() { [native code] }",
      "function () { [native code] }",
      "function A() { [native code] }",
      "function m() { [native code] }",
      "function max() { [native code] }",
    ]);
    assert.deepEqual(await stateAfter("return ['lineNumber' in Math.max, String(globalThis)]"), [
      false,
      "[object Object]",
    ]);
    assert.equal(
      await stateAfter("try { Function.prototype.toString.call({}) } catch (e) { return [e.name] }").then(String),
      "TypeError",
    );
  });

  it("language – has functions with the server's names and lengths", async () => {
    assert.deepEqual(
      await stateAfter("return [emit, linkTo, linkStreamTo, copyTo, log].map((f) => [f.name, f.length])"),
      [
        ["emit", 4],
        ["linkTo", 3],
        ["linkStreamTo", 3],
        ["copyTo", 3],
        ["log", 0],
      ],
    );
  });
});

describe("language – what is there", () => {
  it("language – is modern JavaScript", async () => {
    assert.deepEqual(
      await stateAfter(
        "class A { #c = 1; static has(o) { return #c in o } } return [A.has(new A()), [3, 1].toSorted(), 'ab'.at(-1)]",
      ),
      [true, [1, 3], "b"],
    );
    assert.deepEqual(await stateAfter("return [/^\\p{L}+$/u.test('né'), 'a-b'.match(/(?<x>\\w)-/).groups.x]"), [
      true,
      "a",
    ]);
    assert.deepEqual(
      await stateAfter("return [JSON.parse('[1,{\"a\":2}]', (k, v) => k === 'a' ? 3 : v), JSON.parse.length]"),
      [[1, { a: 3 }], 2],
    );
    assert.deepEqual(await stateAfter("return [[1, [2]].flat(), [1, 2].includes(2), [3, 1].sort(), [1].concat([2])]"), [
      [1, 2],
      true,
      [1, 3],
      [1, 2],
    ]);
  });

  it("language – hands a reviver the values as they were parsed, those within others first", async () => {
    const seen = 'const seen = []; JSON.parse(\'{"b":{"d":1},"a":[2,3]}\', (k, v) => (seen.push(k), v)); return seen';
    assert.deepEqual(await stateAfter(seen), ["d", "b", "0", "1", "a", ""]);
    const kept = 'const { a, b } = JSON.parse(\'{"a":1e400,"b":-0}\', (k, v) => v); return [String(a), String(1 / b)]';
    assert.deepEqual(await stateAfter(kept), ["Infinity", "-Infinity"]);
    const left = 'JSON.parse(\'{"a":1,"l":[1,2],"s":"\\\\ud800"}\', (k, v) => k === \'a\' || v === 2 ? undefined : v)';
    assert.deepEqual(await stateAfter(`const v = ${left}; return [Object.keys(v), 1 in v.l, v.l.length, v.s.length]`), [
      ["l", "s"],
      false,
      2,
      1,
    ]);
    const holder =
      "JSON.parse('{\"x\":{\"y\":2}}', function (k, v) { return k === 'y' ? v + Object.keys(this).length : v })";
    assert.deepEqual(await stateAfter(`return ${holder}`), { x: { y: 3 } });
  });

  it("language – runs what is awaited before the state is taken", async () => {
    const body = "(async () => { s.first = 1; await null; s.second = 2 })(); s.after = Object.keys(s).length";
    assert.deepEqual(await stateAfter(body), { first: 1, after: 1, second: 2 });
    assert.deepEqual((await when("async A(s) { s.n = 1; return s }")).handle(thing("A")).state, {});
  });

  it("language – is one world for each projection", async () => {
    const spoiling = await project(
      "fromStream('a').when({ A() { Array.prototype.push = JSON.stringify = null; globalThis.x = 1 } })",
    );
    spoiling.handle(thing("A"));
    assert.deepEqual(
      await stateAfter("return [typeof Array.prototype.push, typeof JSON.stringify, 'x' in globalThis]"),
      ["function", "function", false],
    );
  });
});
