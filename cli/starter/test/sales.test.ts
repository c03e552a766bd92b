import assert from "node:assert/strict";
import { test } from "node:test";
import { startEmbedded } from "@sluice/embedded";
import { component, startEndpoint, startSender } from "@sluice/transport";
import { handle } from "@sluice/transport/testing";
import { OrderPlaced, PlaceOrder } from "../src/messages.ts";
import { sales } from "../src/sales.ts";

const order = { orderId: "17", total: 120_00 };

test("sales – an order is placed", async () => {
  assert.deepEqual(await handle(sales, PlaceOrder(order)), [OrderPlaced(order)]);
});

test("sales – who has subscribed hears of it", async (t) => {
  const server = await startEmbedded({ memory: true, port: 0 });
  t.after(() => server.stop());
  const { connectionString } = server;
  const heard = Promise.withResolvers<object>();
  const listener = component("listener", (c) => c.handle(OrderPlaced, async (body) => heard.resolve(body)));
  const endpoint = await startEndpoint([sales, listener], { connectionString });
  const shop = await startSender("shop", { connectionString });
  await shop.send(PlaceOrder, order);
  assert.deepEqual(await heard.promise, order);
  await shop.stop();
  await endpoint.stop();
});
