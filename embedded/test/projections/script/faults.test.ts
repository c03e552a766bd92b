import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { faultIn, refusalOf, thing, when } from "./projection.ts";

describe("faults – what is thrown", () => {
  it("faults – show an object's message, or the text of what is none", async () => {
    const texts: Record<string, string> = {
      "new Error('m')": "m",
      "new Error('two\\nlines')": "two\nlines",
      "Object.assign(new RangeError('m'), { name: 'Named' })": "m",
      "'text'": "text",
      "''": "",
      "5": "5",
      null: "null",
      undefined: "undefined",
      "{ a: 1 }": "undefined",
      "['a']": "undefined",
      "{ message: 'like an error' }": "like an error",
      "{ toString() { return 'never asked' } }": "undefined",
      "Symbol('s')": "Symbol(s)",
      "10n": "10",
      "new (class Own extends Error { constructor() { super('own') } })()": "own",
    };
    for (const [thrown, text] of Object.entries(texts)) assert.equal(await faultIn(`throw ${thrown}`), text, thrown);
  });

  it("faults – come from $init, $created and transformations, too", async () => {
    await assert.rejects(when("$init() { throw new Error('no start') }"), { message: "no start", bare: false });
    const p = await when(
      "A() {}, $created() { throw new Error('no child') }",
      "",
      ".transformBy(s => { throw new Error('no result') })",
    );
    assert.throws(() => p.handler.processCreated(thing("A"), ""), { message: "no child" });
    assert.throws(() => p.handler.transform(), { message: "no result" });
  });
});

describe("faults – the engine's words", () => {
  it("faults – say what the server's engine says where QuickJS words it otherwise", async () => {
    const texts: Record<string, string> = {
      "null.x": "Cannot read property 'x' of null",
      "s.no.way": "Cannot read property 'way' of undefined",
      "s.no.way = 1": "Cannot read property 'way' of undefined",
      "s.no['way'] = 1": "Cannot read property 'way' of undefined",
      nowhere: "nowhere is not defined",
      "x; let x = 1": "x has not been initialized",
      "const c = 1; c = 2": "Assignment to constant variable.",
      "const c = 1; c += 2": "Assignment to constant variable.",
      "(1).toFixed(101)": "fractionDigits argument must be between 0 and 100",
      "(1).toPrecision(0)": "precision must be between 1 and 100",
      "String.fromCodePoint(-1)": "Invalid code point -1",
      "'a'.normalize('x')": "The normalization form should be one of NFC, NFD, NFKC, NFKD.",
      "Map()": "Constructor Map requires 'new'",
      "BigInt('x')": "Cannot convert x to a BigInt",
      "return BigInt(null)": "Cannot convert null to a BigInt",
      "1n / 0n": "Division by zero",
      "+1n": "Cannot convert a BigInt value to a number",
      "1 instanceof 5": "Right-hand side of 'instanceof' is not an object",
      "encodeURI('\\uD800')": "URI malformed",
      "[1].map(5)": "Argument must be callable",
      "[2, 1].sort(5)": "The comparison function must be either a function or undefined",
      "class A {} class B extends A { constructor() {} } new B()":
        "Must call super constructor in derived class before accessing 'this' or returning from derived constructor",
      "class A { #x = 1; static get(o) { return o.#x } } A.get({})":
        "Cannot read private member #x from an object whose class did not declare it",
      "new Array(-1)": "Invalid array length",
      "'a'.repeat(-1)": "Invalid count value",
      "1 in 5": "in can only be used with an object",
      "1n + 1": "Cannot mix BigInt and other types, use explicit conversions",
      "BigInt(1.5)": "The number 1.5 cannot be converted to a BigInt because it is not an integer",
      "Symbol() + ''": "Cannot convert a Symbol value to a string",
      "const { a } = null": "Cannot convert undefined or null to object",
      "[...5]": " is not iterable",
      "return { ...[...5] }": " is not iterable",
      "const list = 5; [...list]": "list is not iterable",
      "for (const x of 5) ;": "The value is not iterable",
      "const [a] = {}": "The value is not iterable",
      "new Map(5)": "The value is not iterable",
      "[...null]": "Cannot convert undefined or null to object",
      "for (const x of s.list) ;": "Cannot convert undefined or null to object",
      "const [a] = s.list": "Cannot convert undefined or null to object",
      "Object.create(null) + ''": "",
      "new Date(NaN).toISOString()": "",
      "class B extends 5 {}": "super class is not a constructor",
      "'x'.replaceAll(/x/, 'y')": "String.prototype.replaceAll called with a non-global RegExp argument",
      "new Promise()": "Promise resolver undefined is not a function",
      "BigInt(NaN)": "The number NaN cannot be converted to a BigInt because it is not an integer",
      "new s()": "s is not a constructor",
      "new s.nope(1)": "s.nope is not a constructor",
      "'use strict'; undeclared = 1": "undeclared is not defined",
      "'use strict'; Object.freeze(s).a = 1": "Cannot assign to read only property 'a' of [object Object]",
      "'use strict'; const o = { get g() { return 1 } }; o.g = 2":
        "Cannot assign to read only property 'g' of [object Object]",
      "'use strict'; delete Object.freeze({ a: 1 })['a']": "Cannot delete property 'a' of [object Object]",
      "null[0]": "Cannot read property '0' of null",
      "class A {} A()": "Class constructor A cannot be invoked without 'new'",
      "[].reduce((a, b) => a)": "Reduce of empty array with no initial value",
      "'use strict'; const o = Object.freeze({ c: 1 }); o.c = 2":
        "Cannot assign to read only property 'c' of [object Object]",
    };
    for (const [code, text] of Object.entries(texts)) assert.equal(await faultIn(code), text, code);
  });

  it("faults – name what was called and is no function", async () => {
    const named = (name: string) => `Property '${name}' of object is not a function`;
    const texts: Record<string, string> = {
      "s.nope()": named("nope"),
      "return s.nope(1)": named("nope"),
      "return 1 + s.nope(1)": named("nope"),
      "return s.nope({ a: [1] }, f => { f() })": named("nope"),
      "s\n  .nope\n  (1)": named("nope"),
      "'é😀'; s.nöpe()": named("nöpe"),
      "s['a b']()": named("a b"),
      "(s.nope)()": named("nope"),
      "[s][1]()": named("1"),
      "s?.nope()": named("nope"),
      "let f; f()": named("f"),
      "[1].map(x => s.nope(x))": named("nope"),
      "(1)()": "1 is not a function",
      "(void 0)()": "undefined is not a function",
    };
    for (const [code, text] of Object.entries(texts)) assert.equal(await faultIn(code), text, code);
    assert.equal(await refusalOf("fromStream('a')\n  .when({})\n  .nope()"), named("nope"));
  });

  it("faults – of JSON.parse in the script name the place", async () => {
    const texts: Record<string, string> = {
      "{": "Unexpected end of JSON input at position 1",
      x: "Unexpected token 'x' in JSON at position 0",
      "[1 2]": "Unexpected number in JSON at position 3",
      '{"a" "b"}': "Unexpected string in JSON at position 5",
      "[true}": "Unexpected token '}' in JSON at position 5",
      '["\\\\x"]': "Unexpected token 'x' in JSON at position 3",
      '["\\\\u00g1"]': "Expected hexadecimal digit in JSON at position 4",
      "[1e]": "Unexpected token ']' in JSON at position 3",
    };
    for (const [json, text] of Object.entries(texts)) assert.equal(await faultIn(`JSON.parse('${json}')`), text, json);
  });

  it("faults – of the engine can be caught with the engine's own names", async () => {
    const caught = "try { null.x } catch (e) { return [e.name, e instanceof TypeError] }";
    assert.deepEqual((await when(`A() { ${caught} }`)).handle(thing("A")).state, ["TypeError", true]);
  });

  it("faults – of the engine that are caught speak its words, too", async () => {
    const ways: Record<string, unknown> = {
      "try { s.nope() } catch (e) { return e.message }": "Property 'nope' of object is not a function",
      "try { null.x } catch ({ message, name }) { return [name, message] }": [
        "TypeError",
        "Cannot read property 'x' of null",
      ],
      "try { try { null.x } catch (e) { e.y.z } } catch (f) { return f.message }":
        "Cannot read property 'z' of undefined",
      "try { try { null.x } finally { s.n = 1 } } catch { return 'nameless' }": "nameless",
      "try { try { null.x } catch (e) { throw e } } catch (e) { return String(e) }":
        "TypeError: Cannot read property 'x' of null",
      "try { throw new Error('of its own') } catch (e) { return [e.message, e instanceof Error] }": [
        "of its own",
        true,
      ],
      "try { throw new Error('a\\0b\\ud800') } catch (e) { return [e.message] }": ["a\0b\ud800"],
      "try { throw { message: 'own' } } catch (e) { return e }": { message: "own" },
      "try { throw 5 } catch (e) { return e }": 5,
      "const text = 'catch (e) {'; try { null.x } catch (e) { e = text; return e }": "catch (e) {",
    };
    for (const [body, expected] of Object.entries(ways)) {
      const state = (await when(`A(s, e) { ${body.replace(/return (.*) }$/, "return { it: $1 } }")} }`)).handle(
        thing("A"),
      );
      assert.deepEqual(state.state, { it: expected }, body);
    }
    assert.equal(await faultIn("try { null.x } catch (e) { s.after.it }"), "Cannot read property 'it' of undefined");
    assert.equal(await refusalOf("fromStream('a')\n.when({ A() { try {} catch (e) } })"), "Line 2: Unexpected token }");
  });
});
