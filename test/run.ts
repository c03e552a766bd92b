/**
 * Runs the tests of every package and closes with a line that counts them: `N passed, N failed`.
 *
 *   node --conditions=sluice-source test/run.ts [PATTERN…] [--only PATTERN] [--one-at-a-time]
 */
import { globSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { parseArgs } from "node:util";

const root = join(import.meta.dirname, "..");
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Runs the tests whose names match this expression. */
    only: { type: "string" },
    /** One file at a time, for what takes the whole machine. */
    "one-at-a-time": { type: "boolean", default: false },
  },
});
const patterns =
  positionals.length > 0 ? positionals : ["{embedded,transport,samples/*,test,extension/test/model}/**/*.test.ts"];
const files = patterns
  .flatMap((pattern) => globSync(pattern, { cwd: root, exclude: (name) => name === "node_modules" }))
  .map((file) => join(root, file))
  .sort();

const stream = run({
  files,
  concurrency: values["one-at-a-time"] ? 1 : availableParallelism(),
  execArgv: ["--conditions=sluice-source"],
  timeout: 900_000,
  ...(values.only === undefined ? {} : { testNamePatterns: values.only }),
});
let counts = { passed: 0, failed: 0 };
stream.on("test:summary", ({ file, counts: { passed, skipped, tests } }) => {
  if (file === undefined) counts = { passed, failed: tests - passed - skipped };
});
stream.compose(new spec()).pipe(process.stdout);
stream.on("end", () => {
  process.once("beforeExit", () => {
    console.log(`${counts.passed} passed, ${counts.failed} failed`);
    process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
  });
});
