import { execFile } from "node:child_process";
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { promisify } from "node:util";
import { rolldown } from "rolldown";
import { dts } from "rolldown-plugin-dts";
import { changelogOf } from "./changelog-of.ts";
import { GUARD, guarded, guardedMap, guardFor } from "./node-guard.ts";
import { declarationsOf, entriesOf, type Manifest, publishedManifest } from "./published-manifest.ts";

const root = join(import.meta.dirname, "..");
const TSC = join(root, "node_modules/typescript/bin/tsc");
const TYPES = join(root, "node_modules/@types");
/** Folders of what is published; each may stand on those before it. */
export const PACKAGES = ["embedded", "transport", "cli"];
/** What stands beside the code in every package, where there is such a thing. */
const PAGES = ["README.md", "docs", "starter", "dashboards"];

/**
 * Makes a folder that is what users get of a package: freshly compiled, so that nothing a build has left over is in it.
 * The folder of the package is not touched, since tests may run from it meanwhile.
 * @param staged folders of packages that were made so before, and that this one may stand on.
 */
export async function stagePackage(name: string, folder: string, staged: readonly string[] = []): Promise<void> {
  const source = join(root, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8")) as Manifest;
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(publishedManifest(manifest), undefined, 2)}\n`);
  for (const page of PAGES) {
    if (existsSync(join(source, page))) cpSync(join(source, page), join(folder, page), { recursive: true });
  }
  cpSync(join(root, "LICENSE"), join(folder, "LICENSE"));
  writeFileSync(join(folder, "CHANGELOG.md"), changelogIn(name, manifest));
  await compile(join(source, "tsconfig.build.json"), folder, staged);
  await rollUpDeclarations(folder, declarationsOf(manifest));
  writeFileSync(join(folder, GUARD), guardFor(manifest.name, manifest.engines.node));
  for (const entry of entriesOf(manifest)) guardEntry(folder, posix.normalize(entry));
}

/** The changelog that the package in a folder gets. */
export function changelogIn(folder: string, { name, bin = {} }: Pick<Manifest, "name" | "bin">): string {
  const changelog = readFileSync(join(root, "CHANGELOG.md"), "utf8");
  return changelogOf(changelog, { name, folder, programs: Object.keys(bin) }, PACKAGES);
}

/** The maps hold the sources, which are not shipped. */
async function compile(project: string, folder: string, staged: readonly string[]): Promise<void> {
  const config = join(folder, "tsconfig.json");
  const paths = Object.fromEntries(staged.flatMap(typesOf));
  writeFileSync(config, JSON.stringify({ extends: project, compilerOptions: { paths, typeRoots: [TYPES] } }));
  const outDir = ["--outDir", join(folder, "dist"), "--inlineSources"];
  const settings = ["--composite", "false", "--incremental", "false", "--tsBuildInfoFile", "null"];
  await promisify(execFile)(process.execPath, [TSC, "-p", config, ...outDir, ...settings]);
  rmSync(config);
}

/** Names by which a package that was made is imported, with the files that declare what there is. */
function typesOf(folder: string): readonly (readonly [string, readonly string[]])[] {
  const { name, exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  return Object.entries(exports).map(([entry, { types = "" }]) => [posix.join(name, entry), [join(folder, types)]]);
}

/**
 * Keeps of all declarations what the entries say. A file behind them also declares what only the package itself uses, and so
 * would lead users' compilers into the declarations of its dependencies.
 */
async function rollUpDeclarations(folder: string, entries: readonly string[]): Promise<void> {
  const dist = join(folder, "dist");
  // A program that nobody imports has none.
  if (entries.length === 0) {
    for (const file of globSync("**/*.d.ts", { cwd: dist })) rmSync(join(dist, file));
    return;
  }
  const input = Object.fromEntries(
    entries.map((entry) => [
      posix.relative("dist", posix.normalize(entry)).replace(/\.d\.ts$/, ""),
      join(folder, entry),
    ]),
  );
  const bundle = await rolldown({
    input,
    external: (id) => !/^[./]/.test(id),
    // Nothing is left to generate, so the generator is the one that asks for the least.
    plugins: [dts({ dtsInput: true, emitDtsOnly: true, tsconfig: false, oxc: true })],
  });
  const { output } = await bundle.generate({ format: "es" });
  await bundle.close();
  for (const file of globSync("**/*.d.ts", { cwd: dist })) rmSync(join(dist, file));
  for (const chunk of output) {
    if (chunk.type !== "chunk") continue;
    mkdirSync(dirname(join(dist, chunk.fileName)), { recursive: true });
    writeFileSync(join(dist, chunk.fileName), chunk.code);
  }
}

function guardEntry(folder: string, entry: string): void {
  const file = join(folder, entry);
  const guard = posix.relative(posix.dirname(entry), GUARD);
  writeFileSync(file, guarded(readFileSync(file, "utf8"), guard.startsWith(".") ? guard : `./${guard}`));
  writeFileSync(`${file}.map`, guardedMap(readFileSync(`${file}.map`, "utf8")));
}
