import assert from "node:assert/strict";
import { once } from "node:events";
import { after, test } from "node:test";
import {
  EventStoreDBClient,
  jsonEvent,
  NotLeaderError,
  persistentSubscriptionToStreamSettingsFromDefaults,
  UnavailableError,
} from "@eventstore/db-client";
import { startEmbedded } from "@sluice/embedded";
import { until } from "../until.ts";
import { startFaultCluster } from "./fault-cluster.ts";

const LOGIN = { credentials: { username: "admin", password: "changeit" } };
const event = () => jsonEvent({ type: "counted", data: {} });

test("a cluster – the leader is killed, nobody leads, another is elected and the client finds it", async () => {
  const server = await startEmbedded({ memory: true, port: 0 });
  after(() => server.stop());
  await using cluster = await startFaultCluster({ target: server.port });
  const parameters = "maxDiscoverAttempts=2&discoveryInterval=20";
  const client = EventStoreDBClient.connectionString(`${cluster.connectionString}&${parameters}`);
  const [first, second] = cluster.nodes;
  const settings = persistentSubscriptionToStreamSettingsFromDefaults();
  await client.createPersistentSubscriptionToStream("numbers", "group", settings);
  const subscription = client.subscribeToPersistentSubscriptionToStream("numbers", "group");
  await once(subscription, "confirmation");
  assert.ok(first!.calls.some(({ method }) => method.endsWith("PersistentSubscriptions/Read")));

  const failed = once(subscription, "error");
  await first!.goAway();
  cluster.elect(undefined);
  assert.ok((await failed)[0] instanceof UnavailableError);
  await until(() =>
    client.appendToStream("numbers", event(), LOGIN).then(
      () => assert.fail("nobody leads"),
      (error: Error) => (error.message === "Failed to discover after 2 attempts." ? true : undefined),
    ),
  );

  cluster.elect(1);
  await until(() => client.appendToStream("numbers", event(), LOGIN).catch(() => undefined));
  const again = client.subscribeToPersistentSubscriptionToStream("numbers", "group");
  await once(again, "confirmation");
  assert.ok(second!.calls.some(({ method }) => method.endsWith("PersistentSubscriptions/Read")));
  await client.dispose();
});

test("a cluster – a leader that resigns ends its subscriptions and names the new one", async () => {
  const server = await startEmbedded({ memory: true, port: 0 });
  after(() => server.stop());
  await using cluster = await startFaultCluster({ target: server.port, size: 2 });
  const [first, second] = cluster.nodes;
  const client = EventStoreDBClient.connectionString(first!.connectionString);
  const settings = persistentSubscriptionToStreamSettingsFromDefaults();
  await client.createPersistentSubscriptionToStream("numbers", "group", settings);
  const subscription = client.subscribeToPersistentSubscriptionToStream("numbers", "group");
  await once(subscription, "confirmation");
  const failed = once(subscription, "error");
  cluster.elect(1);
  assert.ok((await failed)[0] instanceof UnavailableError);
  const error = await until(() =>
    client.getPersistentSubscriptionToStreamInfo("numbers", "group").then(
      () => assert.fail("it does not lead"),
      (error: unknown) => (error instanceof NotLeaderError ? error : undefined),
    ),
  );
  assert.equal(error.leader.port, second!.port);
  await client.getPersistentSubscriptionToStreamInfo("numbers", "group");
  await client.dispose();
});
