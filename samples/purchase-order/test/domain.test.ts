import assert from "node:assert/strict";
import { test } from "node:test";
import type { Message } from "@sluice/transport";
import { journal } from "../src/accounting.ts";
import { fee, feeOf } from "../src/fees.ts";
import { ship } from "../src/fulfilment.ts";
import { supply } from "../src/matching.ts";
import {
  AccountCredited,
  AccountDebited,
  BookPurchase,
  ChargeFee,
  FeeCharged,
  FeeNoted,
  MatchOrder,
  OrderMatched,
  OrderPlaced,
  OrderShipped,
  PlaceOrder,
  type Posting,
  PurchaseBegun,
  PurchaseBooked,
  PurchaseCompleted,
  PurchaseReady,
  ShipmentNoted,
  ShipOrder,
  type Trade,
} from "../src/messages.ts";
import { order } from "../src/ordering.ts";
import { orderOf } from "../src/orders.ts";
import { purchase } from "../src/settlement.ts";
import { decided } from "./folding.ts";

const wanted = { ...orderOf("hamburg", 4), goods: "copper", tonnes: 10 } as const;
const trade: Trade = { ...wanted, supplier: "Atacama", value: 8_715_000 };
const { orderId } = wanted;

test("ordering – an order is placed once, however often it is sent", () => {
  assert.deepEqual(decided(order, [], PlaceOrder(wanted)), [OrderPlaced(wanted)]);
  assert.deepEqual(decided(order, [OrderPlaced(wanted)], PlaceOrder(wanted)), []);
});

test("matching – the cheapest supplier gets the order while it has enough, then the next", () => {
  assert.deepEqual(decided(supply, [], MatchOrder(wanted)), [OrderMatched(trade)]);
  const sold = OrderMatched({ ...trade, orderId: "hamburg.0", tonnes: 111 });
  assert.deepEqual(decided(supply, [sold], MatchOrder(wanted)), [
    OrderMatched({ ...trade, supplier: "Katanga", value: 8_799_000 }),
  ]);
});

test("matching – an order that is matched is not matched again", () => {
  assert.deepEqual(decided(supply, [OrderMatched(trade)], MatchOrder(wanted)), []);
});

test("matching – where nobody has enough left, or nobody sells it, it says so", () => {
  const all = ["Atacama", "Katanga"].map((supplier) =>
    OrderMatched({ ...trade, orderId: supplier, supplier, tonnes: supplier === "Atacama" ? 111 : 391 }),
  );
  assert.throws(() => decided(supply, all, MatchOrder(wanted)), /Nobody has 10 t of copper left in 2027\.W01\./);
  assert.throws(
    () => decided(supply, [], MatchOrder({ ...wanted, goods: "tin" as "copper" })),
    /Nobody has 10 t of tin/,
  );
});

test("matching – the orders of a week always find a supplier", () => {
  for (let block = 0; block < 100; block += 1) {
    const histories = new Map<string, Message[]>();
    for (let n = block * 32; n < (block + 1) * 32; n += 1) {
      const next = orderOf("hamburg", n);
      const history = histories.get(next.goods) ?? [];
      histories.set(next.goods, [...history, ...decided(supply, history, MatchOrder(next))]);
    }
    assert.deepEqual(
      [...histories.values()].map((history) => history.length),
      [8, 8, 8, 8],
    );
  }
});

test("fulfilment – shipped again, an order goes out under the same consignment", async () => {
  const published: object[] = [];
  const context = { publish: async (_: object, body: object) => void published.push(body) };
  await ship({ orderId }, context);
  await ship({ orderId }, context);
  assert.deepEqual(published[0], { orderId, consignment: `CN-${orderId}` });
  assert.deepEqual(published[0], published[1]);
});

test("fees – one and a half percent, 25.00 at least, in whole cents", () => {
  assert.equal(feeOf(100_000_00), 1_500_00);
  assert.equal(feeOf(100_00), 25_00);
  assert.equal(feeOf(250_033), 3_750);
  assert.deepEqual(decided(fee, [], ChargeFee({ orderId, value: 100_00 })), [FeeCharged({ orderId, fee: 25_00 })]);
  assert.deepEqual(decided(fee, [FeeCharged({ orderId, fee: 1 })], ChargeFee({ orderId, value: 1 })), []);
});

test("accounting – debits equal credits, whatever is booked", () => {
  const sum = (messages: readonly Message[], definition: { readonly type: string }): number =>
    messages
      .filter((message) => message.definition.type === definition.type)
      .reduce((sum, { body }) => sum + (body as Posting).amount, 0);
  for (const [value, fee] of [
    [8_715_000, 130_725],
    [106_250, 2_500],
    [1, 1],
    [999_999_999_999, 1],
  ] as const) {
    const booked = decided(journal, [], BookPurchase({ ...trade, value, fee }));
    assert.equal(sum(booked, AccountDebited), value);
    assert.equal(sum(booked, AccountCredited), value);
  }
});

test("accounting – a purchase is booked once", () => {
  const command = BookPurchase({ ...trade, fee: 100 });
  assert.deepEqual(decided(journal, decided(journal, [], command), command), []);
});

test("settlement – a matched order is shipped and charged, and booked when both are done, in either order", () => {
  const begun = decided(purchase, [], OrderMatched(trade));
  assert.deepEqual(begun, [PurchaseBegun(trade), ShipOrder(trade), ChargeFee({ orderId, value: trade.value })]);
  const shipped = OrderShipped({ orderId, consignment: "CN" });
  const charged = FeeCharged({ orderId, fee: 7 });
  const ready = [PurchaseReady({ orderId }), BookPurchase({ ...trade, fee: 7 })];

  const afterShipped = decided(purchase, begun, shipped);
  assert.deepEqual(afterShipped, [ShipmentNoted({ orderId })]);
  assert.deepEqual(decided(purchase, [...begun, ...afterShipped], charged), [FeeNoted({ orderId, fee: 7 }), ...ready]);

  const afterCharged = decided(purchase, begun, charged);
  assert.deepEqual(afterCharged, [FeeNoted({ orderId, fee: 7 })]);
  assert.deepEqual(decided(purchase, [...begun, ...afterCharged], shipped), [ShipmentNoted({ orderId }), ...ready]);
  assert.deepEqual(decided(purchase, begun, PurchaseBooked({ orderId })), [PurchaseCompleted({ orderId })]);
});

/** All sequences of these, of up to that length. */
function sequencesOf<Item>(items: readonly Item[], length: number): readonly (readonly Item[])[] {
  if (length === 0) return [[]];
  const shorter = sequencesOf(items, length - 1);
  return [...shorter, ...shorter.flatMap((rest) => items.map((item) => [...rest, item]))];
}

test("settlement – whatever comes in which order and however often, each command leaves once", () => {
  const matched = OrderMatched(trade);
  const shipped = OrderShipped({ orderId, consignment: "CN" });
  const charged = FeeCharged({ orderId, fee: 7 });
  for (const others of sequencesOf([matched, shipped, charged], 5)) {
    const history: Message[] = [];
    for (const message of [matched, ...others]) history.push(...decided(purchase, history, message));
    const count = ({ type }: { readonly type: string }): number =>
      history.filter(({ definition }) => definition.type === type).length;
    assert.equal(count(ShipOrder), 1);
    assert.equal(count(ChargeFee), 1);
    assert.equal(count(BookPurchase), others.includes(shipped) && others.includes(charged) ? 1 : 0);
  }
});
