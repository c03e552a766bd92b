import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { binaryEvent } from "@eventstore/db-client";
import { deploy, startEndpoint, startSender } from "@sluice/transport";
import { embedded, OUTCOMES, outcomes, PlaceOrder, server, system, until } from "./moved-system.ts";

test("a system that is moved with its queues full loses nothing and does nothing twice", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "sluice-moved-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const source = await server(t);
  const target = await server(t);
  const place = async (connectionString: string, from: number, to: number): Promise<void> => {
    const shop = await startSender("shop", { connectionString });
    for (let n = from; n < to; n++) await shop.send(PlaceOrder, { orderId: String(n) });
    await shop.stop();
  };
  // What has expired stays behind: places in the target's log are far lower than those that a filter names here.
  await source.client.setStreamMetadata("bulk", { maxAge: 1 });
  await source.client.appendToStream("bulk", binaryEvent({ type: "Bulk", data: Buffer.alloc(1_000_000) }));
  const [sales, billing, audit] = system();
  // Before anybody audits: the subscription begins in the middle of the log, and what lies before is not for it.
  const first = await startEndpoint([sales!], { connectionString: source.connectionString });
  await place(source.connectionString, 50, 55);
  await until("what nobody audits", async () => (await outcomes(source.client)).size === 10);
  await first.stop();
  // Billing is deployed, and does not run.
  await deploy([sales!, billing!, audit!], { connectionString: source.connectionString });
  const endpoint = await startEndpoint([sales!, audit!], { connectionString: source.connectionString });
  await place(source.connectionString, 0, 30);
  await until("half of it", async () => (await outcomes(source.client)).size > 50);
  await endpoint.stop();
  await place(source.connectionString, 30, 40);
  const before = await outcomes(source.client);
  assert.deepEqual([before.has("sales.OrderPlaced 39"), before.has("billing.CardCharged 0")], [false, false]);

  await until("the bulk has expired", async () => {
    let left = 0;
    for await (const { event } of source.client.readStream("bulk")) if (event !== undefined) left++;
    return left === 0;
  });
  const file = join(directory, "system.ndjson.gz");
  await embedded("export", "--connection", source.connectionString, "--to", file);
  await embedded("import", "--from", file, "--connection", target.connectionString);

  // The target needs no deployment: filters, with their places in the log, are as the transport would make them.
  const { steps } = await deploy(system(), { connectionString: target.connectionString });
  assert.deepEqual([...new Set(steps.map(({ action }) => action))], ["unchanged"]);
  const moved = await startEndpoint(system(), { connectionString: target.connectionString });
  t.after(() => moved.stop());
  await place(target.connectionString, 40, 50);
  await until("all of it", async () => (await outcomes(target.client)).size === 50 * OUTCOMES.length + 5 * 3);
  await moved.stop();
  const counts = await outcomes(target.client);
  assert.deepEqual(
    [...counts].filter(([, count]) => count !== 1),
    [],
  );
  assert.ok([...before.keys()].every((key) => counts.has(key)));
});
