import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/** A TypeScript block of a page, the first unless told otherwise, as a program beside the tests so that it finds the packages. */
export function exampleOf(page: string, t: { after(fn: () => void): void }, index = 0): string {
  const code = blocksOf(page)[index];
  assert.ok(code, `${page} has an example ${index + 1}`);
  return folderOf({ "example.ts": code }, t);
}

/** All TypeScript blocks of a page, a program each, in one folder. */
export function examplesOf(page: string, t: { after(fn: () => void): void }): string {
  const blocks = blocksOf(page);
  assert.notEqual(blocks.length, 0, `${page} has examples`);
  return folderOf(Object.fromEntries(blocks.map((code, index) => [`example-${index + 1}.ts`, code])), t);
}

const blocksOf = (page: string): readonly string[] =>
  [...readFileSync(join(root, page), "utf8").matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ""]) => code);

function folderOf(programs: Readonly<Record<string, string>>, t: { after(fn: () => void): void }): string {
  const folder = mkdtempSync(join(import.meta.dirname, ".example-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, code] of Object.entries(programs)) writeFileSync(join(folder, name), code);
  const files = Object.keys(programs);
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ extends: "../../tsconfig.base.json", compilerOptions: { noEmit: true }, files }),
  );
  return folder;
}
