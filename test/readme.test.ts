import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { promisify } from "node:util";
import { exampleOf, examplesOf } from "./example-of.ts";

const root = join(import.meta.dirname, "..");

test("README – the twenty lines compile, run, and do what they say", async (t) => {
  const folder = exampleOf("README.md", t);
  await promisify(execFile)(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", folder]);
  const program = spawn(process.execPath, ["--conditions=sluice-source", join(folder, "example.ts")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => program.kill("SIGKILL"));
  const said = new Set<string>();
  for await (const line of createInterface({ input: program.stdout })) {
    said.add(line);
    if (said.size === 2) break;
  }
  assert.deepEqual(said, new Set(["charged 120 for 17", "heard of 17"]));
  program.kill("SIGINT");
  assert.deepEqual(await once(program, "exit"), [0, null]);
});

test("transport/README – the example compiles, runs and ends by itself", async (t) => {
  const folder = exampleOf("transport/README.md", t);
  await promisify(execFile)(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", folder]);
  const program = spawn(process.execPath, ["--conditions=sluice-source", join(folder, "example.ts")], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  t.after(() => program.kill("SIGKILL"));
  assert.deepEqual(await once(program, "exit"), [0, null]);
});

test("transport/docs/seam – the examples compile", async (t) => {
  for (const index of [0, 1]) {
    const folder = exampleOf("transport/docs/seam.md", t, index);
    await promisify(execFile)(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", folder]);
  }
});

test("transport/docs/monitoring – the examples compile", async (t) => {
  const folder = examplesOf("transport/docs/monitoring.md", t);
  await promisify(execFile)(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", folder]);
});

test("transport/docs/nestjs – the example compiles", async (t) => {
  const folder = exampleOf("transport/docs/nestjs.md", t);
  await promisify(execFile)(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", folder]);
});
