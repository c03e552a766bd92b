import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { EventStoreDBClient, START } from "@eventstore/db-client";
import { startEmbedded } from "@sluice/embedded";
import fc from "fast-check";
import { logCheckpointOf, streamCheckpointOf, truncationOf } from "../../src/deploy/truncation.ts";
import { placeIn } from "../../src/store/place.ts";
import { openDeployments } from "../../src/endpoint/published-deploy.ts";
import { command, component, event, startEndpoint } from "../../src/index.ts";
import { read, until } from "../endpoint/harness.ts";
import { onOwnServer } from "../server-under-test.ts";

test("truncation – whatever is needed stays, the last event always does, and the reason is that of what is needed first", () => {
  const need = fc.record({ from: fc.bigInt({ min: 0n, max: 30n }), because: fc.string({ minLength: 1 }) });
  fc.assert(
    fc.property(fc.array(need), fc.nat(20), fc.nat(20), (needs, from, more) => {
      const range = { first: BigInt(from), last: BigInt(from + more) };
      const { before, because, first, last } = truncationOf("C", "s", range, needs);
      assert.ok(before >= first && before <= last);
      for (const { from } of needs) assert.ok(from < first || before <= from);
      if (before > first && before < last)
        assert.ok(needs.some((one) => one.because === because && one.from === before));
    }),
  );
  assert.deepEqual([logCheckpointOf("C:17/P:17"), logCheckpointOf("")], [17n, -1n]);
  assert.deepEqual([streamCheckpointOf("intermediate.a: 17"), streamCheckpointOf("intermediate.a: -1")], [17n, -1n]);
  assert.deepEqual([placeIn("3@in.a-b@c"), placeIn("x")], [{ revision: 3n, stream: "in.a-b@c" }, undefined]);
});

const Do = command("work.Do", { to: "work" })<{ n: number }>();
const Go = command("front.Go", { to: "front" })<{ n: number }>();
const Later = command("work.Later", { to: "work" })<{ n: number }>();
const Seen = event("work.Seen")<{ n: number }>();

const NONE = { events: 1, age: -3_600_000 };

test(
  "truncation – of a system at work what waits, is parked, deferred, published or would be read again stays; after truncating, restarting and repeating nothing is lost and nothing comes twice",
  onOwnServer("it restarts it"),
  async (t) => {
    const data = await mkdtemp(join(tmpdir(), "sluice-"));
    let server = await startEmbedded({ data, port: 0 });
    t.after(async () => {
      await server.stop();
      await rm(data, { recursive: true });
    });
    const { connectionString, port } = server;
    const handled: number[] = [];
    const later: number[] = [];
    let isBroken = true;
    const front = component("front", (c) => {
      c.handle(Go, async ({ n }, ctx) => {
        if (n === 60) await ctx.send(Later, { n }, { delayFor: 3_600_000 });
        else if (n === 70) await ctx.publish(Seen, { n });
        else await ctx.send(Do, { n });
      });
    });
    const work = component("work", { immediateRetries: 0, delayedRetries: 0 }, (c) => {
      c.handle(Do, ({ n }) => {
        if (n === 40 && isBroken) throw new Error("not yet");
        handled.push(n);
      });
      c.handle(Later, ({ n }) => void later.push(n));
    });
    const both = await startEndpoint([front, work], { connectionString, on: () => {} });
    const client = EventStoreDBClient.connectionString(connectionString);
    for (let n = 0; n < 80; n += 1) await both.send(Go, { n });
    await until("all but three are handled", () => handled.length === 77);
    const deployments = openDeployments({ connectionString });
    const of = async (stream: string) => (await deployments.truncations(NONE)).find((one) => one.stream === stream)!;
    assert.equal((await of("$ce-in.work")).before, 0n, "nothing has a checkpoint yet");
    // Until the groups have recorded for the first time what is settled, that is a reason, too.
    await until("its router alone keeps it", async () =>
      (await of("intermediate.front")).because.startsWith("Its router has no checkpoint"),
    );
    // They get checkpoints by themselves only every 4,000 events.
    for (const name of ["sluice.router.front", "$by_category"]) {
      await client.disableProjection(name);
      await until(`${name} stands`, async () => (await client.getProjectionStatus(name)).status === "Stopped");
      await client.enableProjection(name);
    }
    await both.stop();
    await until("the groups have recorded it", async () => {
      const queue = await of("$ce-in.front");
      return queue.before === queue.last;
    });
    const outbox = await of("intermediate.front");
    assert.deepEqual([outbox.before, outbox.because], [40n, "It is parked, and nobody has dealt with it."]);
    const all = await deployments.truncations(NONE);
    assert.ok(all.every(({ first, last, before }) => before >= first && before <= last));
    const truncated: string[] = [];
    await deployments.truncate(all, { on: ({ stream }) => void truncated.push(stream) });
    assert.deepEqual(truncated.toSorted(), ["$ce-in.front", "$ce-in.work", "in.front-front", "intermediate.front"]);
    const firstOf = async (stream: string) =>
      (await read(client, stream, { fromRevision: START, maxCount: 1 }))[0]?.event?.revision;
    assert.equal(await firstOf("intermediate.front"), 40n);
    const again: string[] = [];
    await deployments.truncate(await deployments.truncations(NONE), { on: ({ stream }) => void again.push(stream) });
    assert.deepEqual(again, [], "done once it is done");

    // What is parked comes back whole, and what blocks then is the next thing.
    isBroken = false;
    await deployments.parked("work").retry("all", { by: "test" });
    await deployments.close();
    await client.dispose();
    await server.stop();
    server = await startEmbedded({ data, port });
    const after = await startEndpoint([front, work], { connectionString, on: () => {} });
    t.after(() => after.stop());
    await until("it is handled", () => handled.includes(40));
    for (let n = 80; n < 90; n += 1) await after.send(Go, { n });
    await until("the new ones are", () => handled.length === 88);
    assert.deepEqual(
      handled.toSorted((a, b) => a - b),
      Array.from({ length: 90 }, (_, n) => n).filter((n) => n !== 60 && n !== 70),
    );
    const then = openDeployments({ connectionString });
    t.after(() => then.close());
    const outboxNow = (await then.truncations(NONE)).find(({ stream }) => stream === "intermediate.front");
    assert.ok(outboxNow!.before <= 60n, "what is deferred stays");
    assert.match(outboxNow!.because, /Later was deferred, and it is not known to be done|router has no checkpoint/);
  },
);
