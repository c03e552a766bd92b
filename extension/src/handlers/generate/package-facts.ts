import type { StyleHints } from "./read-style.ts";
import type { Sources } from "./sources.ts";
import { baseNameOf, directoriesAbove, directoryOf } from "./uri-path.ts";

/** What runs a package's tests. */
export type TestRunner = "node:test" | "vitest" | "jest";

/** How an import ends that names a TypeScript file: as the file does, as what is made of it, or without an extension. */
export type ImportEnd = ".ts" | ".js" | "";

/** What is known of the package that a file belongs to. */
export interface PackageFacts {
  /** Its folder; undefined where there is no `package.json` above the file. */
  readonly directory?: string;
  readonly name?: string;
  readonly runner: TestRunner;
  /** `@jest/globals` can be imported. */
  readonly hasJestGlobals: boolean;
  readonly importEnd: ImportEnd;
  /** It says that its sources are no ECMAScript modules where their names do not say otherwise, as `npm init` has it. */
  readonly isCommonJs: boolean;
  /** The folder that its tests lie in, such as `test`; undefined where they lie beside the sources. */
  readonly testFolder?: string;
  readonly style: StyleHints;
  /** It depends on `@sluice/transport`, or is a part of what does. */
  readonly hasTransport: boolean;
}

interface Manifest {
  readonly name?: unknown;
  readonly type?: unknown;
  readonly workspaces?: unknown;
  readonly scripts?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, unknown>>;
  readonly devDependencies?: Readonly<Record<string, unknown>>;
}

/** Reads what a file's package, and the monorepo that this is a part of, say of tests, imports and style. */
export async function packageFacts(uri: string, sources: Sources): Promise<PackageFacts> {
  const manifests: { readonly directory: string; readonly manifest: Manifest }[] = [];
  const hints: StyleHints[] = [];
  let compiler: string | undefined;
  for (const directory of directoriesAbove(uri)) {
    const names = new Set(await sources.list(directory));
    const text = names.has("package.json") ? await sources.read(`${directory}/package.json`) : undefined;
    if (text !== undefined) manifests.push({ directory, manifest: parsed(text) });
    if (compiler === undefined && names.has("tsconfig.json"))
      compiler = await compilerOptions(`${directory}/tsconfig.json`, sources);
    for (const name of FORMATTERS)
      if (names.has(name)) hints.push(widthIn((await sources.read(`${directory}/${name}`)) ?? ""));
    if (text !== undefined) hints.push(widthIn(text));
    // What lies above the root of a repository is another matter.
    if (names.has(".git")) break;
  }
  const own = manifests[0];
  const dependencies = new Set(
    manifests.flatMap(({ manifest }) => [
      ...Object.keys(manifest.dependencies ?? {}),
      ...Object.keys(manifest.devDependencies ?? {}),
    ]),
  );
  const script = String(own?.manifest.scripts?.["test"] ?? "");
  const testFolder = own === undefined ? undefined : await testFolderOf(uri, own.directory, sources);
  return {
    ...(own === undefined ? {} : { directory: own.directory }),
    ...(typeof own?.manifest.name === "string" ? { name: own.manifest.name } : {}),
    runner: runnerOf(script, dependencies),
    hasJestGlobals: dependencies.has("@jest/globals"),
    importEnd: importEndOf(compiler),
    isCommonJs: own?.manifest.type === "commonjs",
    ...(testFolder === undefined ? {} : { testFolder }),
    style: Object.assign({}, ...hints.toReversed()) as StyleHints,
    hasTransport:
      dependencies.has("@sluice/transport") || manifests.some(({ manifest }) => manifest.name === "@sluice/transport"),
  };
}

const FORMATTERS = [
  ".prettierrc",
  ".prettierrc.json",
  ".prettierrc.yaml",
  ".prettierrc.yml",
  ".oxfmtrc.json",
  "biome.json",
];

function widthIn(text: string): StyleHints {
  const [, width] = /["']?(?:printWidth|lineWidth)["']?\s*:\s*(\d+)/.exec(text) ?? [];
  return width === undefined ? {} : { width: Number(width) };
}

function parsed(text: string): Manifest {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

function runnerOf(script: string, dependencies: ReadonlySet<string>): TestRunner {
  if (/\bnode\b[^&|;]*--test\b/.test(script)) return "node:test";
  for (const runner of ["vitest", "jest"] as const)
    if (new RegExp(String.raw`\b${runner}\b`).test(script)) return runner;
  return dependencies.has("vitest") ? "vitest" : dependencies.has("jest") ? "jest" : "node:test";
}

/** A configuration with those that it extends, as one text: later ones say what earlier ones do not. */
async function compilerOptions(uri: string, sources: Sources, depth = 0): Promise<string> {
  const text = (await sources.read(uri)) ?? "";
  const [, base] = /"extends"\s*:\s*"(\.[^"]+)"/.exec(text) ?? [];
  if (base === undefined || depth > 4) return text;
  const { href } = new URL(base.endsWith(".json") ? base : `${base}.json`, uri);
  return text + (await compilerOptions(href, sources, depth + 1));
}

function importEndOf(compiler: string | undefined): ImportEnd {
  // Without a compiler it is Node that runs TypeScript, and takes names as they are.
  if (compiler === undefined) return ".ts";
  if (/"(?:allowImportingTsExtensions|rewriteRelativeImportExtensions)"\s*:\s*true/.test(compiler)) return ".ts";
  if (/"moduleResolution"\s*:\s*"(?:bundler|node|node10|classic)"/i.test(compiler)) return "";
  return /"module(?:Resolution)?"\s*:\s*"(?:node\d*|nodenext)"/i.test(compiler) ? ".js" : "";
}

/** Where the package keeps its tests, if that is a folder of their own. */
async function testFolderOf(uri: string, directory: string, sources: Sources): Promise<string | undefined> {
  if ((await sources.list(directoryOf(uri))).some((name) => isTest(name))) return undefined;
  const folders = (await sources.list(directory)).filter((name) => name === "test" || name === "tests");
  for (const folder of folders)
    if ((await sources.list(`${directory}/${folder}`)).some((name) => isTest(name))) return folder;
  return undefined;
}

const isTest = (name: string): boolean => /\.(?:test|spec)\.[cm]?[jt]sx?$/.test(baseNameOf(name));
