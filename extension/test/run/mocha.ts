/**
 * Stands first in every bundle of suites: mocha's globals, and the function that VS Code's extension host calls. Mocha's
 * build for browsers, since the web worker host knows no Node modules; it runs in Node too.
 */
// oxlint-disable-next-line import/no-unassigned-import -- it sets globals and exports nothing
import "mocha/mocha.js";
import { env, UIKind, version } from "vscode";

/** Long enough for a loaded machine: nothing is measured by it. */
const TIMEOUT_MS = 60_000;

declare const ONLY: string;

const runner = new Mocha({ ui: "tdd", reporter: "spec", timeout: TIMEOUT_MS, color: false, grep: new RegExp(ONLY) });
runner.suite.emit("pre-require", globalThis, "", runner);

export function run(): Promise<void> {
  console.log(`VS Code ${version}, ${env.uiKind === UIKind.Web ? "web workbench" : "desktop"}, ${env.appHost}`);
  return new Promise((resolve, reject) => {
    let passed = 0;
    const running = runner.run((failed) => {
      console.log(`${passed} passed, ${failed} failed`);
      if (failed > 0) reject(new Error(`${failed} tests failed`));
      else if (passed === 0) reject(new Error("no test ran"));
      else resolve();
    });
    running.on("pass", () => passed++);
  });
}
