import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ServerUnreachable, startSender } from "@sluice/transport";
import { startFaultProxy } from "../faults/fault-proxy.ts";
import { ServerProcess } from "../server-process.ts";
import { growthOf, medianOf } from "./level.ts";
import type { Holdings } from "./level-process.ts";
import { Take } from "./system.ts";

/** 60 in the nightly form; a trial takes 2. */
const MINUTES = Number(process.env["SLUICE_LEVEL_MINUTES"] ?? 0);
const ORDERS_A_SECOND = 10;
const SAMPLES = 120;
/** Each of them leaves something behind where anything does. */
const CUTS = 40;
const MIB = 2 ** 20;
/**
 * What may be had in addition from a third of the time on. A component remembers the last 50,000 ids that it has handled, and the
 * quiet ones of this system fill that only in hours; 100 bytes that stay of each message would be 60 MiB in the hour.
 */
const ALLOWED: Holdings = { heap: 24 * MIB, resident: 64 * MIB, timers: 3, handles: 3, listeners: 0 };

test("chaos – growth is told through noise, and none is seen where there is none", () => {
  const noise = [0, 40, 3, -2, 1, 900, 0, 2, -1, 4];
  const level = noise.map((more, at) => ({ at, value: 100 + more }));
  assert.ok(Math.abs(growthOf(level)) < 10);
  const growing = noise.map((more, at) => ({ at, value: 100 + 50 * at + more }));
  assert.ok(growthOf(growing) > 400);
  assert.equal(growthOf([]), 0);
});

test(
  `chaos – 77. ${MINUTES} minutes of load: memory is level, no timers, streams or listeners are left over`,
  { skip: MINUTES === 0 && "SLUICE_LEVEL_MINUTES says how long" },
  async (t) => {
    const server = await ServerProcess.start(["--memory"]);
    const proxy = await startFaultProxy({ target: server.port });
    const program = join(import.meta.dirname, "level-process.ts");
    const child = spawn(
      process.execPath,
      ["--conditions=sluice-source", "--expose-gc", program, proxy.connectionString],
      { stdio: ["ignore", "pipe", "inherit", "ipc"] },
    );
    await once(child.stdout!, "data");
    const sender = await startSender("shop", { connectionString: server.connectionString });
    t.after(async () => {
      child.kill("SIGKILL");
      await sender.stop();
      await proxy[Symbol.asyncDispose]();
      await server.kill();
    });

    const ends = performance.now() + MINUTES * 60_000;
    const load = (async () => {
      for (let n = 0; performance.now() < ends; n++) {
        await sender.send(Take, { n, poison: false }, { replyTo: "audit" }).catch((error: unknown) => {
          if (!(error instanceof ServerUnreachable)) throw error;
        });
        await sleep(1_000 / ORDERS_A_SECOND);
      }
    })();
    const cuts = (async () => {
      while (performance.now() < ends) {
        await sleep((MINUTES * 60_000) / CUTS);
        proxy.cutConnections();
      }
    })();
    const samples: (Holdings & { readonly at: number })[] = [];
    while (performance.now() < ends) {
      child.send("how much?");
      const [holdings] = (await once(child, "message")) as [Holdings];
      samples.push({ ...holdings, at: performance.now() });
      await sleep((MINUTES * 60_000) / SAMPLES);
    }
    await Promise.all([load, cuts]);

    const warm = samples.slice(Math.floor(samples.length / 3));
    for (const what of Object.keys(ALLOWED) as (keyof Holdings)[]) {
      const values = warm.map((sample) => ({ at: sample.at, value: sample[what] }));
      const growth = growthOf(values);
      const said = `${what}: ${medianOf(values.map(({ value }) => value)).toFixed(0)}, and ${growth.toFixed(0)} more at the end`;
      t.diagnostic(said);
      assert.ok(growth <= ALLOWED[what], said);
    }
  },
);
