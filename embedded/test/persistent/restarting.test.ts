import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import {
  END,
  PARK,
  streamNameFilter,
  persistentSubscriptionToAllSettingsFromDefaults,
  START,
} from "@eventstore/db-client";
import { type Embedded, startEmbedded } from "../../src/index.ts";
import {
  append,
  atEnd,
  checkpointStream,
  clientOf,
  follow,
  Follower,
  read,
  serverInMemory,
  settings,
  settled,
  statsOf,
} from "./harness.ts";
import { until } from "../until.ts";

const EACH = { checkPointLowerBound: 1, checkPointUpperBound: 1, checkPointAfter: 0 };

async function directory(t: TestContext): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "sluice-persistent-"));
  atEnd(t, () => rm(made, { recursive: true, force: true }));
  return made;
}

const start = (data: string): Promise<Embedded> => startEmbedded({ data, port: 0 });

test("restarting – a group goes on behind its checkpoint, with its settings and what it has parked", async (t) => {
  const data = await directory(t);
  let server = await start(data);
  let client = clientOf(t, server);
  await append(client, "s", 6);
  const chosen = settings({ ...EACH, messageTimeout: 12_000, maxSubscriberCount: 3 });
  await client.createPersistentSubscriptionToStream("s", "g", chosen);
  const one = await follow(client, "s", "g");
  await one.receive(6);
  await one.subscription.nack(PARK, "", one.got[1]!);
  await one.ack(one.got[0]!, one.got[2]!, one.got[4]!);
  await until(
    "the checkpoint is written",
    async () => (await read(client, checkpointStream("s", "g"))).at(-1) === '"2"',
  );
  await server.stop();
  server = await start(data);
  atEnd(t, () => server.stop());
  client = clientOf(t, server);
  const info = await client.getPersistentSubscriptionToStreamInfo("s", "g");
  assert.equal(info.stats.lastCheckpointedEventRevision, 2n);
  assert.equal(info.stats.parkedMessageCount, 1n);
  assert.equal(info.settings.messageTimeout, 12_000);
  assert.equal(info.settings.maxSubscriberCount, 3);
  const next = await follow(client, "s", "g");
  await next.receive(3);
  // 4 was acked, but lies behind the checkpoint: it comes again rather than 3 being lost.
  assert.deepEqual(next.revisions, ["3", "4", "5"]);
  await next.ack(...next.got);
  await settled(client, "s", "g");
});

test("restarting – without a checkpoint a group begins where it was told to begin", async (t) => {
  const data = await directory(t);
  let server = await start(data);
  let client = clientOf(t, server);
  await append(client, "s", 3);
  await client.createPersistentSubscriptionToStream("s", "start", settings());
  await client.createPersistentSubscriptionToStream("s", "one", settings({ startFrom: 1n }));
  await client.createPersistentSubscriptionToStream("s", "end", settings({ startFrom: END }));
  await server.stop();
  server = await start(data);
  atEnd(t, () => server.stop());
  client = clientOf(t, server);
  await append(client, "s", 1);
  for (const [group, revisions] of [
    ["start", "0123"],
    ["one", "123"],
    ["end", "3"],
  ] as const) {
    const one = await follow(client, "s", group);
    await one.receive(revisions.length);
    assert.equal(one.revisions.join(""), revisions, group);
  }
});

test("restarting – a group on $all keeps its filter and its place", async (t) => {
  const data = await directory(t);
  let server = await start(data);
  let client = clientOf(t, server);
  const chosen = persistentSubscriptionToAllSettingsFromDefaults({ startFrom: START, ...EACH });
  // Inline options and Unicode words are .NET's, as is the server's syntax.
  await client.createPersistentSubscriptionToAll("g", chosen, {
    filter: streamNameFilter({ regex: String.raw`(?i)^ORDER-\w+$` }),
  });
  const one = new Follower(client.subscribeToPersistentSubscriptionToAll("g"));
  await append(client, "order-é", 2);
  await one.receive(2);
  await append(client, "other", 2);
  await one.ack(one.got[0]!);
  await until("the checkpoint is written", async () => {
    const info = await client.getPersistentSubscriptionToAllInfo("g");
    return info.stats.lastCheckpointedEventPosition?.commit === one.got[0]!.commitPosition;
  });
  await server.stop();
  server = await start(data);
  atEnd(t, () => server.stop());
  client = clientOf(t, server);
  await append(client, "other", 1);
  await append(client, "order-1", 1);
  const next = new Follower(client.subscribeToPersistentSubscriptionToAll("g"));
  await next.receive(2);
  assert.deepEqual(
    next.got.map(({ event }) => [event?.streamId, event?.revision]),
    [
      ["order-é", 1n],
      ["order-1", 0n],
    ],
  );
});

test("restarting – of the subsystem alone drops the consumers; groups go on behind their checkpoints", async (t) => {
  const { client } = await serverInMemory(t);
  await append(client, "s", 3);
  await client.createPersistentSubscriptionToStream("s", "g", settings(EACH));
  const one = await follow(client, "s", "g");
  await one.receive(3);
  await one.ack(one.got[0]!);
  await until("the checkpoint is written", async () => (await read(client, checkpointStream("s", "g"))).length === 1);
  await client.restartPersistentSubscriptionSubsystem();
  await until("the consumer is dropped", () => one.end !== undefined);
  assert.equal(one.end, "persistent-subscription-dropped");
  const next = await follow(client, "s", "g");
  await next.receive(2);
  assert.deepEqual(next.revisions, ["1", "2"]);
  assert.equal((await statsOf(client, "s", "g")).connections, 1);
});
