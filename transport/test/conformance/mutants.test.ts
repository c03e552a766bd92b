import assert from "node:assert/strict";
import { test } from "node:test";
import { conformanceCases } from "@sluice/transport/conformance";
import { memoryBench } from "./memory-transport.ts";
import { MUTANTS } from "./mutants.ts";

const casesThat = (begin: string) => conformanceCases().filter(({ name }) => name.startsWith(begin));

for (const { what, bench, fails } of MUTANTS)
  test(`the suite notices a transport that ${what}`, async () => {
    for (const [begin, why] of Object.entries(fails)) {
      const [conformanceCase, ...others] = casesThat(begin);
      assert.ok(conformanceCase !== undefined && others.length === 0, `one case begins with "${begin}"`);
      await conformanceCase.run(memoryBench());
      await assert.rejects(conformanceCase.run(bench()), (error: Error) => {
        assert.match(error.message, why, conformanceCase.name);
        return true;
      });
    }
  });

test("the suite – every case is seen failing over a transport that breaks its promise", () => {
  const seen = new Set(MUTANTS.flatMap(({ fails }) => Object.keys(fails)).flatMap(casesThat));
  assert.deepEqual(
    conformanceCases()
      .filter((conformanceCase) => !seen.has(conformanceCase))
      .map(({ name }) => name),
    [],
  );
});
