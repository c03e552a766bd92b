#!/usr/bin/env node
/**
 * Takes the place of the desktop's `code` for `@vscode/test-electron`: carries out its arguments by VS Code's server and
 * a headless page. Exit code: the suite's, 0 or 1; 2 for wrong arguments; 3 where the suite did not end.
 */
import { existsSync } from "node:fs";
import { format, parseArgs } from "node:util";
import { openPage } from "./browser.ts";
import { Profile } from "./profile.ts";
import { serverCommand, VSCodeServer } from "./vscode-server.ts";

const SUITE_MS = 600_000;
/** What the workbench itself says in every run, and no reader wants to know. */
const NOISE =
  /^(Resolv(ing|ed) connection token|Creating a socket |\[reconnection-grace-time\]|\[remote-connection\]|Ignoring fetching additional builtin|Updating additional builtin|\[AgentHost|\[AccountPolicyGate\]|\[Service Worker\] registration|Timed out waiting for authentication provider|Settings Sync|No search provider|\[LocalHistory|Started local extension host|Loading development extension|Extension host with pid|Auto updating|Creation of workbench contribution|\[DefaultAccount\]|Canceled: Canceled|An unknown error occurred\. Please consult the log)/;

// Others that the desktop takes have no meaning here.
const { values, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: {
    extensionDevelopmentPath: { type: "string" },
    extensionDevelopmentKind: { type: "string" },
    extensionTestsPath: { type: "string" },
    "user-data-dir": { type: "string" },
    "extensions-dir": { type: "string" },
    "install-extension": { type: "string" },
    "disable-extensions": { type: "boolean" },
  },
});
const text = (name: string): string | undefined => {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
};

const profile = new Profile({ userDataDir: text("user-data-dir"), extensionsDir: text("extensions-dir") });
try {
  const vsix = text("install-extension");
  if (vsix !== undefined) console.log(serverCommand(profile, ["--install-extension", vsix]).trim());
  else process.exitCode = await runSuite(text("extensionDevelopmentPath"), text("extensionTestsPath"));
} catch (error) {
  console.error(error);
  process.exitCode = 3;
} finally {
  profile.remove();
}

async function runSuite(extension: string | undefined, suite: string | undefined): Promise<number> {
  if (extension === undefined || suite === undefined || !existsSync(suite)) {
    console.error("Needed are --extensionDevelopmentPath=FOLDER and --extensionTestsPath=FILE, a file that is there.");
    return 2;
  }
  const { promise: ended, resolve: end } = Promise.withResolvers<{ code: number } | { reason: string }>();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => end({ reason: `stopped by ${signal}` }));
  }
  await using server = await VSCodeServer.start(profile, { isForSuite: true });
  void server.ended.then((how) => end({ reason: `the server ended: ${how}` }));
  const { browser, page } = await openPage();
  try {
    page.on("crash", () => end({ reason: "the page crashed" }));
    browser.on("disconnected", () => end({ reason: "the browser ended" }));
    // The workbench's own ways out for those who automate it.
    await page.exposeFunction("codeAutomationLog", (type: string, args: unknown[]) => {
      const line = format(...args);
      if (NOISE.test(line)) return;
      (type === "error" || type === "warn" ? process.stderr : process.stdout).write(`${line}\n`);
    });
    await page.exposeFunction("codeAutomationExit", (code: number) => end({ code }));
    const kind = text("extensionDevelopmentKind");
    const address = server.address(positionals[0], [
      ["extensionDevelopmentPath", server.uri(extension)],
      ["extensionTestsPath", server.uri(suite)],
      ["skipWelcome", "true"],
      ["skipReleaseNotes", "true"],
      ...(kind === undefined ? [] : ([["extensionDevelopmentKind", kind]] as const)),
      ...(values["disable-extensions"] === true ? ([["disableExtensions", "true"]] as const) : []),
    ]);
    void page.goto(address, { timeout: 0 }).catch((error: unknown) => end({ reason: String(error) }));
    const limit = setTimeout(() => end({ reason: `no result after ${SUITE_MS / 1000} s` }), SUITE_MS);
    const ending = await ended;
    clearTimeout(limit);
    if ("code" in ending) return ending.code;
    console.error(`code-headless: ${ending.reason}`);
    return 3;
  } finally {
    await browser.close();
  }
}
