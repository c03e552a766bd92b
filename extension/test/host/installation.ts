import { existsSync } from "node:fs";
import { join } from "node:path";

/** The version of code-server whose VS Code is tested in, and which Node it is made for. */
export const VERSION = "4.139.1";
const NODE_MAJOR = 24;

/** Where the VS Code for the tests is installed, and where its server begins. */
export const INSTALLATION = process.env["SLUICE_VSCODE_HOST"] ?? join(import.meta.dirname, "..", "..", ".vscode-host");
export const VSCODE = join(INSTALLATION, "node_modules", "code-server", "lib", "vscode");
export const SERVER_MAIN = join(VSCODE, "out", "server-main.js");
/** Written last, so that an installation that was broken off is not taken for one. */
export const COMPLETE = join(INSTALLATION, ".done");
export const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

export class HostMissingError extends Error {
  override readonly name = "HostMissingError";
}

/** @throws HostMissingError where something is not installed; the message says what to run. */
export function requireInstallation(): void {
  const remedy = "Run `npm run test:extension -- install`, which takes about two minutes and 400 MB.";
  if (!existsSync(COMPLETE)) throw new HostMissingError(`There is no VS Code for tests in ${INSTALLATION}. ${remedy}`);
  if (!existsSync(CHROMIUM)) {
    throw new HostMissingError(`There is no Chromium at ${CHROMIUM}. ${remedy} CHROMIUM may name another one.`);
  }
  if (Number(process.versions.node.split(".")[0]) !== NODE_MAJOR) {
    throw new HostMissingError(
      `The VS Code for tests wants Node ${NODE_MAJOR}, this is ${process.version}. Run it by npm, which brings that one.`,
    );
  }
}
