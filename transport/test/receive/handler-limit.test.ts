import assert from "node:assert/strict";
import { test } from "node:test";
import { command, component, event, HandlerTimedOut } from "../../src/index.ts";
import { bench, read, until } from "../endpoint/harness.ts";

const Do = command("work.Do", { to: "work" })<{ n: number }>();
const Done = event("work.Done")<{ n: number }>();

test("receiving – 60. handlers that never settle: signals aborted at their limit, told, and the component goes on with others", async () => {
  await using b = await bench();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const reasons: unknown[] = [];
  const begun: number[] = [];
  const endpoint = await b.start(
    component("work", { concurrency: 2, messageTimeout: 1_000 }, (c) =>
      c.handle(Do, async (m, ctx) => {
        begun.push(m.n);
        await ctx.publish(Done, m);
        if (m.n > 1) return;
        ctx.signal.addEventListener("abort", () => reasons.push(ctx.signal.reason), { once: true });
        await released;
      }),
    ),
  );
  for (let n = 0; n < 2; n += 1) await b.sender.send(Do, { n });
  await until("both hang", () => begun.length === 2);
  for (let n = 2; n < 12; n += 1) await b.sender.send(Do, { n });
  await until("the others are handled", () => endpoint.counts("work").handled === 10);
  assert.equal(reasons.length, 2);
  assert.ok(reasons.every((reason) => reason instanceof HandlerTimedOut));
  assert.equal(b.seen.filter(({ kind }) => kind === "timed out").length, 2);
  // They end late: what they sent leaves once, and each is settled once.
  release();
  await until("all are handled", () => endpoint.counts("work").handled === 12);
  await until("their messages are stored", async () => (await read(b.client, "intermediate.work")).length === 12);
  const { parked, failures } = endpoint.counts("work");
  assert.deepEqual({ parked, failures }, { parked: 0, failures: 0 });
  assert.deepEqual(
    begun.toSorted((x, y) => x - y),
    Array.from({ length: 12 }, (_, n) => n),
    "each was begun once",
  );
  await until("all are settled", async () => {
    const { stats } = await b.client.getPersistentSubscriptionToStreamInfo("$ce-in.work", "work");
    return stats.totalInFlightMessages === 0;
  });
});

test("receiving – 60. a handler that heeds its signal has failed: tried again, and parked in the end", async () => {
  await using b = await bench();
  const endpoint = await b.start(
    component("work", { messageTimeout: 30_000, handlerTimeout: 50, immediateRetries: 1, delayedRetries: 0 }, (c) =>
      c.handle(Do, async (_, { signal }) => {
        await new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        });
      }),
    ),
  );
  await b.sender.send(Do, { n: 1 });
  await until("it is parked", () => endpoint.counts("work").parked === 1);
  assert.equal(endpoint.counts("work").failures, 2);
  const parked = b.seen.find(({ kind }) => kind === "parked") as { readonly error: unknown };
  assert.ok(parked.error instanceof HandlerTimedOut);
});
