import assert from "node:assert/strict";
import { test } from "node:test";
import { PARK } from "@eventstore/db-client";
import { ackAll, append, follow, parkedStream, read, serverInMemory, settings, settled, statsOf } from "./harness.ts";
import { until } from "../until.ts";

test("parking – a parked event lies in the parked stream with its reason, and is settled", async (t) => {
  const { client } = await serverInMemory(t);
  await append(client, "s", 2);
  await client.createPersistentSubscriptionToStream("s", "g", settings());
  const one = await follow(client, "s", "g");
  await one.receive(2);
  await one.subscription.nack(PARK, "broken", one.got[1]!, one.got[0]!);
  await settled(client, "s", "g");
  assert.deepEqual(await read(client, parkedStream("s", "g")), ["1@s", "0@s"]);
  const entry = (await client.readStream(parkedStream("s", "g"))[Symbol.asyncIterator]().next()).value.event;
  assert.equal(entry.metadata.reason, "Client explicitly NAK'ed message.\nbroken");
  assert.equal(entry.metadata.subscriptionEventNumber, 1);
  assert.equal((await statsOf(client, "s", "g")).parkedMessageCount, 2n);
});

test("parking – a parked tombstone keeps its number, which no double can tell", async (t) => {
  const { client } = await serverInMemory(t);
  await client.createPersistentSubscriptionToStream("s", "g", settings());
  const one = await follow(client, "s", "g");
  await client.tombstoneStream("s");
  await one.receive(1);
  await one.subscription.nack(PARK, "over", one.got[0]!);
  await settled(client, "s", "g");
  assert.deepEqual(await read(client, parkedStream("s", "g")), ["9223372036854775807@s"]);
  const entry = (await client.readStream(parkedStream("s", "g"))[Symbol.asyncIterator]().next()).value.event;
  assert.equal(entry.metadata.subscriptionEventNumber, 2 ** 63);
});

test("parking – replay delivers all that is parked, with its event, and leaves nothing parked", async (t) => {
  const { client } = await serverInMemory(t);
  await append(client, "s", 3);
  await client.createPersistentSubscriptionToStream("s", "g", settings());
  const one = await follow(client, "s", "g");
  await one.receive(3);
  await one.subscription.nack(PARK, "", ...one.got);
  await settled(client, "s", "g");
  await client.replayParkedMessagesToStream("s", "g");
  await one.receive(6);
  assert.deepEqual(one.revisions.slice(3), ["0", "1", "2"]);
  assert.deepEqual(
    one.got.slice(3).map(({ link }) => link?.streamId),
    Array.from({ length: 3 }, () => parkedStream("s", "g")),
  );
  await one.ack(...one.got.slice(3));
  await settled(client, "s", "g");
  await until("nothing is parked", async () => (await statsOf(client, "s", "g")).parkedMessageCount === 0n);
  assert.deepEqual(await read(client, parkedStream("s", "g")), []);
});

test("parking – replay up to an entry leaves those behind it", async (t) => {
  const { client } = await serverInMemory(t);
  await append(client, "s", 4);
  await client.createPersistentSubscriptionToStream("s", "g", settings());
  const one = await follow(client, "s", "g");
  await one.receive(4);
  await one.subscription.nack(PARK, "", ...one.got);
  await settled(client, "s", "g");
  await client.replayParkedMessagesToStream("s", "g", { stopAt: 3 });
  await one.receive(7);
  await until("one is parked", async () => (await statsOf(client, "s", "g")).parkedMessageCount === 1n);
  assert.deepEqual(await read(client, parkedStream("s", "g")), ["3@s"]);
  await one.ack(...one.got.slice(4));
  await settled(client, "s", "g");
  assert.deepEqual(one.revisions.slice(4), ["0", "1", "2"]);
  await assert.rejects(client.replayParkedMessagesToStream("s", "g", { stopAt: -1 }), {
    type: "persistent-subscription-failed",
  });
});

test("parking – thousands of parked events are replayed through few slots, each once, the group's state telling", async (t) => {
  const { client } = await serverInMemory(t);
  const count = 1200;
  await append(client, "s", count);
  await client.createPersistentSubscriptionToStream("s", "g", settings());
  let isParking = true;
  const one = await follow(client, "s", "g", 100, (event, { subscription }) => {
    if (isParking) void subscription.nack(PARK, "", event);
  });
  await one.receive(count);
  await settled(client, "s", "g");
  assert.equal((await statsOf(client, "s", "g")).parkedMessageCount, BigInt(count));
  isParking = false;
  await client.replayParkedMessagesToStream("s", "g");
  await one.receive(count + 100);
  const during = await statsOf(client, "s", "g");
  assert.equal(during.status, "ReplayingParkedMessages, Live");
  assert.ok(during.retryBufferCount <= 500, `${during.retryBufferCount} wait in memory`);
  one.subscription.on("data", (event) => ackAll(event, one));
  await one.ack(...one.got.slice(count));
  await settled(client, "s", "g");
  const replayed = one.got.slice(count).map(({ event }) => Number(event?.revision));
  assert.deepEqual(
    replayed,
    Array.from({ length: count }, (_, i) => i),
  );
});
