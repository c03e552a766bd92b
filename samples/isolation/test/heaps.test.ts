import assert from "node:assert/strict";
import { test } from "node:test";
import { Heaps } from "../src/heaps.ts";
import { RULES } from "../src/rules.ts";

const order = { orderId: "1", shop: "any", lines: [{ goods: "tea", pieces: 2, price: 350 }] };
const input = JSON.stringify([order, {}]);
const honest = { output: '[{"type":"pricing.OrderPriced","body":{"orderId":"1","total":700}}]' };

test("Heaps – what a handler returns comes out as JSON, nothing as an empty list", async () => {
  await using heaps = new Heaps();
  assert.deepEqual(await heaps.run(RULES.honest, input), honest);
  assert.deepEqual(await heaps.run("() => undefined", input), { output: "[]" });
  assert.deepEqual(await heaps.run("(a, b) => [b, a] // the end", "[1,2]"), { output: "[2,1]" });
});

test("Heaps – what throws is told as data, and its thread goes on", async () => {
  await using heaps = new Heaps({ threads: 1 });
  const failed = await heaps.run(RULES.throwing, input);
  assert.ok("failed" in failed);
  assert.equal(failed.failed, "threw");
  assert.equal(failed.thrown?.name, "TypeError");
  assert.match(failed.thrown?.stack ?? "", /handler\.js:1/);
  assert.deepEqual(await heaps.run("(", input), {
    failed: "threw",
    thrown: { name: "SyntaxError", message: "unexpected token in expression: ')'", stack: "    at handler.js:2:1\n" },
  });
  const odd = await heaps.run("() => { throw { message: { toString: 1 }, stack: 2 }; }", input);
  assert.deepEqual(odd, {
    failed: "threw",
    thrown: { name: "Error", message: '{"message":{"toString":1},"stack":2}', stack: "" },
  });
  assert.deepEqual(await heaps.run(RULES.honest, input), honest);
});

test("Heaps – what takes too long is ended, inside one call of the engine, too, and the next message is handled", async () => {
  await using heaps = new Heaps({ threads: 1, milliseconds: 100 });
  for (const endless of [RULES.looping, RULES.sorting, "() => { try { for (;;); } catch { return []; } }"]) {
    assert.deepEqual(await heaps.run(endless, input), { failed: "took too long" });
  }
  assert.deepEqual(await heaps.run(RULES.honest, input), honest);
});

test("Heaps – what takes too much memory is ended, and the next message is handled", async () => {
  await using heaps = new Heaps({ threads: 1, bytes: 4 * 1024 * 1024 });
  assert.deepEqual(await heaps.run(RULES.greedy, input), { failed: "took too much memory" });
  assert.deepEqual(await heaps.run(RULES.honest, input), honest);
});

test("Heaps – nothing is left of one message for the next, nor is anything of this process inside", async () => {
  await using heaps = new Heaps({ threads: 1 });
  await heaps.run(RULES.tampering, input);
  assert.deepEqual(await heaps.run(RULES.honest, input), honest);
  for (const _ of [1, 2, 3]) {
    const { output } = (await heaps.run(RULES.remembering, input)) as { output: string };
    assert.equal(JSON.parse(output).body.total, 1);
  }
  const names = '["process","require","fetch","setTimeout","console","WebAssembly","Worker","postMessage"]';
  assert.deepEqual(await heaps.run(`() => ${names}.filter((name) => name in globalThis)`, "[]"), { output: "[]" });
  const pried = await heaps.run(RULES.prying, input);
  assert.ok("failed" in pried);
  assert.equal(pried.thrown?.name, "ReferenceError");
});

test("Heaps – a thousand messages leave the heaps level", async () => {
  await using heaps = new Heaps({ threads: 1, bytes: 2 * 1024 * 1024 });
  // All memory of the thread's engine is 20 MiB: had each left its text, the seventieth would not have fitted.
  const hungry = "(n) => { globalThis.kept = 'x'.repeat(300_000) + n; return [n]; }";
  for (let n = 0; n < 1000; n++) assert.deepEqual(await heaps.run(hungry, `[${n}]`), { output: `[${n}]` });
});

test("Heaps – a thread that ends by itself fails its message, and another takes its place", async () => {
  // No engine starts in no memory at all.
  await using heaps = new Heaps({ threads: 1, bytes: 1 });
  await assert.rejects(heaps.run(RULES.honest, input));
  await assert.rejects(heaps.run(RULES.honest, input));
});
