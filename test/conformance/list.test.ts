import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { conformanceCases } from "@sluice/transport/conformance";
import { memoryBench } from "../../transport/test/conformance/memory-transport.ts";
import { BEHAVIORS } from "./behaviors.ts";
import { currentPage, PAGE } from "./current-page.ts";
import { numberedTests, numbersIn } from "./numbered-tests.ts";
import { page } from "./page.ts";

test("the list of behaviors is what the tests show; `npm run conformance:list` writes it anew", () => {
  assert.equal(readFileSync(PAGE, "utf8"), currentPage());
});

test("the list has 77 behaviors, and the suite claims no others", () => {
  assert.equal(BEHAVIORS.length, 77);
  const claimed = conformanceCases().flatMap(({ numbers }) => numbers);
  assert.deepEqual(
    claimed.filter((number) => !BEHAVIORS.some((behavior) => behavior.number === number)),
    [],
  );
});

test("a test's name carries its numbers where a sentence begins, alone, in ranges, and several", () => {
  const names: Readonly<Record<string, readonly number[]>> = {
    "receiving – 7. stop waits": [7],
    "receiving – 3.–6. the limit holds": [3, 4, 5, 6],
    "failures – 41. retries, then parked; 24. what it sent does not leave": [41, 24],
    "sending – 25. all or none, 52. one append: 9. is no beginning": [25, 52],
    "fees – one and a half percent, 25.00 at least": [],
    "receiving – the last one, 12. of all": [],
    "no area 7. at all": [],
  };
  for (const [name, numbers] of Object.entries(names)) assert.deepEqual(numbersIn(name), numbers, name);
});

test("names are found in any quotes, on the next line, with quotes inside", () => {
  const source =
    'test("a – 1. says \\"no\\"", () => {});\ntest(\n  `b – 2. of ${x}`,\n  f);\nit.test(\'c – 3. d\');\ntest("e");';
  assert.deepEqual(
    numberedTests(source, "f.ts").map(({ name }) => name),
    ['a – 1. says "no"', "b – 2. of ${x}", "c – 3. d"],
  );
});

test("a page names who shows a behavior, in which modes the suite does, and what nothing shows", () => {
  const behaviors = BEHAVIORS.slice(0, 3);
  const tests = numberedTests('test("receiving – 1. it comes", f)', "some/file.test.ts");
  const cases = conformanceCases().filter(({ numbers }) => numbers.includes(2));
  const written = page(behaviors, tests, cases, [{ mode: "direct", bench: memoryBench() }]);
  assert.match(
    written,
    /\| 1 \| .* \| D T E \| {2}\| \[receiving – 1\. it comes\]\(\.\.\/\.\.\/some\/file\.test\.ts\) \|/,
  );
  assert.match(written, /\| 2 \| .* \| D T E \| 1 \| direct – 2\. headers/);
  assert.match(written, /1 of 3: 3\./);
});
