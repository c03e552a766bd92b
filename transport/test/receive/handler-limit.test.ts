import assert from "node:assert/strict";
import { test } from "node:test";
import { command, component, event, HandlerTimedOut } from "../../src/index.ts";
import { type Bench, bench, read, until } from "../endpoint/harness.ts";

/** The messages of one test. */
const messagesOf = ({ name }: Bench) => ({
  Do: command(`${name("work")}.Do`, { to: name("work") })<{ n: number }>(),
  Done: event(`${name("work")}.Done`)<{ n: number }>(),
});

test("receiving – 60. handlers that never settle: signals aborted at their limit, told, and the component goes on with others", async () => {
  await using b = await bench();
  const { Do, Done } = messagesOf(b);
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const reasons: unknown[] = [];
  const begun: number[] = [];
  const endpoint = await b.start(
    component(b.name("work"), { concurrency: 2, messageTimeout: 1_000 }, (c) =>
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
  await until("the others are handled", () => endpoint.counts(b.name("work")).handled === 10);
  assert.equal(reasons.length, 2);
  assert.ok(reasons.every((reason) => reason instanceof HandlerTimedOut));
  // On a busy machine others may take as long, too.
  assert.ok(b.seen.filter(({ kind }) => kind === "timed out").length >= 2);
  // They end late: what they sent leaves once, and each is settled once.
  release();
  await until("all are handled", () => endpoint.counts(b.name("work")).handled === 12);
  await until(
    "their messages are stored",
    async () => (await read(b.client, `intermediate.${b.name("work")}`)).length === 12,
  );
  const { parked, failures } = endpoint.counts(b.name("work"));
  assert.deepEqual({ parked, failures }, { parked: 0, failures: 0 });
  assert.deepEqual(
    begun.toSorted((x, y) => x - y),
    Array.from({ length: 12 }, (_, n) => n),
    "each was begun once",
  );
  await until("all are settled", async () => {
    const { stats } = await b.client.getPersistentSubscriptionToStreamInfo(`$ce-in.${b.name("work")}`, b.name("work"));
    return stats.totalInFlightMessages === 0;
  });
});

test("receiving – 60. a handler that heeds its signal has failed: tried again, and parked in the end", async () => {
  await using b = await bench();
  const { Do } = messagesOf(b);
  const endpoint = await b.start(
    component(
      b.name("work"),
      { messageTimeout: 30_000, handlerTimeout: 50, immediateRetries: 1, delayedRetries: 0 },
      (c) =>
        c.handle(Do, async (_, { signal }) => {
          await new Promise((_resolve, reject) => {
            signal.addEventListener("abort", () => reject(signal.reason), { once: true });
          });
        }),
    ),
  );
  await b.sender.send(Do, { n: 1 });
  await until("it is parked", () => endpoint.counts(b.name("work")).parked === 1);
  assert.equal(endpoint.counts(b.name("work")).failures, 2);
  const parked = b.seen.find(({ kind }) => kind === "parked") as { readonly error: unknown };
  assert.ok(parked.error instanceof HandlerTimedOut);
});
