import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { binaryEvent, EventStoreDBClient } from "@eventstore/db-client";
import { startEmbedded } from "@sluice/embedded";
import { command, component, deploy, event, startSender, startEndpoint } from "@sluice/transport";

const PlaceOrder = command("sales.PlaceOrder", { to: "sales" })<{ orderId: string }>();
const OrderPlaced = event("sales.OrderPlaced")<{ orderId: string }>();
const ChargeCard = command("billing.ChargeCard", { to: "billing" })<{ orderId: string }>();
const CardCharged = event("billing.CardCharged")<{ orderId: string }>();
const Noted = event("audit.Noted")<{ orderId: string }>();

/** Each handler leaves something, so that what was handled can be told from the streams alone. */
const system = () => [
  component("sales", (c) => {
    c.handle(PlaceOrder, async ({ orderId }, ctx) => {
      await ctx.publish(OrderPlaced, { orderId });
      await ctx.send(ChargeCard, { orderId });
    });
  }),
  component("billing", (c) => c.handle(ChargeCard, async ({ orderId }, ctx) => ctx.publish(CardCharged, { orderId }))),
  component("audit", (c) => c.handle(OrderPlaced, async ({ orderId }, ctx) => ctx.publish(Noted, { orderId }))),
];

const OUTCOMES = ["sales.OrderPlaced", "billing.ChargeCard", "billing.CardCharged", "audit.Noted"];
const PATIENCE = 120_000;

/** How often each outcome was stored for each order. */
async function outcomes(client: EventStoreDBClient): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for await (const { event } of client.readAll()) {
    if (event === undefined || !OUTCOMES.includes(event.type)) continue;
    const key = `${event.type} ${(event.data as { readonly orderId: string }).orderId}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE; !(await holds()); await sleep(20)) {
    assert.ok(Date.now() < end, `${what} did not come about`);
  }
}

async function embedded(...args: readonly string[]): Promise<void> {
  const main = join(import.meta.dirname, "../../embedded/src/cli/main.ts");
  const child = spawn(process.execPath, ["--conditions=sluice-source", main, ...args], { stdio: "inherit" });
  const [code] = await once(child, "exit");
  assert.equal(code, 0, args.join(" "));
}

async function server(t: TestContext) {
  const running = await startEmbedded({ memory: true, port: 0 });
  const client = EventStoreDBClient.connectionString(running.connectionString);
  t.after(async () => {
    await client.dispose();
    await running.stop();
  });
  return { client, connectionString: running.connectionString };
}

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
