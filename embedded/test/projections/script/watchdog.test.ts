import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Sandbox } from "../../../src/projections/script/sandbox.ts";

const MiB = 1024 * 1024;

/** How many memories of sandboxes this process has: pieces of the size that each begins with. */
function memories(): number {
  return readFileSync("/proc/self/maps", "utf8")
    .split("\n")
    .filter((line) => {
      const [, from = "0", to = "0"] = /^(\w+)-(\w+) rw-p 00000000 00:00 0/.exec(line) ?? [];
      return Number.parseInt(to, 16) - Number.parseInt(from, 16) === 16 * MiB;
    }).length;
}

const skip = process.platform === "linux" ? false : "The system does not say what a process has mapped.";

test("sandboxes – while they come and go, the memory of those that have ended is given back", { skip }, async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const host = { log() {}, reword: (text: string) => text };
  const lasting = await Sandbox.create(host);
  const there: number[] = [];
  for (let round = 0; round < 400; round++) {
    const sandbox = await Sandbox.create(host);
    if (round % 20 === 0) {
      collectGarbage();
      there.push(memories());
    }
    sandbox.dispose();
  }
  assert.ok(there[0]! >= 2, "they are found");
  assert.ok(Math.max(...there) < 200, there.join());
  assert.ok(lasting.evaluate("1 + 1", "still-there.js", 1_000) !== undefined);
  lasting.dispose();
});
