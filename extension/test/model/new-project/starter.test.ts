import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test, type TestContext } from "node:test";
import type { EventStore } from "../../../src/event-store/event-store.ts";
import { newestFlow } from "../../../src/flow/reading/newest-flow.ts";
import { STARTER_FILES, starterText } from "../../../src/new-project/starter.ts";
import { openedStore } from "../event-store/opened-store.ts";
import { run, withTypeScript } from "../handlers/type-script.ts";
import { workspaceOf, written } from "../handlers/written-workspace.ts";

const STARTER = join(import.meta.dirname, "../../../../cli/starter");
/** npm leaves files of its name out of packages; the build gives it back. */
const IGNORED = "gitignore";
const read = (file: string): string => readFileSync(join(STARTER, file === `.${IGNORED}` ? IGNORED : file), "utf8");

/** A new project in a folder of this name. */
const starter = (folder = "shop"): Record<string, string> =>
  Object.fromEntries(STARTER_FILES.map((file) => [file, starterText(file, read(file), folder)]));

/** Sources of this repository's packages in the place of what npm installs, whose declarations test/packages looks at. */
function onSources(files: Readonly<Record<string, string>>): Record<string, string> {
  const { compilerOptions, include } = JSON.parse(files["tsconfig.json"]!) as Record<string, object>;
  const options = { ...compilerOptions, customConditions: ["sluice-source"], skipLibCheck: true };
  return { ...files, "tsconfig.json": JSON.stringify({ compilerOptions: options, include }) };
}

test("new project – all files of the starter are written, and no other", () => {
  const there = globSync("{,.vscode/}**/*", { cwd: STARTER, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(STARTER.length + 1));
  const expected = STARTER_FILES.map((file) => (file === `.${IGNORED}` ? IGNORED : file));
  assert.deepEqual([...new Set(there)].sort(), expected.sort());
});

test("new project – depends on this version of the packages, under a name that npm takes", () => {
  const versionOf = (name: string): string =>
    (JSON.parse(readFileSync(join(STARTER, "../..", name, "package.json"), "utf8")) as { version: string }).version;
  for (const [folder, name] of [
    ["shop", "shop"],
    ["Meine Bestellungen!", "meine-bestellungen"],
    ["_.", "starter"],
    ["日本", "starter"],
  ] as const) {
    const manifest = JSON.parse(starter(folder)["package.json"]!) as {
      name: string;
      dependencies: Record<string, string>;
      devDependencies: Record<string, string>;
    };
    assert.equal(manifest.name, name);
    assert.match(starter(folder)["README.md"]!, new RegExp(`^# ${folder}\n`));
    assert.equal(manifest.dependencies["@sluice/transport"], versionOf("transport"));
    assert.equal(manifest.dependencies["@sluice/embedded"], versionOf("embedded"));
  }
});

test("new project – with a new handler it compiles strictly, its tests pass, and it handles an order on a server", async (t) => {
  const { server, store } = await openedStore(t);
  const workspace = workspaceOf(starter());
  const { model } = workspace;
  const { after } = await written(workspace, {
    kind: "event-subscription",
    component: { declared: model.components.find(({ name }) => name === "sales")! },
    message: { declared: model.messages.find(({ type }) => type === "sales.OrderPlaced")! },
  });
  assert.equal(after.model.components.find(({ name }) => name === "sales")?.handlers.length, 2);
  const { errors } = await withTypeScript(onSources(Object.fromEntries(after.files)), async ({ directory }) => {
    const { isGood, output } = await run(
      process.execPath,
      ["--conditions=sluice-source", "--test", "**/*.test.ts"],
      directory,
    );
    assert.ok(isGood, output);
    assert.match(output, /^ℹ pass 3$/m);
    await handlesAnOrder(t, directory, server.connectionString, store);
  });
  assert.equal(errors, "");
});

/** Starts it as its user does, and waits until the order that it sends is handled. */
async function handlesAnOrder(t: TestContext, cwd: string, connectionString: string, store: EventStore): Promise<void> {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn(process.execPath, ["--conditions=sluice-source", "src/main.ts"], {
    cwd,
    env: { ...env, SLUICE_CONNECTION: connectionString },
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => child.kill("SIGKILL"));
  for await (const line of createInterface({ input: child.stdout })) if (line.startsWith("Sent the order")) break;
  child.stdout.resume();
  const published = { all: true, filter: { on: "type", prefixes: ["sales.OrderPlaced"] } } as const;
  const signal = AbortSignal.timeout(60_000);
  for await (const note of store.subscribe(published, { after: "start", followsLinks: false, signal })) {
    if (note.kind === "entry") break;
  }
  const flow = await newestFlow("a", store, signal);
  assert.ok(flow?.from !== undefined, "the newest conversation is that of the order");
  child.kill("SIGTERM");
  assert.deepEqual(await once(child, "exit"), [0, null]);
}
