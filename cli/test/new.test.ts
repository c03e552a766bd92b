import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { sluice } from "./sluice.ts";

test("new – writes a project of its name, into an empty folder too, and leaves alone what is there", async (t) => {
  const cwd = mkdtempSync(join(tmpdir(), "sluice-new-"));
  t.after(() => rmSync(cwd, { recursive: true, force: true }));
  mkdirSync(join(cwd, "shop"));
  const written = await sluice(t, undefined, ["new", "shop", "--json"], { cwd });
  assert.equal(written.code, 0, written.stderr);
  const { files } = JSON.parse(written.stdout);
  for (const file of [".gitignore", ".vscode/launch.json", "package.json", "src/main.ts", "test/sales.test.ts"]) {
    assert.ok(files.includes(file), file);
  }
  const manifest = JSON.parse(readFileSync(join(cwd, "shop/package.json"), "utf8"));
  assert.equal(manifest.name, "shop");
  assert.match(readFileSync(join(cwd, "shop/README.md"), "utf8"), /^# shop\n/);
  const own = JSON.parse(readFileSync(join(import.meta.dirname, "../package.json"), "utf8"));
  assert.deepEqual(manifest.dependencies, own.dependencies);
  assert.equal(manifest.devDependencies["@sluice/cli"], own.version);

  const again = await sluice(t, undefined, ["new", "shop"], { cwd });
  assert.equal(again.code, 2);
  assert.match(again.stderr, /shop is there already and is left as it is/);
  assert.match((await sluice(t, undefined, ["new", "../shop"], { cwd })).stderr, /is no name of a package/);
  assert.deepEqual(readdirSync(cwd), ["shop"]);
});
