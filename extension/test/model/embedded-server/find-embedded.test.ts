import assert from "node:assert/strict";
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { suite, test, type TestContext } from "node:test";
import { EmbeddedMissingError, EmbeddedNotBuiltError } from "../../../src/embedded-server/embedded-errors.ts";
import { findEmbedded } from "../../../src/embedded-server/find-embedded.ts";

async function folder(t: TestContext): Promise<string> {
  const path = await realpath(await mkdtemp(join(tmpdir(), "sluice-find-")));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function install(into: string, { built = true } = {}): Promise<string> {
  const directory = join(into, "node_modules", "@sluice", "embedded");
  const script = join(directory, "dist", "cli", "main.js");
  await mkdir(join(directory, "dist", "cli"), { recursive: true });
  await writeFile(join(directory, "package.json"), '{"bin":{"sluice-embedded":"./dist/cli/main.js"}}');
  if (built) await writeFile(script, "");
  return script;
}

suite("embedded server – where its command is", () => {
  test("in the workspace's folders, the first one first, and above them", async (t) => {
    const root = await folder(t);
    const [one, two] = [join(root, "one"), join(root, "two", "deep")];
    await Promise.all([one, two].map((path) => mkdir(path, { recursive: true })));
    const above = await install(root);
    assert.equal(await findEmbedded([one, two], ""), above);
    const inTwo = await install(join(root, "two"));
    assert.equal(await findEmbedded([two, one], ""), inTwo);
    assert.equal(await findEmbedded([one, two], ""), above);
  });

  test("on the PATH, where it was installed for all", async (t) => {
    const root = await folder(t);
    const script = await install(join(root, "lib"));
    await mkdir(join(root, "bin"));
    await symlink(script, join(root, "bin", "sluice-embedded"));
    const path = [join(root, "nothing"), join(root, "bin")].join(delimiter);
    assert.equal(await findEmbedded([join(root, "workspace")], path), script);
  });

  test("nowhere, which is said", async (t) => {
    const root = await folder(t);
    await assert.rejects(findEmbedded([root], root), EmbeddedMissingError);
    await assert.rejects(findEmbedded([], ""), EmbeddedMissingError);
  });

  test("in a package that was not built, which is said", async (t) => {
    const root = await folder(t);
    await install(root, { built: false });
    await assert.rejects(findEmbedded([root], ""), EmbeddedNotBuiltError);
  });
});
