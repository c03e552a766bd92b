import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { startEmbedded } from "@sluice/embedded";
import { packAll } from "../../scripts/pack-all.ts";
import { walkThrough } from "./walkthrough.ts";
import { programsOf } from "../docs/programs-of.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");
const TSC = join(root, "node_modules/typescript/bin/tsc");
const NAMES = ["embedded", "transport", "cli"];
const PACKAGES = NAMES.map((name) => `@sluice/${name}`);
const STRICT = {
  target: "es2024",
  lib: ["es2024"],
  module: "nodenext",
  types: ["node"],
  strict: true,
  exactOptionalPropertyTypes: true,
  verbatimModuleSyntax: true,
  skipLibCheck: false,
  rewriteRelativeImportExtensions: true,
  outDir: "out",
};

/** What adapters and instrumentations are for, in the oldest versions that they serve. Their own tests run over the newest. */
const FRAMEWORKS = [
  "@opentelemetry/api@1.9.0",
  "@nestjs/common@11",
  "@nestjs/core@11",
  "@nestjs/microservices@11",
  "reflect-metadata",
  "rxjs",
];
const DECORATORS = { experimentalDecorators: true, emitDecoratorMetadata: true };

/** An empty folder outside of the repository into which a user has installed the tarballs. */
const folder = mkdtempSync(join(tmpdir(), "sluice-user-"));
let tarballs: readonly string[] = [];
const installed = (...path: readonly string[]): string => join(folder, "node_modules", ...path);

before(async () => {
  tarballs = await packAll(join(folder, "tarballs"));
  write("package.json", { private: true, type: "module" });
  const quietly = ["--prefix", folder, "--prefer-offline", "--no-audit", "--no-fund"];
  await run("npm", ["install", ...quietly, ...tarballs, "@types/node@24", ...FRAMEWORKS], { cwd: folder });
});
after(() => rmSync(folder, { recursive: true, force: true }));

test("packages – an application written from the README compiles strictly without skipLibCheck, and runs on two instances", async () => {
  cpSync(join(import.meta.dirname, "application"), folder, { recursive: true });
  await compile("tsconfig.json", { ...STRICT, rootDir: "." }, ["main.ts", "instance.ts"]);
  const { stdout } = await run(process.execPath, [join(folder, "out/main.js")], { cwd: folder });
  assert.match(stdout, /30 orders shipped once each by two instances/);
});

/** An application as `nest new` makes them and most older ones are; without types a message has one more call with nothing in it. */
const COMMONJS = (imported: string, body: string): string => `${imported}
const PlaceOrder = command("sales.PlaceOrder", { to: "sales" })${body}();
void (async () => {
  const server = await startEmbedded({ memory: true, port: 0 });
  const { connectionString } = server;
  const sales = component("sales", (c) => c.handle(PlaceOrder, async ({ orderId }) => console.log(typeof require, orderId)));
  const endpoint = await startEndpoint([sales], { connectionString });
  await endpoint.send(PlaceOrder, { orderId: "17" });
  while (endpoint.counts("sales").handled === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  await endpoint.stop();
  await server.stop();
})();
`;

test("packages – an application in CommonJS compiles by nodenext and runs, with types and without", async () => {
  const names = ["{ startEmbedded }", "{ command, component, startEndpoint }"];
  const from = ["@sluice/embedded", "@sluice/transport"];
  const required = names.map((name, i) => `const ${name} = require("${from[i]}");`).join("\n");
  const imported = names.map((name, i) => `import ${name} from "${from[i]}";`).join("\n");
  writeFileSync(join(folder, "commonjs.cts"), COMMONJS(imported, "<{ orderId: string }>"));
  writeFileSync(join(folder, "plain.cjs"), COMMONJS(required, ""));
  await compile("tsconfig.commonjs.json", { ...STRICT, verbatimModuleSyntax: false, rootDir: "." }, ["commonjs.cts"]);
  for (const program of ["out/commonjs.cjs", "plain.cjs"]) {
    const { stdout } = await run(process.execPath, [join(folder, program)], { cwd: folder });
    assert.equal(stdout, "function 17\n", program);
  }
});

test("packages – the README's example compiles and ends by itself", async () => {
  const page = readFileSync(installed("@sluice/transport/README.md"), "utf8");
  writeFileSync(join(folder, "example.ts"), /```ts\n([\s\S]*?)```/.exec(page)?.[1] ?? "");
  await compile("tsconfig.example.json", { ...STRICT, rootDir: "." }, ["example.ts"]);
  await run(process.execPath, [join(folder, "out/example.js")], { cwd: folder });
});

test("packages – the pages on monitoring compile strictly, what they import runs without an SDK, and the dashboard is there", async () => {
  const page = readFileSync(installed("@sluice/transport/docs/monitoring.md"), "utf8");
  const files = programsOf(page).map(({ code }, index) => {
    writeFileSync(join(folder, `monitoring-${index}.ts`), code);
    return `monitoring-${index}.ts`;
  });
  await compile("tsconfig.monitoring.json", { ...STRICT, rootDir: ".", noEmit: true }, files);
  const program = `
    import { openTelemetry } from "@sluice/transport/opentelemetry";
    import { prometheusMetrics } from "@sluice/transport/prometheus";
    process.stdout.write(Object.keys(openTelemetry()).join() + (await prometheusMetrics().text()));`;
  const node = ["--input-type=module", "--eval", program];
  const { stdout } = await run(process.execPath, node, { cwd: folder });
  assert.equal(stdout, "process,create,send,on,watch");
  assert.equal((json(installed("@sluice/transport/dashboards/sluice.json")) as { title: string }).title, "Sluice");
});

for (const page of [join(root, "docs/index.md"), installed("@sluice/transport/docs/tutorial.md")]) {
  test(`packages – who does in an empty folder what ${basename(page)} says sees what it says, and has sources that compile`, async (t) => {
    const empty = mkdtempSync(join(tmpdir(), "sluice-reader-"));
    t.after(() => rmSync(empty, { recursive: true, force: true }));
    const port = String(await freePort());
    const env = { ...process.env, NODE_TEST_CONTEXT: undefined, npm_config_prefer_offline: "true" };
    // What is published under these names one day, and a port that nobody has.
    const replace = (text: string): string =>
      text
        .replaceAll(/(?<=^\$ npm install .*)@sluice\/(\w+)/gm, (_, name) => tarballs[NAMES.indexOf(name)] ?? "")
        .replaceAll("--data ./data", `--data ./data --port ${port}`)
        .replaceAll("2113", port);
    await walkThrough(readFileSync(page, "utf8"), {
      folder: empty,
      env: { ...env, SLUICE_CONNECTION: `esdb://127.0.0.1:${port}?tls=false` },
      replace,
    });
    const files = globSync("{*,src/*,test/*}.ts", { cwd: empty });
    const compilerOptions = { ...STRICT, noEmit: true, rootDir: ".", typeRoots: [installed("@types")] };
    writeFileSync(join(empty, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
    await run(process.execPath, [TSC, "-p", empty]).catch(({ stdout }: { stdout: string }) => assert.fail(stdout));
  });
}

test("packages – sluice, installed, writes a project that compiles, whose tests pass, that is deployed, and runs until it is stopped", async (t) => {
  const sluice = installed(".bin/sluice");
  await run(process.execPath, [sluice, "new", "shop"], { cwd: folder });
  const cwd = join(folder, "shop");
  await run(process.execPath, [TSC, "-p", cwd]).catch(({ stdout }: { stdout: string }) => assert.fail(stdout));
  const described = await run(process.execPath, [sluice, "describe", "src/components.ts", "--json"], { cwd });
  assert.equal(JSON.parse(described.stdout)[0].name, "sales");
  const server = await startEmbedded({ memory: true, port: 0 });
  t.after(() => server.stop());
  const PATH = [installed(".bin"), dirname(process.execPath), process.env["PATH"]].join(delimiter);
  const env = { ...process.env, PATH, NODE_TEST_CONTEXT: undefined, SLUICE_CONNECTION: server.connectionString };
  const npm = (...args: readonly string[]) => run("npm", ["--silent", ...args], { cwd, env });
  const tested = npm("test");
  const planned = await npm("run", "plan").catch((error: { code: number; stdout: string }) => error);
  assert.match(planned.stdout, /group +\$ce-in\.sales::sales/);
  assert.match((await npm("run", "deploy")).stdout, /created +group \$ce-in\.sales::sales/);
  await tested;
  // Without npm in between, whose shell keeps signals to itself where no terminal sends them to all.
  // As on Node 22, which `engines` allows: it knows no `using`.
  const running = run(process.execPath, ["--no-js-explicit-resource-management", "src/main.ts"], { cwd, env });
  running.child.stdout?.on("data", (text: string) => {
    if (/sales has handled sales\.PlaceOrder/.test(text)) running.child.kill("SIGINT");
  });
  assert.match((await running).stdout, /Sent the order \S+\.\n/);
  // What a handler throws is told at once, and not when it is parked, a minute later.
  const handler = join(cwd, "src/sales.ts");
  writeFileSync(handler, readFileSync(handler, "utf8").replace("await ctx", 'throw new Error("no stock"); await ctx'));
  const failing = run(process.execPath, ["src/main.ts"], { cwd, env });
  failing.child.stderr?.on("data", (text: string) => {
    if (text.includes("no stock") && !failing.child.killed) failing.child.kill("SIGINT");
  });
  assert.match((await failing).stderr, /sales\.PlaceOrder \S+ failed at attempt 1: Error: no stock/);
});

test("packages – a NestJS application moves from TCP to Sluice by another file of settings, and the page shows which", async (t) => {
  const said: string[] = [];
  const server = await startEmbedded({ memory: true, port: 0 });
  t.after(() => server.stop());
  const env = { ...process.env, PORT: String(await freePort()), ESDB: server.connectionString };
  for (const messaging of ["tcp", "sluice"]) {
    const application = join(folder, `nest-${messaging}`);
    cpSync(join(import.meta.dirname, "nest"), application, { recursive: true });
    renameSync(join(application, `messaging.${messaging}.ts`), join(application, "messaging.ts"));
    const files = ["main.ts", "app.module.ts", "messaging.ts", "orders.controller.ts", "journal.ts"];
    const options = { ...STRICT, ...DECORATORS, skipLibCheck: true, rootDir: ".", outDir: "out" };
    await compile(
      `tsconfig.nest-${messaging}.json`,
      options,
      files.map((file) => `nest-${messaging}/${file}`),
    );
    const { stdout } = await run(process.execPath, [join(folder, "out", `nest-${messaging}`, "main.js")], {
      cwd: folder,
      env,
    });
    said.push(stdout);
  }
  const story = '{"accepted":"A1"}\nOrder A2 costs nothing.\nplaced A1, charged A1, shipped A1\n';
  assert.deepEqual(said, [story, story]);
  const page = readFileSync(installed("@sluice/transport/docs/nestjs.md"), "utf8");
  const diff = (/```diff\n([\s\S]*?)```/.exec(page)?.[1] ?? "").split("\n").slice(0, -1);
  for (const [messaging, other] of [
    ["tcp", "+"],
    ["sluice", "-"],
  ] as const) {
    const text = diff.filter((line) => !line.startsWith(other)).map((line) => `${line.slice(1)}\n`);
    assert.equal(text.join(""), readFileSync(join(import.meta.dirname, `nest/messaging.${messaging}.ts`), "utf8"));
  }
});

test("packages – the types of every entry compile without skipLibCheck", async () => {
  const entries = PACKAGES.flatMap((name) => Object.keys(manifestOf(name).exports).map((path) => name + path.slice(1)));
  assert.ok(entries.length >= 4);
  writeFileSync(join(folder, "entries.ts"), entries.map((entry) => `export type {} from "${entry}";\n`).join(""));
  await compile("tsconfig.entries.json", { ...STRICT, rootDir: ".", noEmit: true }, ["entries.ts"]);
});

/** What the declarations of a folder may lead into. */
const OUTSIDE: readonly (readonly [folder: string, packages: RegExp])[] = [
  ["adapters/nestjs/", /"(@nestjs\/(common|microservices)|rxjs)"/],
  ["telemetry/opentelemetry/", /"@opentelemetry\/api"/],
];

test("packages – no declaration of the transport leads into those of the client, and those of adapters into frameworks alone", () => {
  const declarations = globSync("**/*.d.ts", { cwd: installed("@sluice/transport/dist") });
  assert.ok(declarations.includes("index.d.ts"));
  for (const file of declarations) {
    const text = readFileSync(installed("@sluice/transport/dist", file), "utf8");
    const foreign = text.match(/from "[^.][^"]*"|import\("[^.][^"]*"\)/g) ?? [];
    const [, allowed] = OUTSIDE.find(([folder]) => file.startsWith(folder)) ?? [];
    assert.deepEqual(
      foreign.filter((name) => allowed?.test(name) !== true),
      [],
      file,
    );
  }
});

test("packages – conditions lead to files that are there, and none to sources", () => {
  for (const name of PACKAGES) {
    const { exports, bin = {} } = manifestOf(name);
    const conditions = Object.values(exports).flatMap((entry) => Object.entries(entry));
    const expected = conditions.length === 0 ? [] : ["types", "default"];
    assert.deepEqual(new Set(conditions.map(([condition]) => condition)), new Set(expected), name);
    for (const path of [...conditions.map(([, file]) => file), ...Object.values(bin)])
      assert.ok(existsSync(installed(name, path)), `${name}: ${path}`);
  }
});

test("packages – the sources that maps point at are in the maps, line by line", () => {
  for (const name of PACKAGES) {
    const maps = globSync("dist/**/*.js.map", { cwd: installed(name) });
    assert.ok(maps.length > 10, name);
    for (const map of maps) {
      const { sources, sourcesContent } = json(installed(name, map)) as {
        sources: string[];
        sourcesContent?: string[];
      };
      assert.equal(sourcesContent?.filter((text) => text.length > 0).length, sources.length, `${name}: ${map}`);
    }
  }
});

test("packages – license, README, and the pages that are linked, come with each", () => {
  for (const name of PACKAGES) {
    assert.match(readFileSync(installed(name, "LICENSE"), "utf8"), /Apache License/);
    const pages = globSync("{*.md,docs/**/*.md}", { cwd: installed(name) });
    assert.ok(pages.includes("README.md"), name);
    assert.match(
      readFileSync(installed(name, "CHANGELOG.md"), "utf8"),
      new RegExp(`^# Changelog of ${name}\\n[\\s\\S]*^- `, "m"),
    );
    for (const page of pages) {
      const text = readFileSync(installed(name, page), "utf8");
      for (const [, link = ""] of text.matchAll(/\]\((?!\w+:)([^)#]+)/g))
        assert.ok(existsSync(installed(name, dirname(page), link)), `${name}: ${page} links to ${link}`);
    }
  }
});

test("packages – an older Node is told in one sentence what is needed", async (t) => {
  const old = olderNode();
  if (old === undefined) return t.skip("no Node older than 22.12 is in PATH");
  const entries = PACKAGES.flatMap((name) => Object.keys(manifestOf(name).exports).map((path) => name + path.slice(1)));
  for (const entry of entries) {
    const failed = await run(old, ["--input-type=module", "--eval", `await import("${entry}")`], { cwd: folder }).then(
      () => assert.fail(`${entry} ran`),
      (error: { stderr: string }) => error.stderr,
    );
    assert.match(failed, /Error: @sluice\/\w+ needs Node 22\.12 or newer, and this is Node \d/, entry);
  }
  for (const [program, name] of [
    ["sluice-embedded", "@sluice/embedded"],
    ["sluice", "@sluice/cli"],
  ] as const) {
    const refused = new RegExp(`${name} needs Node 22\\.12 or newer`);
    await assert.rejects(run(old, [installed(".bin", program), "--help"]), refused);
  }
});

/** The first `node` in PATH that is too old; `npm run` puts the one of the repository in front. */
function olderNode(): string | undefined {
  const candidates = (process.env["PATH"] ?? "").split(delimiter).map((path) => join(path, "node"));
  return candidates.filter(existsSync).find((node) => {
    const [major = 0, minor = 0] = execFileSync(node, ["--print", "process.versions.node"], { encoding: "utf8" })
      .split(".")
      .map(Number);
    return major < 22 || (major === 22 && minor < 12);
  });
}

/** A port that nobody listens on, for what cannot be told to choose one. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

interface PackedManifest {
  readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly bin?: Readonly<Record<string, string>>;
}

function manifestOf(name: string): PackedManifest {
  return json(installed(name, "package.json")) as PackedManifest;
}

/** Compiles; what `tsc` says is the failure. */
async function compile(config: string, compilerOptions: object, files: readonly string[]): Promise<void> {
  write(config, { compilerOptions, files });
  await run(process.execPath, [TSC, "-p", join(folder, config)], { cwd: folder }).catch(
    ({ stdout }: { stdout: string }) => assert.fail(stdout),
  );
}

function json(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}

function write(name: string, value: object): void {
  writeFileSync(join(folder, name), JSON.stringify(value));
}
