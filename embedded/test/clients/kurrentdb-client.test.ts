import assert from "node:assert/strict";
import { test } from "node:test";
import * as library from "@kurrent/kurrentdb-client";
import { connectionTests } from "./connection.ts";
import {
  all,
  atEnd,
  type Client,
  countedUpTo,
  methodsOf,
  noted,
  type OfficialClient,
  startedServer,
} from "./official-client.ts";
import { persistentSubscriptionTests } from "./persistent-subscriptions.ts";
import { projectionTests } from "./projections.ts";
import { streamTests } from "./streams.ts";

const { KurrentDBClient } = library;
type NewClient = library.KurrentDBClient;

type Events = Parameters<NewClient["appendToStream"]>[1];
type OldAppendOptions = NonNullable<Parameters<Client["appendToStream"]>[2]>;

/** What it calls otherwise, by the older client's names. */
function inOldTerms(client: NewClient): Partial<NewClient> {
  const appendToStream = (stream: string, events: Events, options: OldAppendOptions = {}) => {
    const { expectedRevision: streamState, ...others } = options;
    return client.appendToStream(stream, events, { ...others, ...(streamState === undefined ? {} : { streamState }) });
  };
  return { appendToStream };
}

const kurrentdbClient: OfficialClient = {
  library: library as unknown as OfficialClient["library"],
  scheme: "kurrentdb",
  methods: methodsOf(KurrentDBClient),
  called: new Set(),
  connect(t, connectionString) {
    const client = KurrentDBClient.connectionString(connectionString.replace(/^esdb/, "kurrentdb"));
    atEnd(t, () => void client.dispose());
    return noted(client, this.called, inOldTerms(client)) as unknown as Client;
  },
};

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
});

streamTests(kurrentdbClient);
persistentSubscriptionTests(kurrentdbClient);
projectionTests(kurrentdbClient);
connectionTests(kurrentdbClient);
