import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import {
  binaryEvent,
  DISPATCH_TO_SINGLE,
  type EventStoreDBClient,
  jsonEvent,
  PINNED,
  RETRY,
  ROUND_ROBIN,
} from "@eventstore/db-client";
import { credentials, makeClientConstructor } from "@grpc/grpc-js";
import { persistentSubscriptionsService } from "../../src/grpc/wire/persistent.ts";
import { definition } from "../../src/grpc/wire/service.ts";
import { append, atEnd, ackAll, type Follower, follow, serverInMemory, settings } from "./harness.ts";
import { until } from "../until.ts";

const all = (...followers: readonly Follower[]): string[][] => followers.map(({ revisions }) => revisions);
const together = (count: number, ...followers: readonly Follower[]): Promise<void> =>
  until(`${count} deliveries came`, () => followers.reduce((sum, { got }) => sum + got.length, 0) >= count);

async function group(
  client: EventStoreDBClient,
  consumerStrategyName: typeof ROUND_ROBIN | typeof DISPATCH_TO_SINGLE | typeof PINNED,
  resolveLinkTos = false,
): Promise<void> {
  const chosen = settings({ consumerStrategyName, resolveLinkTos });
  await client.createPersistentSubscriptionToStream("s", "g", chosen);
}

test("round robin – two clients take turns, a retry goes to whose turn it is", async (t) => {
  const { client } = await serverInMemory(t);
  await group(client, ROUND_ROBIN);
  const one = await follow(client, "s", "g");
  const other = await follow(client, "s", "g");
  await append(client, "s", 5);
  await together(5, one, other);
  assert.deepEqual(all(one, other), [
    ["0", "2", "4"],
    ["1", "3"],
  ]);
  await one.subscription.nack(RETRY, "not me", one.got[0]!);
  await together(6, one, other);
  assert.equal(other.revisions[2], "0 retry 1");
});

test("dispatch to single – the second client gets what the first has no slots for", async (t) => {
  const { client } = await serverInMemory(t);
  await group(client, DISPATCH_TO_SINGLE);
  const one = await follow(client, "s", "g", 2);
  const other = await follow(client, "s", "g", 3);
  await append(client, "s", 4);
  await together(4, one, other);
  assert.deepEqual(all(one, other), [
    ["0", "1"],
    ["2", "3"],
  ]);
});

test("pinned – every source stream comes whole and in order to one of two clients", async (t) => {
  const { client } = await serverInMemory(t);
  const sources = Array.from({ length: 12 }, (_, i) => `source-${i}`);
  for (const source of sources) await append(client, source, 4);
  await group(client, PINNED, true);
  const one = await follow(client, "s", "g", 3, ackAll);
  const other = await follow(client, "s", "g", 3, ackAll);
  const links = [0, 1, 2, 3].flatMap((n) => sources.map((source) => `${n}@${source}`));
  await client.appendToStream(
    "s",
    links.map((link) => binaryEvent({ type: "$>", data: Buffer.from(link) })),
  );
  await together(48, one, other);
  for (const source of sources) {
    const parts = [one, other].map(({ got }) => got.filter(({ event }) => event?.streamId === source));
    const whole = parts.filter((part) => part.length > 0).map((part) => part.map(({ event }) => event?.revision));
    assert.deepEqual(whole, [[0n, 1n, 2n, 3n]], source);
  }
  assert.ok(one.got.length > 0 && other.got.length > 0);
});

test("pinned by correlation – each correlation id stays with one client", async (t) => {
  const { server, client } = await serverInMemory(t);
  await createPinnedByCorrelation(t, server.port);
  const one = await follow(client, "s", "g", 50);
  const other = await follow(client, "s", "g", 50);
  const ids = Array.from({ length: 40 }, (_, i) => `c${i % 8}`);
  await client.appendToStream(
    "s",
    ids.map(($correlationId) => jsonEvent({ type: "Step", data: {}, metadata: { $correlationId } })),
  );
  await together(40, one, other);
  const correlations = ({ got }: Follower): Set<unknown> =>
    new Set(got.map(({ event }) => (event!.metadata as { $correlationId: string }).$correlationId));
  const [mine, others] = [correlations(one), correlations(other)];
  assert.equal(mine.size + others.size, 8);
  assert.ok(mine.size > 0 && others.size > 0);
  const info = await client.getPersistentSubscriptionToStreamInfo("s", "g");
  assert.equal(info.settings.consumerStrategyName, "PinnedByCorrelation");
});

/** The official Node client cannot ask for this strategy: it only exists as a text on the wire. */
async function createPinnedByCorrelation(t: TestContext, port: number): Promise<void> {
  const Client = makeClientConstructor(definition(persistentSubscriptionsService), "PersistentSubscriptions");
  const raw = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  atEnd(t, () => raw.close());
  const options = {
    streamIdentifier: "s",
    groupName: "g",
    settings: {
      revision: 0,
      consumerStrategy: "PinnedByCorrelation",
      messageTimeout: { case: "messageTimeoutMs", value: 30_000 },
      readBatchSize: 20,
      historyBufferSize: 500,
      liveBufferSize: 500,
      maxRetryCount: 10,
    },
  };
  await new Promise<void>((resolve, reject) => {
    const create = raw["create"] as (request: unknown, done: (error: Error | null) => void) => void;
    create.call(raw, { options }, (error) => (error === null ? resolve() : reject(error)));
  });
}
