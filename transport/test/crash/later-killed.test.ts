import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import { deploy } from "../../src/index.ts";
import { bench, read, until } from "../endpoint/harness.ts";
import { crew } from "./child.ts";
import { laterOf, patient } from "./later.ts";

test("time – 39. deferred messages and delayed retries survive kill -9 of the instances: each is handled once, none before its time", async () => {
  await using b = await bench();
  const { client, connectionString } = b;
  await deploy([patient(b.name)], { connectionString });
  await using instances = crew("later-process.ts", connectionString, b.run);
  const Later = laterOf(b.name);
  const due = new Map<number, Date>();
  const flow = (async () => {
    for (let n = 0; n < 200; n += 1) {
      const { deliverAt } = await b.sender.send(Later, { n }, { delayFor: (n * 37) % 4_000 });
      due.set(n, deliverAt);
    }
  })();
  await instances.start();
  for (let killed = 0; killed < 5; killed += 1) {
    await instances.start();
    await sleep(Math.random() * 400);
    // The older of the two, so that sometimes two run and sometimes one.
    await instances.children.at(killed % 2 === 0 ? -1 : -2)!.kill();
  }
  await instances.start();
  await flow;
  const handled = async (): Promise<{ n: number; at: number }[]> =>
    (await read(client, `intermediate.${b.name("patient")}`)).map(
      ({ event: e }) => e!.data as { n: number; at: number },
    );
  await until("all are handled", async () => new Set((await handled()).map(({ n }) => n)).size === 200);
  const events = await handled();
  assert.equal(events.length, 200, "each is handled once");
  for (const { n, at } of events) assert.ok(at >= due.get(n)!.getTime(), `${n} came before its time`);
  const links = [
    ...(await read(client, `in.${b.name("patient")}-deferred`)),
    ...(await read(client, `in.${b.name("patient")}-retries`)),
  ];
  const originals = links.map(({ event: e }) => e!.id);
  assert.equal(new Set(originals).size, originals.length, "each is linked once");
  const info = await client.getPersistentSubscriptionToStreamInfo(`$ce-in.${b.name("patient")}`, b.name("patient"));
  assert.equal(info.stats.parkedMessageCount, 0n);
});
