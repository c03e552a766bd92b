import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { test } from "node:test";
import { Connections } from "../../src/store/connections.ts";
import { follow } from "../../src/store/follow.ts";
import { serverUnderTest } from "../server-under-test.ts";

/** What EventStoreDB's web server lets a client have at once on one connection, by default. */
const CALLS = 100;

test("connections – calls that last are spread, so that each connection has room for those that are soon over", async () => {
  const connections = new Connections("esdb://127.0.0.1:1?tls=false");
  const lent = Array.from({ length: 250 }, () => connections.lend());
  const onEach = Map.groupBy(lent, ({ calls }) => calls);
  assert.ok(onEach.size >= 3);
  for (const those of onEach.values()) assert.ok(those.length <= CALLS - 20);
  assert.ok(
    onEach.has(connections.first),
    "the first one takes its share: a process with few has one connection alone",
  );
  assert.equal(lent[0]!.calls, connections.first);
  for (const { release } of lent) release();
  const again = Array.from({ length: 250 }, () => connections.lend().calls);
  assert.ok(
    again.every((calls) => [...onEach.keys()].includes(calls)),
    "what was given back is lent again before anything new is connected",
  );
  await connections.dispose();
});

test("connections – each of them reaches the server by a socket of its own", async () => {
  await using server = await serverUnderTest();
  const SUBSCRIPTIONS = 130;
  let sockets = 0;
  const count = (): void => void (sockets += 1);
  const connections = new Connections(server.connectionString);
  const stopping = new AbortController();
  const { signal } = stopping;
  subscribe("net.client.socket", count);
  try {
    const confirmed = Array.from({ length: SUBSCRIPTIONS }, () => Promise.withResolvers<void>());
    const following = confirmed.map(({ resolve }) =>
      follow(
        connections.lend().calls,
        server.name("stream"),
        { after: undefined, signal, confirmed: resolve },
        () => {},
      ),
    );
    await Promise.all(confirmed.map(({ promise }) => promise));
    assert.ok(sockets >= 3, `${SUBSCRIPTIONS} subscriptions are on ${sockets} sockets`);
    stopping.abort();
    await Promise.all(following);
  } finally {
    unsubscribe("net.client.socket", count);
    await connections.dispose();
  }
});
