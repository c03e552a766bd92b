import assert from "node:assert/strict";
import { test } from "node:test";
import { orderOf } from "../src/orders.ts";

test("orders – the n-th order of a market is always the same, and no two are alike", () => {
  const orders = Array.from({ length: 500 }, (_, n) => orderOf("hamburg", n));
  assert.deepEqual(orders[7], orderOf("hamburg", 7));
  assert.equal(new Set(orders.map(({ orderId }) => orderId)).size, 500);
  assert.notDeepEqual(orderOf("hamburg", 7), orderOf("rotterdam", 7));
  assert.equal(orderOf("hamburg", 7).orderId, "hamburg.7");
});

test("orders – goods and weeks take turns, over the end of a year", () => {
  const weeks = [0, 31, 32, 51 * 32, 52 * 32].map((n) => orderOf("hamburg", n).week);
  assert.deepEqual(weeks, ["2027.W01", "2027.W01", "2027.W02", "2027.W52", "2028.W01"]);
  const goods = new Set([0, 1, 2, 3].map((n) => orderOf("hamburg", n).goods));
  assert.equal(goods.size, 4);
});
