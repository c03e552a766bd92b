import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { RETRY, SKIP } from "@eventstore/db-client";
import {
  ackAll,
  append,
  clientOf,
  type Delivered,
  follow,
  type Follower,
  serverInMemory,
  settings,
  settled,
  statsOf,
} from "./harness.ts";
import { until } from "../until.ts";

test("consumers – what one had when it left comes to the other, counted, with the rest in order", async (t) => {
  const { client } = await serverInMemory(t);
  await append(client, "s", 4);
  await client.createPersistentSubscriptionToStream("s", "g", settings({ maxRetryCount: 0 }));
  const one = await follow(client, "s", "g");
  await one.receive(4);
  await one.ack(one.got[1]!);
  await until("one is acked", async () => (await statsOf(client, "s", "g")).outstandingMessagesCount === 3);
  await one.subscription.unsubscribe();
  await until("it has left", async () => (await statsOf(client, "s", "g")).connections === 0);
  await append(client, "s", 1);
  const next = await follow(client, "s", "g");
  await next.receive(4);
  assert.deepEqual(next.revisions, ["0 retry 1", "2 retry 1", "3 retry 1", "4"]);
});

test("consumers – a connection that breaks off is a consumer that leaves", async (t) => {
  const { server, client } = await serverInMemory(t);
  await append(client, "s", 2);
  await client.createPersistentSubscriptionToStream("s", "g", settings());
  const other = clientOf(t, server);
  const one = await follow(other, "s", "g");
  await one.receive(2);
  one.subscription.on("error", () => {});
  await other.dispose();
  const next = await follow(client, "s", "g");
  await next.receive(2);
  assert.deepEqual(next.revisions, ["0 retry 1", "1 retry 1"]);
});

test("consumers – ids of what is settled may be written in capitals or without dashes", async (t) => {
  const { client } = await serverInMemory(t);
  await append(client, "s", 2);
  await client.createPersistentSubscriptionToStream("s", "g", settings());
  const written = (event: Delivered, by: (id: string) => string): Delivered => {
    assert.ok(event.event);
    return { ...event, event: { ...event.event, id: by(event.event.id) } } as Delivered;
  };
  const one = await follow(client, "s", "g");
  await one.receive(2);
  await one.ack(written(one.got[0]!, (id) => id.toUpperCase()));
  await one.subscription.nack(
    SKIP,
    "",
    written(one.got[1]!, (id) => id.replaceAll("-", "")),
  );
  await settled(client, "s", "g");
});

test("consumers – more slots than the buffer holds are filled without waiting for an ack", async (t) => {
  const { client } = await serverInMemory(t);
  await append(client, "s", 300);
  const small = settings({ readBatchSize: 5, historyBufferSize: 10, liveBufferSize: 10 });
  await client.createPersistentSubscriptionToStream("s", "g", small);
  const one = await follow(client, "s", "g", 300);
  await one.receive(300);
  assert.deepEqual(
    one.got.map(({ event }) => Number(event?.revision)),
    Array.from({ length: 300 }, (_, i) => i),
  );
});

test("consumers – a group that has fallen behind catches up, in order, each once", async (t) => {
  const { client } = await serverInMemory(t);
  const small = settings({ readBatchSize: 3, historyBufferSize: 7, liveBufferSize: 4 });
  await client.createPersistentSubscriptionToStream("s", "g", small);
  await append(client, "s", 100);
  await until("it is behind", async () => (await statsOf(client, "s", "g")).status === "Behind");
  const one = await follow(client, "s", "g", 2, ackAll);
  for (let i = 0; i < 10; i++) await append(client, "s", 20);
  await settled(client, "s", "g");
  assert.deepEqual(
    one.got.map(({ event }) => Number(event?.revision)),
    Array.from({ length: 300 }, (_, i) => i),
  );
});

/** What a consumer of the random test does in its life, before the ones that stay. */
const life = fc.record({
  slots: fc.integer({ min: 1, max: 20 }),
  leavesAfter: fc.integer({ min: 1, max: 40 }),
  breaksOff: fc.boolean(),
  /** Every so many-th event is nacked for a retry. */
  nacksEach: fc.integer({ min: 2, max: 12 }),
});

test("consumers – while they disconnect at random every event comes, and is settled in the end", async (t) => {
  const { server, client } = await serverInMemory(t);
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("RoundRobin" as const, "DispatchToSingle" as const, "Pinned" as const),
      fc.array(life, { minLength: 3, maxLength: 8, size: "max" }),
      async (consumerStrategyName, lives) => {
        const stream = `s${run++}`;
        const count = 150;
        const small = { readBatchSize: 7, historyBufferSize: 30, maxRetryCount: 1000 };
        await client.createPersistentSubscriptionToStream(stream, "g", settings({ ...small, consumerStrategyName }));
        const delivered: Follower[] = [];
        const appending = (async () => {
          for (let from = 0; from < count; from += 30) await append(client, stream, 30, from);
        })();
        const handle = (event: Delivered, { subscription }: Follower, nacksEach: number, position: number): void => {
          const settling = position % nacksEach === 0 ? subscription.nack(RETRY, "", event) : subscription.ack(event);
          settling.catch(() => {}); // It left meanwhile: the event comes again to another.
        };
        await Promise.all(
          lives.map(async ({ slots, leavesAfter, breaksOff, nacksEach }) => {
            const own = breaksOff ? clientOf(t, server) : client;
            const { promise: enough, resolve: hasEnough } = Promise.withResolvers<void>();
            const follower = await follow(own, stream, "g", slots, (event, one) => {
              handle(event, one, nacksEach, one.got.length);
              if (one.got.length >= leavesAfter) hasEnough();
            });
            delivered.push(follower);
            await Promise.race([enough, appending]);
            if (breaksOff) await own.dispose();
            else await follower.subscription.unsubscribe();
          }),
        );
        await appending;
        const last = await follow(client, stream, "g", 10, (event, one) => handle(event, one, 1e9, one.got.length));
        await settled(client, stream, "g");
        await last.subscription.unsubscribe();
        const seen = new Set(
          [...delivered, last].flatMap(({ got }) => got.map(({ event }) => Number(event!.revision))),
        );
        assert.equal(seen.size, count);
        await client.deletePersistentSubscriptionToStream(stream, "g");
      },
    ),
    { numRuns: 12 },
  );
});
