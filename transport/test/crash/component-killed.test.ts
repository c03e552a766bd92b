import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import { deploy } from "../../src/index.ts";
import { crew } from "./child.ts";
import { assertExactlyOnce } from "./exactly-once.ts";
import { bench } from "../endpoint/harness.ts";
import { relayAndLedger, relayOf } from "./relay.ts";

test("sending – 25. either all messages of a handler leave or none, 52. state and messages are one append: under kill -9 of the component", async () => {
  await using b = await bench();
  const { client, connectionString } = b;
  await deploy(relayAndLedger(b.name), { connectionString });
  await using relays = crew("relay-process.ts", connectionString, b.run);
  const count = 300;
  const kills = 6;
  const Relay = relayOf(b.name);
  let sent = 0;
  const flow = (async () => {
    for (; sent < count; sent += 1) await b.sender.send(Relay, { n: sent });
  })();
  for (let killed = 0; killed < kills; killed += 1) {
    const child = await relays.start();
    await sleep(Math.random() * 250);
    await child.kill();
  }
  await relays.start();
  await flow;
  await assertExactlyOnce(client, b.name, count);
  const info = await client.getPersistentSubscriptionToStreamInfo(`$ce-in.${b.name("relay")}`, b.name("relay"));
  assert.equal(info.stats.parkedMessageCount, 0n);
});
