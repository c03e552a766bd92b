import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { findCommand } from "../src/command-line/find-command.ts";
import { UsageError } from "../src/command-line/usage-error.ts";
import { COMMANDS } from "../src/commands/all.ts";
import { loadComponents } from "../src/components/load-components.ts";
import { openTerminal } from "../src/terminal/terminal.ts";
import { sluice } from "./sluice.ts";

const MODULE = join(import.meta.dirname, "system/components.ts");
const SERVER = ["--connection", "esdb://127.0.0.1:1?tls=false"];

const CASES: readonly (readonly [readonly string[], RegExp])[] = [
  [["plan"], /sluice plan needs more than that/],
  [["plan", MODULE], /Which server\? Give --connection STRING, or set SLUICE_CONNECTION/],
  [["plan", import.meta.filename.replace("misuse.test", "sluice")], /exports no component/],
  [["plan", "./missing.ts"], /^There is no file \.\/missing\.ts\. Name the module that exports your components\.$/m],
  [["plan", "./package.json"], /package\.json does not describe components/],
  [["plan", MODULE, "--prnue"], /Unknown option '--prnue'\. sluice plan --help shows what there is\./],
  [["deploy", MODULE, "--component", "nobody"], /has no component "nobody"\. It has: billing, sales, shipping\./],
  [["deploy", "--repair"], /Deploy what\?/],
  [["doctor", "--lag", "long", ...SERVER], /--lag takes a number of seconds, such as 300, not "long"/],
  [["parked", "rtry"], /There is no command "parked rtry"\. There are: list, show, retry, edit, archive\./],
  [["parked", "retry", "billing", ...SERVER], /Which messages\? Name IDs, or say --group GROUP or --all\./],
  [["send", "desk.Weigh", "--data", "{}"], /To whom\? Say --to COMPONENT, or --publish for an event\./],
  [["send", "desk.Weigh", "--to", "desk", "--data", "7"], /The body of a message is a JSON object or array/],
  [["prune"], /Prune what\? Name a FILE, or say --streams\./],
  [["prune", MODULE, "--streams"], /leave FILE out\./],
  [["prune", MODULE, "--keep", "5"], /say --streams, too\./],
  [["tail", ...SERVER], /Follow what\?/],
  [["tail", "desk", "other", ...SERVER], /sluice tail does not know what to do with "other"/],
];

test("misuse – what cannot be done is said in a sentence with the remedy, before any server is asked", async () => {
  const surroundings = { terminal: openTerminal(false, {}), environment: {}, signal: new AbortController().signal };
  for (const [args, sentence] of CASES) {
    const run = async (): Promise<number> => {
      const { command, rest } = findCommand(COMMANDS, args);
      return command.run(rest, surroundings);
    };
    await assert.rejects(run, (error) => error instanceof UsageError && sentence.test(error.message), args.join(" "));
  }
});

test("misuse – a module that a bundler takes and Node does not is told with what Node wants", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "sluice-module-"));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [file, text, sentence] of [
    ["names.ts", "export const a = 1;", /exports no component/],
    ["short.ts", 'export { a } from "./names";', /the whole name of a file that is imported: names\.ts, not names\.$/],
    ["built.ts", 'export { a } from "./names.js";', /that is imported: names\.ts, not names\.js\.$/],
    ["gone.ts", 'export { a } from "./gone.js/x";', /cannot be run: Cannot find module/],
    [
      "enum.ts",
      "export enum A { X }",
      /leaves the types out of TypeScript, and this is more\. Write it otherwise, or name what/,
    ],
  ] as const) {
    writeFileSync(join(folder, file), text);
    await assert.rejects(loadComponents(join(folder, file)), { name: "UsageError", message: sentence });
  }
});

test("misuse – the program says which version it is", async (t) => {
  const { code, stdout, stderr } = await sluice(t, undefined, ["--version"]);
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  assert.deepEqual([code, stderr], [0, ""]);
});

test("misuse – the program ends with 2, and says it as JSON where that is asked for", async (t) => {
  const { code, stdout, stderr } = await sluice(t, undefined, ["plna", "--json"]);
  assert.deepEqual([code, stdout], [2, ""]);
  const { error, message } = JSON.parse(stderr);
  assert.equal(error, "UsageError");
  assert.match(message, /There is no command "plna"\. There are: plan, deploy/);
});
