import assert from "node:assert/strict";
import { test } from "node:test";
import { END } from "@eventstore/db-client";
import { append, checkpointStream, follow, parkedStream, read, serverInMemory, settings, statsOf } from "./harness.ts";
import { until } from "../until.ts";

test("managing – a group is created once, and what is asked of a missing one says so", async (t) => {
  const { client } = await serverInMemory(t);
  await client.createPersistentSubscriptionToStream("s", "g", settings());
  await assert.rejects(client.createPersistentSubscriptionToStream("s", "g", settings()), {
    type: "persistent-subscription-exists",
    streamName: "s",
    groupName: "g",
  });
  const missing = { type: "persistent-subscription-does-not-exist", streamName: "s", groupName: "h" };
  await assert.rejects(client.updatePersistentSubscriptionToStream("s", "h", settings()), missing);
  await assert.rejects(client.deletePersistentSubscriptionToStream("s", "h"), missing);
  await assert.rejects(client.getPersistentSubscriptionToStreamInfo("s", "h"), missing);
  await assert.rejects(client.replayParkedMessagesToStream("s", "h"), missing);
  assert.equal((await follow(client, "s", "h")).end, missing.type);
});

test("managing – a batch that does not fit into the buffer is refused with the reason", async (t) => {
  const { client } = await serverInMemory(t);
  const bad = settings({ readBatchSize: 20, historyBufferSize: 20 });
  await assert.rejects(client.createPersistentSubscriptionToStream("s", "g", bad), {
    type: "persistent-subscription-failed",
    reason: /ReadBatchSize/,
  });
});

test("managing – commands given at once are carried out one after the other, and all are stored", async (t) => {
  const { client } = await serverInMemory(t);
  const names = Array.from({ length: 20 }, (_, i) => `g${i}`);
  const created = names.map((name) => client.createPersistentSubscriptionToStream("s", name, settings()));
  const deleted = names.slice(10).map((name) => client.deletePersistentSubscriptionToStream("s", name));
  const outcomes = await Promise.allSettled([...created, ...deleted]);
  assert.deepEqual(
    outcomes.filter(({ status }) => status === "rejected"),
    [],
  );
  await client.restartPersistentSubscriptionSubsystem();
  const list = await client.listPersistentSubscriptionsToStream("s");
  assert.deepEqual(list.map(({ groupName }) => groupName).toSorted(), names.slice(0, 10).toSorted());
});

test("managing – an update drops the consumer and applies; the group goes on behind its checkpoint", async (t) => {
  const { client } = await serverInMemory(t);
  await append(client, "s", 4);
  const each = { checkPointLowerBound: 1, checkPointUpperBound: 1 };
  await client.createPersistentSubscriptionToStream("s", "g", settings(each));
  const one = await follow(client, "s", "g");
  await one.receive(4);
  await one.ack(one.got[0]!, one.got[1]!);
  await until(
    "the checkpoint is written",
    async () => (await read(client, checkpointStream("s", "g"))).at(-1) === '"1"',
  );
  await client.updatePersistentSubscriptionToStream("s", "g", settings({ ...each, startFrom: END, maxRetryCount: 7 }));
  await until("the consumer is dropped", () => one.end !== undefined);
  assert.equal(one.end, "persistent-subscription-dropped");
  const next = await follow(client, "s", "g");
  await next.receive(2);
  assert.deepEqual(next.revisions, ["2", "3"]);
  assert.equal((await client.getPersistentSubscriptionToStreamInfo("s", "g")).settings.maxRetryCount, 7);
});

test("managing – a late ack of a consumer that was dropped moves nothing in the group that took over", async (t) => {
  const { client } = await serverInMemory(t);
  await append(client, "s", 2);
  const each = settings({ checkPointLowerBound: 1, checkPointUpperBound: 1 });
  await client.createPersistentSubscriptionToStream("s", "g", each);
  const one = await follow(client, "s", "g");
  await one.receive(2);
  await Promise.all([client.updatePersistentSubscriptionToStream("s", "g", each), one.ack(...one.got).catch(() => {})]);
  const next = await follow(client, "s", "g");
  const checkpoint = Number(JSON.parse((await read(client, checkpointStream("s", "g"))).at(-1) ?? '"-1"'));
  await next.receive(1 - checkpoint);
  assert.equal((await statsOf(client, "s", "g")).totalItems, BigInt(1 - checkpoint));
});

test("managing – delete forgets checkpoint and parked events; a new group of the name begins anew", async (t) => {
  const { client } = await serverInMemory(t);
  await append(client, "s", 2);
  const each = settings({ checkPointLowerBound: 1, checkPointUpperBound: 1 });
  await client.createPersistentSubscriptionToStream("s", "g", each);
  const one = await follow(client, "s", "g");
  await one.receive(2);
  await one.subscription.nack("park", "", ...one.got);
  await until(
    "the checkpoint is written",
    async () => (await read(client, checkpointStream("s", "g"))).at(-1) === '"1"',
  );
  await client.deletePersistentSubscriptionToStream("s", "g");
  assert.deepEqual(await read(client, checkpointStream("s", "g")), []);
  assert.deepEqual(await read(client, parkedStream("s", "g")), []);
  await client.createPersistentSubscriptionToStream("s", "g", each);
  const next = await follow(client, "s", "g");
  await next.receive(2);
  assert.deepEqual(next.revisions, ["0", "1"]);
});

test("managing – no more consumers than allowed, until one leaves", async (t) => {
  const { client } = await serverInMemory(t);
  await client.createPersistentSubscriptionToStream("s", "g", settings({ maxSubscriberCount: 1 }));
  const one = await follow(client, "s", "g");
  assert.equal((await follow(client, "s", "g")).end, "maximum-subscribers-reached");
  await one.subscription.unsubscribe();
  await until("it has left", async () => (await statsOf(client, "s", "g")).connections === 0);
  assert.ok((await follow(client, "s", "g")).isConfirmed);
});
