import assert from "node:assert/strict";
import { test } from "node:test";
import { EventStoreDBClient, jsonEvent } from "@eventstore/db-client";
import { command, component, type EndpointEvent, startSender, startEndpoint } from "@sluice/transport";
import { until } from "../until.ts";
import { bench } from "./bench.ts";
import { operationTimedOut } from "./cluster-faults.ts";

const Do = command("work.Do", { to: "work" })<{ n: number }>();

test("faults – 75. an outage behind a handler that has a client of its own parks nothing and counts as no attempt", async () => {
  await using b = await bench();
  const { connectionString } = b.server;
  const own = EventStoreDBClient.connectionString(`${b.proxy.connectionString}&maxDiscoverAttempts=1`);
  const seen: EndpointEvent[] = [];
  const attempts = new Set<number>();
  const work = component("work", (c) =>
    c.handle(Do, async ({ n }, { attempt }) => {
      attempts.add(attempt);
      const credentials = { username: "admin", password: "changeit" };
      await own.appendToStream("rows", jsonEvent({ type: "row", data: { n } }), { credentials });
    }),
  );
  const endpoint = await startEndpoint([work], { connectionString, on: (event) => void seen.push(event) });
  const sender = await startSender("shop", { connectionString });
  const timeouts = b.proxy.script(operationTimedOut({ method: /Streams\/(Batch)?Append$/ }));
  for (let n = 0; n < 10; n += 1) await sender.send(Do, { n });
  const pauses = () => seen.filter(({ kind }) => kind === "paused").length;
  await until(async () => pauses() > 1 || undefined);
  timeouts[Symbol.dispose]();
  await b.proxy.goAway();
  const before = pauses();
  for (let n = 10; n < 20; n += 1) await sender.send(Do, { n });
  await until(async () => pauses() > before + 2 || undefined);
  await b.proxy.comeBack();
  await until(async () => endpoint.counts("work").handled === 20 || undefined);
  const { failures, parked } = endpoint.counts("work");
  assert.deepEqual({ failures, parked }, { failures: 0, parked: 0 });
  assert.deepEqual([...attempts], [1]);
  await sender.stop();
  await endpoint.stop();
  await own.dispose();
});
