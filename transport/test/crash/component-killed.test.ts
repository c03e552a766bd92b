import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import { EventStoreDBClient } from "@eventstore/db-client";
import { startEmbedded } from "@sluice/embedded";
import { deploy, startSender } from "../../src/index.ts";
import { type Child, startChild } from "./child.ts";
import { assertExactlyOnce } from "./exactly-once.ts";
import { ledger, Relay, relay } from "./relay.ts";

test("sending – 25. either all messages of a handler leave or none, 52. state and messages are one append: under kill -9 of the component", async (t) => {
  const server = await startEmbedded({ memory: true, port: 0 });
  const { connectionString } = server;
  const client = EventStoreDBClient.connectionString(connectionString);
  await deploy([relay, ledger], { connectionString });
  const sender = await startSender("test", { connectionString });
  const children: Child[] = [];
  t.after(async () => {
    await Promise.all(children.map((child) => child.kill()));
    await sender.stop();
    await client.dispose();
    await server.stop();
  });
  const count = 300;
  const kills = 6;
  let sent = 0;
  const flow = (async () => {
    for (; sent < count; sent += 1) await sender.send(Relay, { n: sent });
  })();
  for (let killed = 0; killed < kills; killed += 1) {
    const child = await startChild("relay-process.ts", connectionString);
    children.push(child);
    await sleep(Math.random() * 250);
    await child.kill();
  }
  children.push(await startChild("relay-process.ts", connectionString));
  await flow;
  await assertExactlyOnce(client, count);
  const info = await client.getPersistentSubscriptionToStreamInfo("$ce-in.relay", "relay");
  assert.equal(info.stats.parkedMessageCount, 0n);
});
