import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { assemble } from "../src/image/assemble.ts";
import { requireTools } from "../src/image/tools.ts";
import { powerOn } from "../src/machine.ts";
import { startOutside } from "../src/outside.ts";
import { cutPowerAtRandom } from "../src/power-cuts.ts";

/** Each cut takes a boot in software emulation: half a minute. */
const cuts = Number(process.env["SLUICE_POWER_CUTS"] ?? 0);

test(
  "appliance – power cuts at random lose no order and double none; the machine holds and reaches nothing else",
  {
    skip: await reasonToSkip(),
  },
  async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "sluice-appliance-"));
    t.after(() => rm(folder, { recursive: true }));
    const image = await assemble(folder);
    await using outside = await startOutside(() => {});
    let said = "";
    const switchOn = () => powerOn({ ...image, port: outside.port, onConsole: (text) => void (said += text) });
    await using machine = switchOn();
    await outside.order(0, 1);
    const died = machine.off.then(() => Promise.reject(new Error(`The machine switched itself off: ${said}`)));
    await Promise.race([outside.until(() => outside.prices.size === 1 && outside.started() !== undefined), died]);
    const facts = outside.started();
    assert.equal(facts?.pid, 1);
    assert.deepEqual(facts?.processes, ["/node"]);
    assert.deepEqual(facts?.reached, ["10.0.2.100:2113"]);
    assert.equal(facts?.listening, 0);
    assert.deepEqual(new Set(facts?.files), new Set([...image.files.keys(), "/dev/console", "/dev/null"]));
    died.catch(() => {});
    const tally = await cutPowerAtRandom(outside, machine, switchOn, {
      cuts,
      first: 1,
      random: Math.random,
      say: (text) => t.diagnostic(text),
    });
    assert.deepEqual({ ...tally, orders: 0 }, { cuts, orders: 0, lost: 0, doubled: 0 });
  },
);

async function reasonToSkip(): Promise<string | false> {
  if (cuts === 0) return "set SLUICE_POWER_CUTS to boot machines in QEMU and cut their power this many times";
  return requireTools().then(
    () => false,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}
