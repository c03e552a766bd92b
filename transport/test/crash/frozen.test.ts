import assert from "node:assert/strict";
import { test } from "node:test";
import { deploy } from "../../src/index.ts";
import { bench, read, until } from "../endpoint/harness.ts";
import { startChild } from "./child.ts";
import { Copy, slow } from "./frozen.ts";

test("receiving – 67. an instance frozen longer than the message timeout sends nothing twice when it goes on", async (t) => {
  await using b = await bench();
  const { connectionString } = b.server;
  await deploy([slow(() => {})], { connectionString });
  const frozen = await startChild("frozen-process.ts", connectionString);
  t.after(() => frozen.kill());
  await until("it receives", () => frozen.lines.includes("connected"));
  const count = 4;
  for (let n = 0; n < count; n += 1) await b.sender.send(Copy, { n });
  await until("it handles all", () => frozen.lines.filter((line) => line === "begun").length === count);
  frozen.signal("SIGSTOP");
  const endpoint = await b.start(slow(() => {}));
  await until("another instance has handled them", () => endpoint.counts("copy").handled === count);
  frozen.signal("SIGCONT");
  await until("the frozen one has done with them", () => {
    const ended = frozen.lines.filter((line) => line === "handled" || line === "duplicate");
    return ended.length === count;
  });
  const stored = (await read(b.client, "intermediate.copy")).map(({ event }) => event!.id);
  assert.equal(new Set(stored).size, count);
  assert.equal(stored.length, count, "nothing is stored twice");
  assert.equal(endpoint.counts("copy").parked, 0);
});
