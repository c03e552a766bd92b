import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { test } from "node:test";
import { STARTER_FILES } from "../../src/new-project/starter.ts";
import { Profile } from "../host/profile.ts";
import { serverCommand } from "../host/vscode-server.ts";

const LIMIT_BYTES = 1_000_000;
const root = join(import.meta.dirname, "..", "..");
const vsix = process.env["SLUICE_TEST_VSIX"]!;

test("package – is no larger than 1 MB", (t) => {
  const { size } = statSync(vsix);
  t.diagnostic(`${size} bytes`);
  assert.ok(size <= LIMIT_BYTES, `${size} bytes`);
});

test("package – holds what runs and what its users read, and neither sources nor pictures", () => {
  const profile = new Profile();
  try {
    serverCommand(profile, ["--install-extension", vsix]);
    const all = globSync("sluice.sluice-vscode-*/**", { cwd: profile.extensionsDir, withFileTypes: true }).filter(
      (entry) => entry.isFile(),
    );
    const isStarter = ({ parentPath }: { readonly parentPath: string }): boolean =>
      /\/starter(?:\/|$)/.test(parentPath);
    const files = all.filter((entry) => !isStarter(entry)).map(({ name }) => name);
    const [extension = ""] = globSync("sluice.sluice-vscode-*", { cwd: profile.extensionsDir });
    for (const file of STARTER_FILES) {
      const path = join(profile.extensionsDir, extension, "starter", file);
      assert.ok(existsSync(path), `${file} of a new project is missing`);
    }
    for (const name of [
      "extension.cjs",
      "extension.web.cjs",
      "codicon.ttf",
      "source-reader.cjs",
      "dry-run-worker.cjs",
      "quickjs.wasm.br",
      "package.nls.json",
      "bundle.l10n.de.json",
      "sluice.svg",
    ]) {
      assert.ok(files.includes(name), `${name} is missing among ${files.join(", ")}`);
    }
    // In the names that vsce gives them.
    for (const name of ["LICENSE.txt", "readme.md", "changelog.md"])
      assert.ok(files.includes(name), `${name} is missing`);
    const sources = files.filter((name) => [".ts", ".map", ".tsbuildinfo"].includes(extname(name)));
    assert.deepEqual(sources, []);
    assert.deepEqual(
      files.filter((name) => extname(name) === ".png"),
      [],
    );
  } finally {
    profile.remove();
  }
});

test("package – leads from its README to pictures that are there", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const pictures = [...readme.matchAll(/\]\((docs\/[^)]+)\)/g)].map(([, path = ""]) => path);
  assert.deepEqual(pictures.sort(), globSync("docs/*", { cwd: root }).sort());
});
