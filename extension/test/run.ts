/**
 * Tests the extension, stage by stage, and closes with a line that counts them all: `N passed, N failed`.
 *
 *   npm run test:extension [-- STAGE… [--only PATTERN]]
 *
 * STAGE is among those below; without any, all are run. --only runs the tests whose names match the expression.
 */
import { execFileSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { installHost } from "./host/install.ts";
import { HostMissingError } from "./host/installation.ts";
import { runActivations } from "./run/activation-stage.ts";
import type { Counts } from "./run/counted.ts";
import { runNodeTests } from "./run/node-stage.ts";
import { runSuites } from "./run/suite-stage.ts";
import { mayHaveUiTest } from "./run/ui-tests-in.ts";

const extension = join(import.meta.dirname, "..");
const vsix = join(extension, "sluice.vsix");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: "string", default: "" } },
});
const { only } = values;
const filter = only === "" ? [] : ["--only", only];

const STAGES: Readonly<Record<string, () => Promise<Counts>>> = {
  /** The pure models, in Node. */
  models: () => runNodeTests([...filter, "extension/test/model/**/*.test.ts"]),
  /** Mocha in a real VS Code, on the bundles as they lie in the folder. */
  async suite() {
    npm("build");
    return runSuites({ suites: "suite", only });
  },
  /** The same host, with the web worker's bundle. */
  async web() {
    npm("build");
    return runSuites({ suites: "web-suite", only });
  },
  /** What is in the package, and mocha again on the package, installed in a clean VS Code. */
  async package() {
    npm("vsix");
    const contents = await runNodeTests([...filter, "extension/test/package/**/*.test.ts"], { SLUICE_TEST_VSIX: vsix });
    const suite = await runSuites({ suites: "suite", vsix, only });
    return sum([contents, suite]);
  },
  /** How long the installed package takes to activate. */
  activation() {
    npm("vsix");
    return runActivations(vsix);
  },
  /** The workbench driven as a person would, with the installed package. */
  async ui() {
    npm("vsix");
    const files = globSync("test/ui/**/*.ui.ts", { cwd: extension })
      .filter((file) => mayHaveUiTest(readFileSync(join(extension, file), "utf8"), only))
      .map((file) => `extension/${file}`);
    if (files.length === 0) return { passed: 0, failed: 0 };
    return runNodeTests([...filter, "--one-at-a-time", ...files], { SLUICE_TEST_VSIX: vsix });
  },
};

const unknown = positionals.filter((stage) => stage !== "install" && STAGES[stage] === undefined);
if (unknown.length > 0) {
  console.error(`There is no stage ${unknown.join(", ")}. There are: install, ${Object.keys(STAGES).join(", ")}.`);
  process.exit(2);
}

const wanted = positionals.length > 0 ? positionals : Object.keys(STAGES);
const counts: Counts[] = [];
try {
  if (wanted.some((stage) => stage !== "models")) installHost();
  for (const stage of wanted) {
    const run = STAGES[stage];
    if (run === undefined) continue;
    console.log(`\n== ${stage}`);
    const began = performance.now();
    counts.push(checked(await run()));
    console.log(`== ${stage} took ${Math.round((performance.now() - began) / 1000)} s`);
  }
} catch (error) {
  console.error(error instanceof HostMissingError ? `${error.message}\n${String(error.cause ?? "")}` : error);
  counts.push({ passed: 0, failed: 1 });
}
if (counts.length > 0 && counts.every(isEmpty)) {
  console.log(`No test matches /${only}/.`);
  counts.push({ passed: 0, failed: 1 });
}
const { passed, failed } = sum(counts);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

function npm(script: string): void {
  execFileSync("npm", ["run", "--silent", script], { cwd: extension, stdio: ["ignore", "inherit", "inherit"] });
}

/** A stage without tests has lost them, unless only some were asked for. */
function checked(counts: Counts): Counts {
  return isEmpty(counts) && only === "" ? { passed: 0, failed: 1 } : counts;
}

function isEmpty({ passed, failed }: Counts): boolean {
  return passed + failed === 0;
}

function sum(counts: readonly Counts[]): Counts {
  return {
    passed: counts.reduce((total, { passed }) => total + passed, 0),
    failed: counts.reduce((total, { failed }) => total + failed, 0),
  };
}
