import assert from "node:assert/strict";
import { test } from "node:test";
import { PARK, RETRY, SKIP, STOP } from "@eventstore/db-client";
import { ackAll, append, follow, parkedStream, read, serverInMemory, settings, settled } from "./harness.ts";
import { until } from "../until.ts";

test("retrying – an event comes maxRetryCount times again, counted, and is then parked", async (t) => {
  const { client } = await serverInMemory(t);
  await append(client, "s", 2);
  await client.createPersistentSubscriptionToStream("s", "g", settings({ maxRetryCount: 2 }));
  const one = await follow(client, "s", "g", 10, (event, { subscription }) => {
    if (event.event?.revision === 0n) void subscription.nack(RETRY, "no", event);
    else void subscription.ack(event);
  });
  await settled(client, "s", "g");
  assert.deepEqual(one.revisions, ["0", "1", "0 retry 1", "0 retry 2"]);
  assert.deepEqual(await read(client, parkedStream("s", "g")), ["0@s"]);
});

test("retrying – an event not settled in time comes again and is parked in the end", async (t) => {
  const { client } = await serverInMemory(t);
  await append(client, "s", 1);
  await client.createPersistentSubscriptionToStream("s", "g", settings({ messageTimeout: 50, maxRetryCount: 1 }));
  const one = await follow(client, "s", "g");
  await until("it is parked", async () => (await read(client, parkedStream("s", "g"))).length === 1);
  assert.deepEqual(one.revisions, ["0", "0 retry 1"]);
  await settled(client, "s", "g");
});

test("retrying – skip and stop settle an event for good", async (t) => {
  const { client } = await serverInMemory(t);
  await append(client, "s", 3);
  await client.createPersistentSubscriptionToStream("s", "g", settings());
  const one = await follow(client, "s", "g");
  await one.receive(3);
  await one.subscription.nack(SKIP, "", one.got[0]!);
  await one.subscription.nack(STOP, "", one.got[1]!);
  await one.ack(one.got[2]!);
  await settled(client, "s", "g");
  assert.equal(one.end, undefined);
  assert.deepEqual(await read(client, parkedStream("s", "g")), []);
});

test("retrying – an event that cannot be parked comes again, until it is handled", async (t) => {
  const { client } = await serverInMemory(t);
  await append(client, "s", 1);
  await client.createPersistentSubscriptionToStream("s", "g", settings());
  // Nothing can ever be written to this stream again.
  await client.tombstoneStream(parkedStream("s", "g"));
  const one = await follow(client, "s", "g");
  await one.receive(1);
  await one.subscription.nack(PARK, "", one.got[0]!);
  await one.receive(2);
  await one.ack(one.got[1]!);
  await settled(client, "s", "g");
  assert.deepEqual(one.revisions, ["0", "0"]);
});

test("retrying – an event with the id of one in flight is not lost", async (t) => {
  const { client } = await serverInMemory(t);
  await append(client, "s", 1);
  const twin = (await client.readStream("s")[Symbol.asyncIterator]().next()).value.event;
  await client.appendToStream("s", { ...twin, contentType: "application/json" }, { expectedRevision: 0n });
  await client.createPersistentSubscriptionToStream("s", "g", settings());
  const one = await follow(client, "s", "g", 10, ackAll);
  await settled(client, "s", "g");
  assert.deepEqual(one.revisions, ["0", "1"]);
});
