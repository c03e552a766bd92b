import { globSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

/** The extension's folder: the web worker host loads nothing from outside of it. */
const root = join(import.meta.dirname, "..", "..");

/** A folder of suites: `web-suite` is for the web worker host, the others for the one with Node. */
export type Suites = "suite" | "web-suite" | "activation";

/**
 * Bundles mocha suites into one file, and answers its path.
 * @param only an expression that the titles of tests match; all where it is empty
 */
export async function bundleSuites(suites: Suites, only: string): Promise<string> {
  const outfile = join(root, ".test", `${suites}.cjs`);
  const files = globSync(`test/${suites}/**/*.test.ts`, { cwd: root }).sort();
  await build({
    absWorkingDir: root,
    stdin: {
      contents: [
        'export { run } from "./test/run/mocha.ts";',
        ...files.map((file) => `import ${JSON.stringify(`./${file}`)};`),
      ].join("\n"),
      resolveDir: root,
    },
    outfile,
    bundle: true,
    platform: suites === "web-suite" ? "browser" : "node",
    // Not "cjs": mocha's build for browsers takes `module.exports` for its own where it sees one.
    format: "iife",
    globalName: "suites",
    footer: { js: "module.exports = suites;" },
    target: "es2024",
    conditions: ["sluice-source"],
    external: ["vscode"],
    define: { ONLY: JSON.stringify(only) },
    sourcemap: "inline",
    logLevel: "warning",
  });
  return outfile;
}
