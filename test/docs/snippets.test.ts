import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { programsOf } from "./programs-of.ts";

const root = join(import.meta.dirname, "../..");
const PAGES = [
  "{docs,transport,embedded,cli,extension}/docs/**/*.md",
  "docs/*.md",
  "{transport,embedded,cli}/README.md",
];
/** Their blocks are files that a reader writes one after the other: test/packages does so. */
const WALKTHROUGHS = ["docs/index.md", "transport/docs/tutorial.md"];

const programs = globSync(PAGES, { cwd: root })
  .filter((page) => !WALKTHROUGHS.includes(page))
  .sort()
  .flatMap((page) => {
    const name = page.replaceAll(/[/.]/g, "-").replace(/-md$/, "");
    return programsOf(readFileSync(join(root, page), "utf8")).map((program) => ({
      ...program,
      page,
      file: `${name}-${program.line}.ts`,
    }));
  });

/** Beside the tests, so that programs find the packages. */
let folder = "";
let complaints = "";

before(async () => {
  folder = mkdtempSync(join(root, "test/.example-"));
  for (const { file, code } of programs) writeFileSync(join(folder, file), code);
  // A page may name what it has no use for.
  const compilerOptions = { noEmit: true, noUnusedLocals: false, noUnusedParameters: false };
  const files = programs.map(({ file }) => file);
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ extends: "../../tsconfig.base.json", compilerOptions, files }),
  );
  const compiled = promisify(execFile)(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", folder]);
  complaints = await compiled.then(
    () => "",
    ({ stdout }: { stdout: string }) => stdout,
  );
});
after(() => rmSync(folder, { recursive: true, force: true }));

test("docs – there are programs in the pages", () => assert.ok(programs.length > 10));

for (const { page, line, file, isOnlyCompiled } of programs) {
  test(`${page} – the program from line ${line} on compiles${isOnlyCompiled ? "" : " and runs"}`, async () => {
    assert.doesNotMatch(complaints, new RegExp(`/${file}\\(`), complaints);
    if (isOnlyCompiled) return;
    await import(pathToFileURL(join(folder, file)).href);
  });
}
