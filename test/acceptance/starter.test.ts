import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { checkFlow, messageFlow, SampleProcess } from "@sluice/sample-display";

test("starter – runs until it is stopped, and its README shows what happens", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "sluice-starter-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const starter = SampleProcess.startIn(directory, "starter");
  t.after(() => starter.end("SIGKILL"));
  const [, connectionString = ""] = await starter.said(/^Running on (\S+)\. Ctrl-C stops\.$/m);
  const [, orderId = ""] = await starter.said(/^Sent the order (\S+)\.$/m);
  await starter.said(/^sales has handled sales\.PlaceOrder$/m);
  const readme = join(import.meta.dirname, "../../samples/starter/README.md");
  checkFlow(readme, await messageFlow(connectionString, orderId));
  assert.equal((await starter.end("SIGINT")).code, 0, starter.stderr);
  assert.equal(starter.stderr, "");
});
