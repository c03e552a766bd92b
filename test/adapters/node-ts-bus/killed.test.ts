import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { type BusInstance, handlerFor } from "@node-ts/bus-core";
import { until } from "../../until.ts";
import { bench, newOrder, nextName, of, OrderPaid, OrderPlaced, PlaceOrder } from "./bench.ts";

test("node-ts-bus – an order at which a process is killed is handled by another, and what it leads to arrives once", async () => {
  await using shop = await bench();
  const queueName = nextName();
  const heard: string[] = [];
  const listener = await shop.start(
    (bus) =>
      bus
        .withHandler(handlerFor(OrderPlaced, ({ orderId }) => void heard.push(`placed ${orderId}`)))
        .withHandler(handlerFor(OrderPaid, ({ orderId }) => void heard.push(`paid ${orderId}`))),
    { addressOf: () => queueName },
  );
  const order = newOrder();
  await listener.send(order);
  const killed = spawn(
    process.execPath,
    ["--conditions=sluice-source", join(import.meta.dirname, "killed-process.ts"), shop.connectionString, queueName],
    { stdio: "inherit" },
  );
  assert.deepEqual(await once(killed, "exit"), [null, "SIGKILL"]);
  assert.deepEqual(heard, []);

  const bus: BusInstance = await shop.start(
    (sales) => sales.withHandler(handlerFor(PlaceOrder, ({ orderId }) => bus.publish(of(OrderPlaced, { orderId })))),
    { queueName },
  );
  await until(async () => heard[0]);
  // A second copy would have come before what is sent now.
  await bus.publish(of(OrderPaid, { orderId: order.orderId }));
  await until(async () => heard[1]);
  assert.deepEqual(heard, [`placed ${order.orderId}`, `paid ${order.orderId}`]);
});
