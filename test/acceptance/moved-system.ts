import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { EventStoreDBClient } from "@eventstore/db-client";
import { startEmbedded } from "@sluice/embedded";
import { command, component, event } from "@sluice/transport";

export const PlaceOrder = command("sales.PlaceOrder", { to: "sales" })<{ orderId: string }>();
const OrderPlaced = event("sales.OrderPlaced")<{ orderId: string }>();
const ChargeCard = command("billing.ChargeCard", { to: "billing" })<{ orderId: string }>();
const CardCharged = event("billing.CardCharged")<{ orderId: string }>();
const Noted = event("audit.Noted")<{ orderId: string }>();

/** Each handler leaves something, so that what was handled can be told from the streams alone. */
export const system = () => [
  component("sales", (c) => {
    c.handle(PlaceOrder, async ({ orderId }, ctx) => {
      await ctx.publish(OrderPlaced, { orderId });
      await ctx.send(ChargeCard, { orderId });
    });
  }),
  component("billing", (c) => c.handle(ChargeCard, async ({ orderId }, ctx) => ctx.publish(CardCharged, { orderId }))),
  component("audit", (c) => c.handle(OrderPlaced, async ({ orderId }, ctx) => ctx.publish(Noted, { orderId }))),
];

export const OUTCOMES = ["sales.OrderPlaced", "billing.ChargeCard", "billing.CardCharged", "audit.Noted"];
const PATIENCE = 120_000;

/** How often each outcome was stored for each order. */
export async function outcomes(client: EventStoreDBClient): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for await (const { event } of client.readAll()) {
    if (event === undefined || !OUTCOMES.includes(event.type)) continue;
    const key = `${event.type} ${(event.data as { readonly orderId: string }).orderId}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** Waits until something holds. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE; !(await holds()); await sleep(20)) {
    assert.ok(Date.now() < end, `${what} did not come about`);
  }
}

/** Runs `sluice-embedded` with these words, to its end. */
export async function embedded(...args: readonly string[]): Promise<void> {
  const main = join(import.meta.dirname, "../../embedded/src/cli/main.ts");
  const child = spawn(process.execPath, ["--conditions=sluice-source", main, ...args], { stdio: "inherit" });
  const [code] = await once(child, "exit");
  assert.equal(code, 0, args.join(" "));
}

/** A server in memory that ends with the test. */
export async function server(t: TestContext) {
  const running = await startEmbedded({ memory: true, port: 0 });
  const client = EventStoreDBClient.connectionString(running.connectionString);
  t.after(async () => {
    await client.dispose();
    await running.stop();
  });
  return { client, connectionString: running.connectionString, port: running.port };
}
