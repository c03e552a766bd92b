import assert from "node:assert/strict";
import { test } from "node:test";
import { conformanceCases, missingFor, registerConformance } from "@sluice/transport/conformance";
import { memoryBench } from "./memory-transport.ts";

/** Those that a bench registers. */
function registered(bench: Parameters<typeof registerConformance>[1]): readonly string[] {
  const names: string[] = [];
  registerConformance((name) => names.push(name), bench);
  return names;
}

test("the suite – a bench that can do everything gets every case, named after its behaviors", () => {
  const names = registered(memoryBench());
  assert.equal(names.length, conformanceCases().length);
  assert.equal(new Set(names).size, names.length);
  assert.match(names[0] ?? "", /^conformance – 1\. a message reaches the handler/);
});

test("the suite – what the transport is not capable of, or the bench cannot do, is not registered", () => {
  const { capabilities, createTransport, address } = memoryBench();
  const bench = { capabilities: { ...capabilities, atomicDispatch: false }, createTransport, address };
  const names = registered(bench);
  const excluded = conformanceCases().filter((conformanceCase) => missingFor(conformanceCase, bench).length > 0);
  assert.equal(names.length, conformanceCases().length - excluded.length);
  assert.ok(names.includes("conformance – 23. an isolated send leaves although the handler then throws"));
  assert.ok(!names.some((name) => name.includes("24. a send before the throw")));
  assert.ok(!names.some((name) => name.includes("the server was restarted")));
  assert.deepEqual(
    new Set(excluded.flatMap((excludedCase) => missingFor(excludedCase, bench))),
    new Set(["atomicDispatch", "parked", "crash", "freeze", "tooLarge", "restart", "cutConnection", "loseMessage"]),
  );
});
