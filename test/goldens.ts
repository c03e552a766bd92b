/**
 * Holds the embedded server against recordings of a real one, where they are at hand, and closes with
 * `N passed, N failed`. Fails when fewer pass than `goldens.json` says have passed before.
 *
 *   npm run goldens [-- --only topologies/] [--verbose]
 */
import { spawn } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { ServerProcess } from "./server-process.ts";

const root = join(import.meta.dirname, "..");
const recordings = process.env["SLUICE_GOLDENS"] ?? join(root, "..", "shared", "goldens");
const { values } = parseArgs({ options: { only: { type: "string" }, verbose: { type: "boolean", default: false } } });

if (!existsSync(join(recordings, "run.mjs"))) {
  console.log(`The recordings are not at hand (looked in ${recordings}; SLUICE_GOLDENS may name their folder).`);
  process.exit(0);
}
// The runner must find the client package from where it stands, so it runs from a copy inside this project.
const copy = join(root, ".goldens");
await rm(copy, { recursive: true, force: true });
cpSync(recordings, copy, { recursive: true, filter: (path) => !path.includes("node_modules") });

const areas = readdirSync(join(copy, "scenarios"))
  .filter((file) => file.endsWith(".mjs"))
  .map((file) => file.replace(/\.mjs$/, ""))
  .filter((area) => values.only === undefined || !values.only.includes("/") || area === values.only.split("/")[0]);

let passed = 0;
let failed = 0;
let deviating = 0;
// One runner to a server at a time, and a server for each core: some scenarios restart whole subsystems.
await Promise.all([checkAreas(), checkAreas()]);
console.log(deviating > 0 ? `${deviating} answer otherwise on purpose (embedded/deviations.json)` : "no deviations");
const held = JSON.parse(readFileSync(join(root, "test", "goldens.json"), "utf8")) as { passed: number };
if (values.only === undefined && passed < held.passed) {
  console.log(`${held.passed} have passed before: fewer must not`);
  process.exitCode = 1;
}
console.log(`${passed} passed, ${failed} failed`);

async function checkAreas(): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), "sluice-goldens-"));
  const server = await ServerProcess.start(["--data", data]);
  for (let area = areas.shift(); area !== undefined; area = areas.shift()) await check(area, server.connectionString);
  await server.stop();
  await rm(data, { recursive: true, force: true });
}

async function check(area: string, connection: string): Promise<void> {
  const deviations = join(root, "embedded", "deviations.json");
  const only = values.only?.startsWith(`${area}/`) === true ? values.only : (values.only ?? `${area}/`);
  const runner = spawn(
    process.execPath,
    [
      join(copy, "run.mjs"),
      "check",
      "--connection",
      connection,
      "--only",
      only,
      "--deviations",
      deviations,
      ...(values.verbose ? ["--verbose"] : []),
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  for await (const line of createInterface({ input: runner.stdout })) {
    if (/^\d+ passed, \d+ failed/.test(line)) continue;
    if (line.startsWith("ok ")) passed++;
    else if (line.startsWith("FAIL ")) failed++;
    else if (line.startsWith("dev ")) deviating++;
    if (!line.startsWith("ok ") || values.verbose) console.log(line);
  }
}
