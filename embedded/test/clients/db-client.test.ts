import assert from "node:assert/strict";
import { test } from "node:test";
import * as library from "@eventstore/db-client";
import { connectionTests } from "./connection.ts";
import { atEnd, connected, countedUpTo, methodsOf, noted, numbersOf, type OfficialClient } from "./official-client.ts";
import { persistentSubscriptionTests } from "./persistent-subscriptions.ts";
import { projectionTests } from "./projections.ts";
import { streamTests } from "./streams.ts";
import { until } from "../until.ts";

const { EventStoreDBClient } = library;

const dbClient: OfficialClient = {
  library,
  scheme: "esdb",
  methods: methodsOf(EventStoreDBClient),
  called: new Set(),
  connect(t, connectionString) {
    const client = EventStoreDBClient.connectionString(connectionString);
    atEnd(t, () => void client.dispose());
    return noted(client, this.called);
  },
};

test("compat – this client subscribes and appends to a server that speaks 25, as ever", async (t) => {
  const { client } = await connected(t, dbClient, { compat: 25 });
  await client.appendToStream("s", countedUpTo(dbClient, 3));
  const numbers: unknown[] = [];
  const told: string[] = [];
  const filter = library.streamNameFilter({ prefixes: ["s"], checkpointInterval: 1 });
  for (const subscription of [client.subscribeToStream("s"), client.subscribeToAll({ filter })]) {
    subscription.on("data", (event) => numbers.push(...numbersOf([event])));
    subscription.on("caughtUp", () => told.push("caught up"));
  }
  await until("both have caught up", () => told.length === 2);
  assert.deepEqual(numbers.sort(), [0, 0, 1, 1, 2, 2]);
  await assert.rejects(client.getProjectionStatus("missing"), { type: "not-found" });
});

streamTests(dbClient);
persistentSubscriptionTests(dbClient);
projectionTests(dbClient);
connectionTests(dbClient);
