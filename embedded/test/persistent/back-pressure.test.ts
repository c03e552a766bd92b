import assert from "node:assert/strict";
import { test } from "node:test";
import { binaryEvent, type EventStoreDBClient, PARK } from "@eventstore/db-client";
import { credentials, makeClientConstructor } from "@grpc/grpc-js";
import { persistentSubscriptionsService } from "../../src/grpc/wire/persistent.ts";
import { definition } from "../../src/grpc/wire/service.ts";
import { atEnd, follow, serverInMemory, settings, settled, statsOf } from "./harness.ts";
import { until } from "../until.ts";

interface RawCall extends NodeJS.ReadWriteStream {
  write(request: unknown): boolean;
  cancel(): void;
}

const SIZE = 100_000;
const blob = Buffer.alloc(SIZE, 1);

async function appendLarge(client: EventStoreDBClient, count: number): Promise<void> {
  for (let i = 0; i < count; i += 10) {
    const events = Array.from({ length: 10 }, () => binaryEvent({ type: "Blob", data: blob }));
    await client.appendToStream("s", events);
  }
}

test("back-pressure – of large messages few wait in memory, read or replayed, and each comes", async (t) => {
  const { client } = await serverInMemory(t);
  const count = 200;
  await appendLarge(client, count);
  await client.createPersistentSubscriptionToStream("s", "g", settings());
  const { readBufferCount } = await statsOf(client, "s", "g");
  assert.ok(readBufferCount > 0 && readBufferCount < count / 4, `${readBufferCount} of ${count} wait`);
  let isParking = true;
  const one = await follow(client, "s", "g", count, (event, { subscription }) => {
    if (isParking) void subscription.nack(PARK, "", event);
  });
  await one.receive(count);
  await settled(client, "s", "g");
  isParking = false;
  await one.subscription.unsubscribe();
  await client.replayParkedMessagesToStream("s", "g");
  const { retryBufferCount } = await statsOf(client, "s", "g");
  assert.ok(retryBufferCount > 0 && retryBufferCount < count / 4, `${retryBufferCount} of ${count} wait again`);
  const other = await follow(client, "s", "g", 10, (event, { subscription }) => void subscription.ack(event));
  await settled(client, "s", "g");
  assert.deepEqual(other.revisions, one.revisions);
});

test("back-pressure – a client that does not read gets no more than fits its connection, the others get the rest", async (t) => {
  const { server, client } = await serverInMemory(t);
  const count = 400;
  await appendLarge(client, count);
  await client.createPersistentSubscriptionToStream("s", "g", settings());
  const Client = makeClientConstructor(definition(persistentSubscriptionsService), "PersistentSubscriptions");
  const raw = new Client(`127.0.0.1:${server.port}`, credentials.createInsecure());
  atEnd(t, () => raw.close());
  const stuck = (raw["read"] as () => RawCall).call(raw);
  stuck.on("error", () => {});
  // The confirmation; nothing is read from then on.
  stuck.once("data", () => stuck.pause());
  stuck.write({
    content: {
      case: "options",
      value: { streamOption: { case: "streamIdentifier", value: "s" }, groupName: "g", bufferSize: 100_000 },
    },
  });
  await until("it has got something", async () => (await statsOf(client, "s", "g")).outstandingMessagesCount > 0);
  const other = await follow(client, "s", "g", 10, (event, { subscription }) => void subscription.ack(event));
  await until("all the others are settled", async () => {
    const { readBufferCount, totalItems, status } = await statsOf(client, "s", "g");
    return readBufferCount === 0 && status === "Live" && totalItems === BigInt(count);
  });
  const held = (await statsOf(client, "s", "g")).outstandingMessagesCount;
  assert.ok(held > 0 && held < count / 4, `${held} of ${count} lie in a connection that is not read`);
  stuck.cancel();
  await settled(client, "s", "g");
  assert.equal(other.got.length, count);
});
