import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test, type TestContext } from "node:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { exampleOf } from "../../example-of.ts";
import type { BusConfiguration } from "@node-ts/bus-core";
import { startEmbedded } from "@sluice/embedded";
import { until } from "../../until.ts";
import { startShop } from "./application/application.ts";
import { PlaceOrder } from "./application/messages.ts";
import { SILENT } from "./bench.ts";

const root = join(import.meta.dirname, "../../..");
const IN_MEMORY = join(import.meta.dirname, "application/configuration.ts");
const ON_SLUICE = join(import.meta.dirname, "application/configuration-on-sluice.ts");

/** The application's own test: orders are shipped or cancelled, although the card company does not always answer. */
async function orders(t: TestContext, file: string): Promise<void> {
  const { configuration } = (await import(file)) as { configuration: () => BusConfiguration };
  const told = new Map<string, string>();
  const shipped: string[] = [];
  let calls = 0;
  const bus = await startShop(
    configuration().withLogger(() => SILENT),
    {
      async charge(_orderId, amount) {
        if ((calls += 1) % 3 === 1) throw new Error("The card company does not answer.");
        return amount <= 100;
      },
      async handToCarrier(orderId) {
        shipped.push(orderId);
      },
      tellCustomer: (orderId, outcome) => void told.set(orderId, outcome),
    },
  );
  t.after(() => bus.dispose());
  const placed = [20, 40, 60, 80, 100, 120, 140].map((amount) => new PlaceOrder(randomUUID(), amount));
  for (const order of placed) await bus.send(order);
  await until(async () => (told.size === placed.length ? true : undefined));
  for (const { orderId, amount } of placed)
    assert.equal(told.get(orderId), amount <= 100 ? "shipped" : "cancelled", `an order of ${amount}`);
  assert.equal(shipped.length, 5);
  assert.equal(new Set(shipped).size, 5);
}

test("node-ts-bus – an application does on the bus's own transport in memory what its test says", (t) =>
  orders(t, IN_MEMORY));

test("node-ts-bus – the same application does the same on Sluice, by another configuration alone", async (t) => {
  const server = await startEmbedded({ memory: true, port: 0 });
  process.env["EVENTSTORE"] = server.connectionString;
  t.after(() => server.stop());
  await orders(t, ON_SLUICE);
});

test("transport/docs/node-ts-bus – the example compiles", async (t) => {
  const folder = exampleOf("transport/docs/node-ts-bus.md", t);
  await promisify(execFile)(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", folder]);
});

test("transport/docs/node-ts-bus – the page shows the difference between the two configurations as it is", () => {
  const page = readFileSync(join(root, "transport/docs/node-ts-bus.md"), "utf8");
  const [, shown = ""] = /```diff\n([\s\S]*?)```/.exec(page) ?? [];
  const without = (sign: string) =>
    shown
      .split("\n")
      .filter((line) => !line.startsWith(sign))
      .map((line) => line.slice(1))
      .join("\n");
  assert.deepEqual([without("+"), without("-")], [readFileSync(IN_MEMORY, "utf8"), readFileSync(ON_SLUICE, "utf8")]);
});
