import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "..");

/** The first TypeScript block of a page, as a program beside the tests so that it finds the packages. */
function exampleOf(page: string, t: { after(fn: () => void): void }): string {
  const code = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, page), "utf8"))?.[1];
  assert.ok(code, `${page} has an example`);
  const folder = mkdtempSync(join(import.meta.dirname, ".example-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "example.ts"), code);
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ extends: "../../tsconfig.base.json", compilerOptions: { noEmit: true }, files: ["example.ts"] }),
  );
  return folder;
}

test("README – the twenty lines compile, run, and do what they say", async (t) => {
  const folder = exampleOf("README.md", t);
  await promisify(execFile)(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", folder]);
  const program = spawn(process.execPath, ["--conditions=sluice-source", join(folder, "example.ts")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => program.kill("SIGKILL"));
  const said = new Set<string>();
  for await (const line of createInterface({ input: program.stdout })) {
    said.add(line);
    if (said.size === 2) break;
  }
  assert.deepEqual(said, new Set(["charged 120 for 17", "heard of 17"]));
  program.kill("SIGINT");
  assert.deepEqual(await once(program, "exit"), [0, null]);
});

test("transport/README – the example compiles, runs and ends by itself", async (t) => {
  const folder = exampleOf("transport/README.md", t);
  await promisify(execFile)(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", folder]);
  const program = spawn(process.execPath, ["--conditions=sluice-source", join(folder, "example.ts")], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  t.after(() => program.kill("SIGKILL"));
  assert.deepEqual(await once(program, "exit"), [0, null]);
});
