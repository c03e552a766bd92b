import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { runTests } from "@vscode/test-electron";
import { seededServer } from "../server/seeded-server.ts";
import { bundleSuites, type Suites } from "./bundle-suites.ts";
import { type Counts, countsOf } from "./counted.ts";

const extension = join(import.meta.dirname, "..", "..");
const code = join(import.meta.dirname, "..", "host", "code-headless.ts");

export interface SuiteRun {
  readonly suites: Suites;
  /** The package to install and test; without it the extension is tested as it lies in its folder. */
  readonly vsix?: string;
  /** An expression that the titles of tests match; all where it is empty. */
  readonly only: string;
  /** Told what the host prints. */
  readonly onOutput?: (text: string) => void;
}

/** Runs mocha suites inside a real VS Code, in a clean profile and two empty folders: one on disk, one that is virtual. */
export async function runSuites({ suites, vsix, only, onOutput }: SuiteRun): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), "sluice-suite-"));
  const workspace = join(folder, "suite.code-workspace");
  const profile = [`--user-data-dir=${join(folder, "user-data")}`, `--extensions-dir=${join(folder, "extensions")}`];
  mkdirSync(join(folder, "workspace"));
  // VS Code's own file system in memory.
  const folders = [{ path: "workspace" }, { uri: "tmp:/virtual", name: "virtual" }];
  writeFileSync(workspace, JSON.stringify({ folders }));
  let output = "";
  const stdout = new Writable({
    write(chunk: Buffer, _encoding, done) {
      const text = chunk.toString();
      output += text;
      onOutput?.(text);
      process.stdout.write(chunk, done);
    },
  });
  await using server = await seededServer();
  try {
    if (vsix !== undefined) execFileSync(code, ["--install-extension", vsix, ...profile], { stdio: "inherit" });
    await runTests({
      vscodeExecutablePath: code,
      extensionDevelopmentPath: vsix === undefined ? extension : emptyExtension(join(folder, "nothing")),
      extensionTestsPath: await bundleSuites(suites, only),
      extensionTestsEnv: { SLUICE_TEST_SERVER: server.connectionString },
      launchArgs: [
        workspace,
        ...profile,
        ...(vsix === undefined ? ["--disable-extensions"] : []),
        ...(suites === "web-suite" ? ["--extensionDevelopmentKind=web"] : []),
      ],
      stdout,
      stderr: process.stderr,
    });
    return countsOf(output, true);
  } catch (error) {
    console.error(String(error));
    return countsOf(output, false);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** VS Code takes a suite only together with an extension under development. */
function emptyExtension(folder: string): string {
  mkdirSync(folder);
  const manifest = { name: "nothing", publisher: "sluice-test", version: "0.0.0", engines: { vscode: "*" } };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  return folder;
}
