import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/** The first TypeScript block of a page, as a program beside the tests so that it finds the packages. */
export function exampleOf(page: string, t: { after(fn: () => void): void }): string {
  const [, code] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, page), "utf8")) ?? [];
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
