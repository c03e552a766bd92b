import assert from "node:assert/strict";
import { test } from "node:test";
import * as library from "@kurrent/kurrentdb-client";
import { connectionTests } from "./connection.ts";
import { kurrentdbClient, type NewClient } from "./kurrentdb-client.ts";
import { all, countedUpTo, startedServer } from "./official-client.ts";
import { persistentSubscriptionTests } from "./persistent-subscriptions.ts";
import { projectionTests } from "./projections.ts";
import { streamTests } from "./streams.ts";

test("reading – $all through a filter, which only this client offers", async (t) => {
  const { connectionString } = await startedServer(t);
  const client = kurrentdbClient.connect(t, connectionString) as unknown as NewClient;
  await client.appendToStream("a-1", countedUpTo(kurrentdbClient, 40));
  await client.appendToStream("b-1", countedUpTo(kurrentdbClient, 40));
  const byName = await all(client.readAll({ filter: library.streamNameFilter({ prefixes: ["a-"] }), maxCount: 35 }));
  assert.deepEqual(
    byName.map(({ event }) => event?.streamId),
    Array.from({ length: 35 }, () => "a-1"),
  );
  const filter = library.eventTypeFilter({ regex: "^Coun" });
  const byType = await all(client.readAll({ filter, direction: library.BACKWARDS, fromPosition: library.END }));
  assert.equal(byType.length, 80);
});

test("appending – to several streams at once the client refuses, since the server reports 23.10", async (t) => {
  const { connectionString } = await startedServer(t);
  const client = kurrentdbClient.connect(t, connectionString) as unknown as NewClient;
  await assert.rejects(client.multiStreamAppend([]), { type: "unsupported", feature: "multiStreamAppend" });
  await assert.rejects(client.appendRecords([]), { type: "unsupported", feature: "appendRecords" });
  // Whoever does not ask before is told that there is no such call.
  const supports = t.mock.method(client as unknown as { supports(): Promise<boolean> }, "supports", async () => true);
  const event = library.jsonEvent({ type: "T", data: {} });
  await assert.rejects(client.multiStreamAppend([{ streamName: "s", expectedState: "any", events: [event] }]), {
    code: 12,
  });
  assert.equal(supports.mock.callCount(), 1);
});

streamTests(kurrentdbClient);
persistentSubscriptionTests(kurrentdbClient);
projectionTests(kurrentdbClient);
connectionTests(kurrentdbClient);
