import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { EventStoreDBClient } from "@eventstore/db-client";
import { ServerProcess } from "../server-process.ts";
import { dataDirectory, run, SampleProcess } from "./sample-process.ts";

/** 3 where nobody waits long; SLUICE_KILLS=100 SLUICE_SEED=2 in a longer form. */
const KILLS = Number(process.env["SLUICE_KILLS"] ?? 3);
const SEED = Number(process.env["SLUICE_SEED"] ?? 20_261_123);
/** Enough that each run has something left to do when it is killed. */
const ORDERS = 15 * KILLS;

/** Small numbers that come out the same every time (a linear congruence), so that a failure can be looked at again. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

test(
  `purchase orders – killed ${KILLS} times at any moment and started again: nothing lost, nothing double`,
  { timeout: 180_000 + 60_000 * KILLS },
  async (t) => {
    const data = dataDirectory(t);
    const args = ["--orders", String(ORDERS), "--json", "--data", data];
    const random = seeded(SEED);
    const sentBefore: string[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const sample = SampleProcess.start(...args);
      if (kill % 3 === 2) {
        // While it starts: the server recovers, components are deployed and read what they missed.
        await sleep(200 + 800 * random());
      } else {
        const [, sent] = await sample.said(/orders of hamburg, (\d+) of them sent before/);
        sentBefore.push(sent ?? "");
        await sleep(500 * random());
      }
      assert.ok(sample.isRunning, `it ended before it was killed: ${sample.stdout}${sample.stderr}`);
      await sample.end("SIGKILL");
    }
    const { code, stdout, stderr } = await run(...args);
    t.diagnostic(`sent before each start: ${sentBefore.join(", ")}; at the end ${stdout.trim()}`);
    assert.equal(code, 0, stdout + stderr);
    const { orders, completed, lost, duplicated, debits, credits } = JSON.parse(stdout) as Record<string, number>;
    assert.deepEqual(
      { orders, completed, lost, duplicated },
      { orders: ORDERS, completed: ORDERS, lost: 0, duplicated: 0 },
    );
    assert.equal(debits, credits);

    // Not by the sample's own audit alone.
    const server = await ServerProcess.start(["--data", data]);
    t.after(() => server.kill());
    const client = EventStoreDBClient.connectionString(server.connectionString);
    t.after(() => client.dispose());
    const booked: unknown[] = [];
    let balance = 0;
    for await (const { event } of client.readStream("$ce-journal", { resolveLinkTos: true })) {
      const { orderId, amount } = event!.data as unknown as { orderId: string; amount: number };
      if (event!.type === "accounting.PurchaseBooked") booked.push(orderId);
      if (event!.type === "accounting.AccountDebited") balance += amount;
      if (event!.type === "accounting.AccountCredited") balance -= amount;
    }
    const wanted = Array.from({ length: ORDERS }, (_, n) => `hamburg.${n}`);
    assert.deepEqual(booked.toSorted(), wanted.toSorted());
    assert.equal(balance, 0);
    for (const component of ["ordering", "matching", "settlement", "fulfillment", "fees", "accounting"]) {
      const { stats } = await client.getPersistentSubscriptionToStreamInfo(`$ce-in.${component}`, component);
      assert.equal(stats.parkedMessageCount, 0n, `${component} has parked something`);
    }
  },
);

test("purchase orders – npm killed: what it has started ends, too, and the same command goes on", async (t) => {
  const args = ["--orders", "30", "--json", "--data", dataDirectory(t)];
  const sample = SampleProcess.startByNpm(...args);
  await sample.said(/orders of hamburg, 0 of them sent before/);
  // Its output ends when nobody is left who could write.
  assert.equal((await sample.end("SIGKILL")).code, null);
  const { code, stdout, stderr } = await run(...args);
  assert.equal(code, 0, stdout + stderr);
});
