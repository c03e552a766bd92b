/**
 * Runs the tests of every package and closes with a line that counts them: `N passed, N failed`.
 *
 *   node --conditions=sluice-source test/run.ts [PATTERN…] [--only PATTERN] [--one-at-a-time] [--nightly | --server]
 */
import { globSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
import { run } from "node:test";
import { spec, type TestEvent } from "node:test/reporters";
import { parseArgs } from "node:util";

/** Tests that try a little of very much, and what asks them for more. */
const NIGHTLY = {
  files: [
    "test/crash/server-killed.test.ts",
    "embedded/test/fuzz/fuzz.test.ts",
    "test/chaos/chaos.test.ts",
    "test/chaos/level.test.ts",
    "samples/appliance/test/power-cuts.test.ts",
    "samples/accounts/test/property.test.ts",
    "samples/accounts/test/killed.test.ts",
  ],
  settings: {
    SLUICE_KILLS: "200",
    SLUICE_FUZZ_REQUESTS: "100000",
    SLUICE_CHAOS_RUNS: "5",
    SLUICE_CHAOS_ORDERS: "300",
    SLUICE_LEVEL_MINUTES: "60",
    SLUICE_POWER_CUTS: "10",
    SLUICE_TRANSFER_RUNS: "500",
    SLUICE_TRANSFER_KILLS: "15",
  },
};
const EVERYTHING = ["{embedded,transport,cli,samples/*,test,extension/test/model}/**/*.test.ts"];
/** The tests of what the transport does on a server, whichever it is. */
const SERVER = ["transport/test/**/*.test.ts", "test/conformance/**/*.test.ts"];
/** Where the transport is used on servers that the tests start, kill and stand proxies before. */
const NOT_ON_A_SERVER = "samples, test/acceptance, test/chaos, test/crash, test/faults, test/packages";
/** Only so that a file that hangs ends. */
const QUARTER_HOUR_MS = 900_000;

const root = join(import.meta.dirname, "..");
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Runs the tests whose names match this expression. */
    only: { type: "string" },
    /** One file at a time, for what takes the whole machine. */
    "one-at-a-time": { type: "boolean", default: false },
    /** The long form of what has one, unless the environment says how long. */
    nightly: { type: "boolean", default: false },
    /** On the server that SLUICE_TEST_CONNECTION names, which may be slow. */
    server: { type: "boolean", default: false },
  },
});
if (values.server && !process.env["SLUICE_TEST_CONNECTION"]) {
  console.error(
    "Set SLUICE_TEST_CONNECTION to the server's connection string, such as esdb://127.0.0.1:2113?tls=false.",
  );
  process.exit(1);
}
// Hundreds of processes are started, each of which would strip the types of the same sources anew.
process.env["NODE_COMPILE_CACHE"] ??= join(root, "node_modules", ".cache", "node");
if (values.nightly) Object.assign(process.env, { ...NIGHTLY.settings, ...process.env });
const usual = values.nightly ? NIGHTLY.files : values.server ? SERVER : EVERYTHING;
const patterns = positionals.length > 0 ? positionals : usual;
const files = patterns
  .flatMap((pattern) => globSync(pattern, { cwd: root, exclude: (name) => name === "node_modules" }))
  .map((file) => join(root, file))
  .sort();

const stream = run({
  files,
  // Many of them wait most of the time, for processes that are killed, frozen and started again.
  concurrency: values["one-at-a-time"] ? 1 : availableParallelism() + 1,
  execArgv: ["--conditions=sluice-source"],
  timeout: QUARTER_HOUR_MS * (values.nightly ? 16 : values.server ? 4 : 1),
  // Where no test of a file matches, Node runs the hook before them and not the one behind, and waits for what is open.
  ...(values.only === undefined ? {} : { testNamePatterns: values.only, forceExit: true }),
});
let counts = { passed: 0, failed: 0 };
/** Files in which no test ran: Node reports and counts each as a test that has passed. */
let withoutTests = 0;
/** Why tests were left out, for each of them. */
const leftOut: string[] = [];
/** Where each failure is, said once more at the end, where the last lines of a long log are all that is looked at. */
const failures: string[] = [];
stream.on("test:pass", (event) => {
  if (isFile(event)) withoutTests++;
  else if (event.skip !== undefined) leftOut.push(event.skip === true ? "no reason is given" : String(event.skip));
});
stream.on("test:fail", ({ name, file = name, details: { error } }) => {
  // A test fails with its parts: those are told.
  if (Reflect.get(error, "failureType") !== "subtestsFailed")
    failures.push(`failed: ${relative(root, file)} – ${name}: ${reasonsOf(error.cause ?? error).join(" – ")}`);
});
stream.on("test:summary", ({ file, counts: { passed, skipped, tests } }) => {
  if (file === undefined) counts = { passed: passed - withoutTests, failed: tests - passed - skipped };
});
stream
  .filter(({ type, data }: TestEvent) => type !== "test:pass" || !isFile(data))
  .compose(new spec())
  .pipe(process.stdout);
stream.on("end", () => {
  process.once("beforeExit", () => {
    const { only } = values;
    if (only !== undefined)
      console.log(`/${only}/ matches in ${files.length - withoutTests} of ${files.length} files.`);
    for (const [reason, those] of Map.groupBy(leftOut, (reason) => reason))
      console.log(`${those.length} of the tests left out: ${reason}`);
    if (values.server) console.log(`Left out as a whole, since they start servers of their own: ${NOT_ON_A_SERVER}.`);
    for (const failure of failures) console.log(failure);
    console.log(`${counts.passed} passed, ${counts.failed} failed`);
    process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
  });
});

/** What an error says in its first lines, where a property tells its seed, and what its causes say. */
function reasonsOf(error: unknown): readonly string[] {
  const text = String(error).split("\n").slice(0, 2).join(" ").slice(0, 300);
  return error instanceof Error && error.cause !== undefined ? [text, ...reasonsOf(error.cause)] : [text];
}

function isFile({ name, file }: { readonly name: string; readonly file?: string | undefined }): boolean {
  return name === file;
}
