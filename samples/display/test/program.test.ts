import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";

const PROGRAM = `
  import { setTimeout as sleep } from "node:timers/promises";
  import { runProgram } from "@sluice/sample-display";
  await runProgram(async ({ stopping, stdout }) => {
    for (; !stopping.aborted; await sleep(10)) stdout.write("on and on\\n");
    return 7;
  });
`;

test("program – whose reader is gone, as behind a pipe to head, is stopped", { timeout: 60_000 }, async (t) => {
  const args = ["--conditions=sluice-source", "--input-type=module", "--eval", PROGRAM];
  const program = spawn(process.execPath, args, { cwd: import.meta.dirname, stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => program.kill("SIGKILL"));
  await once(program.stdout, "data");
  program.stdout.destroy();
  assert.deepEqual(await once(program, "exit"), [7, null]);
});
