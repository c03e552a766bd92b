import assert from "node:assert/strict";
import { test } from "node:test";
import { handle } from "@sluice/transport/testing";
import { OrderPlaced, PlaceOrder } from "../src/messages.ts";
import { sales } from "../src/sales.ts";

test("sales – tells of an order that is placed", async () => {
  const order = { orderId: "17", total: 120 };
  assert.deepEqual(await handle(sales, PlaceOrder(order)), [OrderPlaced(order)]);
});
