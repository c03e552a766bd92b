/** Runs the tests of every package and closes with a line that counts them: `N passed, N failed`. */
import { globSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";

const root = join(import.meta.dirname, "..");
const wanted = process.argv.slice(2);
const patterns = wanted.length > 0 ? wanted : ["{embedded,transport,samples/*,test}/**/*.test.ts"];
const files = patterns
  .flatMap((pattern) => globSync(pattern, { cwd: root, exclude: (name) => name === "node_modules" }))
  .map((file) => join(root, file))
  .sort();

const stream = run({
  files,
  concurrency: availableParallelism(),
  execArgv: ["--conditions=sluice-source"],
  timeout: 900_000,
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
