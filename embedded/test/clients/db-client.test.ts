import * as library from "@eventstore/db-client";
import { connectionTests } from "./connection.ts";
import { atEnd, methodsOf, noted, type OfficialClient } from "./official-client.ts";
import { persistentSubscriptionTests } from "./persistent-subscriptions.ts";
import { projectionTests } from "./projections.ts";
import { streamTests } from "./streams.ts";

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

streamTests(dbClient);
persistentSubscriptionTests(dbClient);
projectionTests(dbClient);
connectionTests(dbClient);
