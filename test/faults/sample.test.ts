import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { EventStoreDBClient } from "@eventstore/db-client";
import { startEmbedded } from "@sluice/embedded";
import { SampleProcess } from "../acceptance/sample-process.ts";
import { type FaultCluster, startFaultCluster } from "./fault-cluster.ts";

const ORDERS = Number(process.env["SLUICE_ORDERS"] ?? 40);
const SEED = Number(process.env["SLUICE_SEED"] ?? 20_261_129);

/** Small numbers that come out the same every time (a linear congruence), so that a failure can be looked at again. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

/**
 * Changes the leader until stopped, a second or two after somebody has found the one before: killed, frozen or resigned. On a machine
 * that is slow to find one, nothing else would ever come through. Answers what it did.
 */
async function changeLeaders(cluster: FaultCluster, random: () => number, stopping: AbortSignal): Promise<string[]> {
  const done: string[] = [];
  const pause = (least: number, most: number): Promise<unknown> =>
    sleep(least + (most - least) * random(), undefined, { signal: stopping }).catch(() => {});
  for (let leader = 0; !stopping.aborted;) {
    const old = cluster.nodes[leader]!;
    const next = (leader + 1 + Math.floor(2 * random())) % 3;
    const kind = ["killed", "frozen", "resigned"][Math.floor(3 * random())]!;
    const frozen = kind === "frozen" ? old.suspended() : undefined;
    if (kind === "killed") await old.goAway();
    if (kind !== "resigned") {
      cluster.elect(undefined);
      await pause(200, 800);
    }
    cluster.elect(next);
    leader = next;
    const { calls } = cluster.nodes[leader]!;
    const before = calls.length;
    while (!stopping.aborted && !calls.slice(before).some(({ outcome }) => outcome === "forwarded"))
      await pause(50, 50);
    await pause(1_000, 2_000);
    if (kind === "killed") await old.comeBack();
    frozen?.[Symbol.dispose]();
    done.push(kind);
  }
  return done;
}

/** The longest time, in milliseconds, in which nothing was stored by any handler. */
async function longestGap(connectionString: string): Promise<number> {
  const client = EventStoreDBClient.connectionString(connectionString);
  const times: number[] = [];
  for (const stream of [
    "$ce-order",
    "$ce-supply",
    "$ce-fee",
    "$ce-journal",
    "$ce-purchase",
    "intermediate.fulfillment",
  ]) {
    for await (const { event } of client.readStream(stream, { resolveLinkTos: true })) {
      if (event !== undefined) times.push(event.created.getTime());
    }
  }
  await client.dispose();
  times.sort((a, b) => a - b);
  return Math.max(...times.map((time, n) => time - (times[n - 1] ?? time)));
}

test(
  "the sample – 20. 76. its leaders change a second or two after they were found, from its start on: nothing lost, nothing double",
  { timeout: 300_000 },
  async (t) => {
    const server = await startEmbedded({ memory: true, port: 0 });
    t.after(() => server.stop());
    await using cluster = await startFaultCluster({ target: server.port });
    const stopping = new AbortController();
    const changes = changeLeaders(cluster, seeded(SEED), stopping.signal);
    const args = ["--orders", String(ORDERS), "--json", "--connection", cluster.connectionString];
    const { code, stdout, stderr } = await SampleProcess.start(...args).ended;
    stopping.abort();
    t.diagnostic(`seed ${SEED}: ${(await changes).join(", ")}`);
    assert.equal(code, 0, stdout + stderr);
    t.diagnostic(`longest gap ${await longestGap(server.connectionString)} ms`);
    const { debits, credits, ...counts } = JSON.parse(stdout) as Record<string, number>;
    assert.deepEqual(counts, { orders: ORDERS, completed: ORDERS, lost: 0, duplicated: 0 });
    assert.equal(debits, credits);
    assert.doesNotMatch(stderr, /parked/);
  },
);
