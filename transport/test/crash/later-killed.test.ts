import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import { EventStoreDBClient } from "@eventstore/db-client";
import { startEmbedded } from "@sluice/embedded";
import { deploy, startSender } from "../../src/index.ts";
import { read, until } from "../endpoint/harness.ts";
import { type Child, startChild } from "./child.ts";
import { Later, patient } from "./later.ts";

test("time – 39. deferred messages and delayed retries survive kill -9 of the instances: each is handled once, none before its time", async (t) => {
  const server = await startEmbedded({ memory: true, port: 0 });
  const { connectionString } = server;
  const client = EventStoreDBClient.connectionString(connectionString);
  await deploy([patient], { connectionString });
  const sender = await startSender("test", { connectionString });
  const children: Child[] = [];
  t.after(async () => {
    await Promise.all(children.map((child) => child.kill()));
    await sender.stop();
    await client.dispose();
    await server.stop();
  });
  const due = new Map<number, Date>();
  const flow = (async () => {
    for (let n = 0; n < 200; n += 1) {
      const { deliverAt } = await sender.send(Later, { n }, { delayFor: (n * 37) % 4_000 });
      due.set(n, deliverAt);
    }
  })();
  children.push(await startChild("later-process.ts", connectionString));
  for (let killed = 0; killed < 5; killed += 1) {
    const child = await startChild("later-process.ts", connectionString);
    children.push(child);
    await sleep(Math.random() * 400);
    // The older of the two, so that sometimes two run and sometimes one.
    await children.at(killed % 2 === 0 ? -1 : -2)!.kill();
  }
  children.push(await startChild("later-process.ts", connectionString));
  await flow;
  const handled = async (): Promise<{ n: number; at: Date }[]> =>
    (await read(client, "intermediate.patient")).map(({ event: e }) => ({
      n: (e!.data as { n: number }).n,
      at: e!.created,
    }));
  await until("all are handled", async () => new Set((await handled()).map(({ n }) => n)).size === 200);
  const events = await handled();
  assert.equal(events.length, 200, "each is handled once");
  for (const { n, at } of events) assert.ok(at >= due.get(n)!, `${n} came before its time`);
  const links = [...(await read(client, "in.patient-deferred")), ...(await read(client, "in.patient-retries"))];
  const originals = links.map(({ event: e }) => e!.id);
  assert.equal(new Set(originals).size, originals.length, "each is linked once");
  const info = await client.getPersistentSubscriptionToStreamInfo("$ce-in.patient", "patient");
  assert.equal(info.stats.parkedMessageCount, 0n);
});
