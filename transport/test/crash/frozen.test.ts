import assert from "node:assert/strict";
import { test } from "node:test";
import { deploy } from "../../src/index.ts";
import { bench, read, until } from "../endpoint/harness.ts";
import { crew } from "./child.ts";
import { copyOf, slow } from "./frozen.ts";

test("receiving – 67. an instance frozen longer than the message timeout sends nothing twice when it goes on", async () => {
  await using b = await bench();
  const { connectionString } = b;
  const quick = slow(b.name, async () => {});
  await deploy([quick], { connectionString });
  await using instances = crew("frozen-process.ts", connectionString, b.run);
  const frozen = await instances.start();
  await until("it receives", () => frozen.lines.includes("connected"));
  const count = 4;
  // Together, since the first is taken from the frozen one when its time is up.
  await Promise.all(Array.from({ length: count }, (_, n) => b.sender.send(copyOf(b.name), { n })));
  await until("it handles all", () => frozen.lines.filter((line) => line === "begun").length === count);
  frozen.signal("SIGSTOP");
  const endpoint = await b.start(quick);
  await until("another instance has handled them", () => endpoint.counts(b.name("copy")).handled === count);
  frozen.signal("SIGCONT");
  await until("the frozen one has done with them", () => {
    const ended = frozen.lines.filter((line) => line === "handled" || line === "duplicate");
    return ended.length === count;
  });
  const stored = (await read(b.client, `intermediate.${b.name("copy")}`)).map(({ event }) => event!.id);
  assert.equal(new Set(stored).size, count);
  assert.equal(stored.length, count, "nothing is stored twice");
  assert.equal(endpoint.counts(b.name("copy")).parked, 0);
});
