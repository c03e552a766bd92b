import assert from "node:assert/strict";
import { test } from "node:test";
import { startServer } from "@sluice/sample-display";
import { component, startEndpoint, startSender } from "@sluice/transport";
import { diary, reporting } from "../src/diary.ts";
import { fulfillment } from "../src/fulfillment.ts";
import { FulfillmentBegun, PlaceOrder } from "../src/messages.ts";
import { shop } from "../src/shop.ts";
import { warehouse } from "../src/warehouse.ts";

test("gateway – a command waits for its owner, whenever that comes; an event is for those who are there", async () => {
  await using stack = new AsyncDisposableStack();
  const { connectionString } = stack.use(await startServer({ memory: true, port: 0 }, () => {}));
  const begun = Promise.withResolvers<void>();
  const witness = component("witness", (c) => c.handle(FulfillmentBegun, () => begun.resolve()));
  const first = await startEndpoint([shop, fulfillment, reporting, witness], { connectionString });
  stack.defer(() => first.stop());
  const sender = await startSender("customer", { connectionString });
  stack.defer(() => sender.stop());
  const order = { customer: "Ada", record: "Time Out", copies: 1, card: "good", total: 19_90 };
  const reserved = (orderId: string) =>
    first.view(diary).until(({ lines }) => lines.some((l) => l.orderId === orderId && l.what === "reserved"));

  await sender.send(PlaceOrder, { ...order, orderId: "before" });
  await begun.promise;

  // One that would reserve copies because it hears of the order, and the warehouse, which is told to.
  const heard = Promise.withResolvers<string>();
  const eager = component("eager", (c) => c.handle(FulfillmentBegun, ({ orderId }) => heard.resolve(orderId)));
  const second = await startEndpoint([warehouse, eager], { connectionString });
  stack.defer(() => second.stop());
  await reserved("before");
  await sender.send(PlaceOrder, { ...order, orderId: "behind" });
  await reserved("behind");
  assert.equal(await heard.promise, "behind", "of the order before, it has never heard");
});
