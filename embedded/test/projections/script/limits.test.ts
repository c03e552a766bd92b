import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { scriptCompiler } from "../../../src/projections/script/compile.ts";
import { faultIn, Projection, refusalOf, stateAfter, thing, when } from "./projection.ts";

describe("limits – time", () => {
  const tooLong = (doing: string, allowed: string) =>
    new RegExp(`^Projection script took too long to ${doing} \\(took: 00:00:0\\d\\.\\d{7}, allowed: ${allowed}$`);

  it("limits – stop a handler after a quarter of a second, wherever it spends it", async () => {
    const execute = tooLong("execute", "00:00:00\\.2500000");
    assert.match(await faultIn("for (;;);"), execute);
    assert.match(await faultIn("while (true) { try { for (;;); } catch {} finally { continue } }"), execute);
    assert.match(await faultIn("try { /^(a+)+$/.test('a'.repeat(40) + 'b') } catch {}"), execute);
    await assert.rejects(when("$init() { for (;;); }"), { message: execute });
  });

  it("limits – stop a handler that spends its time within what the engine does by itself, too", async () => {
    // The engine asks each ten thousand steps whether it may go on: these would take many minutes to make so many.
    const bodies = [
      "for (;;) 'x'.repeat(2e7)",
      "const a = Array.from({ length: 2e5 }, (_, i) => -i); for (;;) a.slice().sort()",
      "const a = Array.from({ length: 1e5 }, (_, i) => -i); for (;;) try { JSON.stringify(a) } catch {}",
      "const t = 'ab,'.repeat(5e5); for (;;) t.split(',').join(';')",
      "const a = new Uint8Array(2e7); for (;;) a.fill(1)",
    ];
    const took = /^Projection script took too long to execute \(took: 00:00:\d\d\.\d{7}, allowed: 00:00:00\.2500000$/;
    for (const body of bodies) assert.match(await faultIn(body), took, body);
  });

  it("limits – refuse a search that may take for ever, and no other", async () => {
    const long = "const a = 'a'.repeat(1e6), b = 'a'.repeat(5e5) + 'b';";
    for (const search of ["a.indexOf(b)", "a.lastIndexOf(b)", "a.includes(b)", "a.split(b)", "a.replaceAll(b, '')"]) {
      assert.match(await faultIn(`${long} try { ${search} } catch {}`), /may take too long to find 500001 characters/);
    }
    const searches =
      "[a.indexOf('b'), 'a-b'.split('-'), 'a-b'.split(/-/), 'aa'.replace('a', () => 'b'), 'ab'.includes('b')]";
    assert.deepEqual(await stateAfter(`${long} return ${searches}`), [-1, ["a", "b"], ["a", "b"], "ba", true]);
  });

  it("limits – stop a query that is being set up after half a second", async () => {
    assert.match(await refusalOf("for (;;);"), tooLong("compile", "00:00:00\\.5000000"));
  });

  it("limits – count no time in which the process lay still", async () => {
    const body = "for (let i = 0; i < 50000; i++); return { done: true }";
    const run = async (worked: number): Promise<unknown> => {
      let [now, cpu] = [0, 0];
      // Each look at the clock finds it a second later; `worked` of it was this process's own.
      const clock = { now: () => (now += 1000), worked: () => (cpu += worked) };
      const handler = await scriptCompiler(() => {}, clock)(`fromStream('things').when({ A() { ${body} } })`);
      return new Projection(handler).handle(thing("A")).state;
    };
    assert.deepEqual(await run(1), { done: true });
    await assert.rejects(run(1000), /took too long to execute/);
  });

  it("limits – give each call its own time", async () => {
    const body = "const end = Date.now() + 60; while (Date.now() < end); s.n = (s.n || 0) + 1";
    assert.deepEqual((await when(`A(s) { ${body} }`)).handle(...Array.from({ length: 6 }, () => thing("A"))).state, {
      n: 6,
    });
  });
});

describe("limits – memory and stack", () => {
  it("limits – fault a runaway recursion of any kind, and nothing else", async () => {
    const other = await when("A(s) { s.n = (s.n || 0) + 1 }");
    other.handle(thing("A"));
    const recursions = [
      "(function f() { f() })()",
      "JSON.parse('['.repeat(2e4))",
      "let o = {}; for (let i = 0; i < 1e4; i++) o = { o }; JSON.stringify(o)",
      "const o = { get x() { return this.x } }; o.x",
      "let a = []; for (let i = 0; i < 1e4; i++) a = [a]; String(a)",
      "let p = {}; for (let i = 0; i < 5e3; i++) p = new Proxy(p, {}); p.x",
      "const f = () => 'a'.replace(/a/, f); f()",
    ];
    for (const code of recursions) assert.match(await faultIn(code), /The real server crashes here\.$/, code);
    assert.deepEqual(other.handle(thing("A")).state, { n: 2 });
  });

  it("limits – allow a recursion of some depth", async () => {
    assert.deepEqual(await stateAfter("const f = (n) => n === 0 ? 0 : 1 + f(n - 1); return [f(500)]"), [500]);
  });

  it("limits – allow a query of some length", async () => {
    const list = Array.from({ length: 2e5 }, (_, i) => i).join();
    assert.deepEqual(
      await stateAfter(`const list = [${list}]; try { return { ...[list.length ** 1] } } catch (e) {}`),
      {
        0: 2e5,
      },
    );
  });

  it("limits – refuse a query that nests too deeply as what it is", async () => {
    const chain = Array.from({ length: 2000 }, (_, i) => `if (n === ${i}) n++;`).join(" else ");
    await assert.rejects(when(`A() { let n = 1;\n${chain} }`), { message: "Line 2: The query nests too deeply." });
  });

  it("limits – fault a script that takes too much memory", async () => {
    // However slow the machine is, no time goes by.
    const compile = scriptCompiler(() => {}, { now: () => 0, worked: () => 0 });
    for (const code of [
      "const a = []; for (;;) a.push(new ArrayBuffer(1e7))",
      "const a = []; for (;;) a.push(new Array(1e6).fill(0))",
    ]) {
      const handler = await compile(`fromStream('things').when({ Go() { ${code} } })`);
      const fault = new Projection(handler).faultOf(thing("Go"));
      assert.equal(fault, "The script ran out of the memory that a projection may use.", code);
    }
  });

  it("limits – refuse to walk lists that only claim to be long", async () => {
    const walks = [
      "indexOf.call({ length: 2 ** 40 }, 0)",
      "forEach.call({ length: 2 ** 40 }, () => {})",
      "reverse.call({ length: 2 ** 40 })",
    ];
    for (const walk of walks)
      assert.match(await faultIn(`try { Array.prototype.${walk} } catch {}`), /^A list of \d+ places is too long/);
  });

  it("limits – leave a handler of no further use once it faulted there, with a fault of its own", async () => {
    const p = await when("A() { JSON.parse('['.repeat(2e4)) }, B() {}");
    p.faultOf(thing("A"));
    p.handler.dispose();
    assert.match(p.faultOf(thing("B")), /disposed of/);
  });
});
