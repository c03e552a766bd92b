import assert from "node:assert/strict";
import { test } from "node:test";
import type { Message } from "@sluice/transport";
import { given, handle } from "@sluice/transport/testing";
import { journal } from "../src/accounting.ts";
import { CarrierBusy, fateOf } from "../src/carrier.ts";
import { fee, feeOf } from "../src/fees.ts";
import { fulfillment } from "../src/fulfillment.ts";
import { supply } from "../src/matching.ts";
import {
  AccountCredited,
  AccountDebited,
  BookingNoted,
  BookPurchase,
  BuyerNotified,
  ChargeFee,
  FeeCharged,
  FeeNoted,
  FeeRefunded,
  MatchOrder,
  MatchRefused,
  OrderAccepted,
  OrderMatched,
  OrderPlaced,
  OrderRejected,
  OrderShipped,
  PlaceOrder,
  type Posting,
  PurchaseBegun,
  PurchaseBooked,
  PurchaseCancelled,
  PurchaseCompleted,
  PurchaseReversed,
  PurchaseRevoked,
  RefundFee,
  RefusalNoted,
  RejectOrder,
  ReleaseTrade,
  ReversePurchase,
  ShipmentMissed,
  ShipmentNoted,
  ShipmentOverdue,
  ShipmentRefused,
  ShipOrder,
  TraceShipment,
  type Trade,
  TradeReleased,
  UndoingNoted,
} from "../src/messages.ts";
import { notices } from "../src/notices.ts";
import { order, ordering } from "../src/ordering.ts";
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

test("ordering – who asks is answered, again, too; who does not ask is not", () => {
  given(order).when(PlaceOrder(wanted)).then(OrderPlaced(wanted));
  const asked = (...history: readonly Message[]): readonly Message[] =>
    order.decide(history.reduce(order.evolve, order.initial), PlaceOrder(wanted), { replyTo: "shop.replies" });
  assert.deepEqual(asked(), [OrderPlaced(wanted), OrderAccepted({ orderId })]);
  assert.deepEqual(asked(OrderPlaced(wanted)), [OrderAccepted({ orderId })]);
});

test("ordering – what cannot be matched is rejected, once, and its buyer is told", async () => {
  const refusal = { orderId, reason: "Nobody has any." };
  assert.deepEqual(await handle(ordering, MatchRefused(refusal)), [RejectOrder(refusal)]);
  given(order, OrderPlaced(wanted)).when(RejectOrder(refusal)).then(OrderRejected(refusal));
  given(order, OrderRejected(refusal)).when(RejectOrder(refusal)).thenNothing();
  assert.deepEqual(await handle(notices, OrderRejected(refusal)), [BuyerNotified({ orderId, text: refusal.reason })]);
});

test("matching – that nobody has enough left is an event", () => {
  const all = ["Atacama", "Katanga"].map((supplier) =>
    OrderMatched({ ...trade, orderId: supplier, supplier, tonnes: supplier === "Atacama" ? 111 : 391 }),
  );
  assert.deepEqual(decided(supply, all, MatchOrder(wanted)), [
    MatchRefused({ orderId, reason: "Nobody has 10 t of copper left in 2027.W01." }),
  ]);
});

test("matching – what is released can be had again, and its own order is not matched again", () => {
  const sold = OrderMatched({ ...trade, orderId: "hamburg.0", tonnes: 111 });
  const released = decided(supply, [sold], ReleaseTrade({ ...trade, orderId: "hamburg.0", tonnes: 111 }));
  assert.deepEqual(released, [TradeReleased({ orderId: "hamburg.0" })]);
  assert.deepEqual(decided(supply, [sold, ...released], MatchOrder(wanted)), [OrderMatched(trade)]);
  assert.deepEqual(decided(supply, [sold, ...released], MatchOrder({ ...wanted, orderId: "hamburg.0" })), []);
  assert.deepEqual(decided(supply, [sold, ...released], ReleaseTrade({ ...trade, orderId: "hamburg.0" })), []);
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

/** An order of which the carrier makes this. */
function fated(fate: ReturnType<typeof fateOf>): Trade {
  for (let n = 0; ; n += 1) {
    const { orderId } = orderOf("hamburg", n);
    if (fateOf(orderId) === fate) return { ...trade, orderId };
  }
}

test("fulfillment – an order is shipped, and shipped again it goes out under the same consignment", async () => {
  const taken = fated("taken");
  const shipped = [OrderShipped({ orderId: taken.orderId, consignment: `CN-${taken.orderId}` })];
  assert.deepEqual(await handle(fulfillment, ShipOrder(taken)), shipped);
  assert.deepEqual(await handle(fulfillment, ShipOrder(taken), { isRedelivery: true }), shipped);
  assert.deepEqual(await handle(fulfillment, TraceShipment(taken)), []);
});

test("fulfillment – a busy line is an error, and later the order is shipped", async () => {
  const busy = fated("busy");
  await assert.rejects(handle(fulfillment, ShipOrder(busy)), CarrierBusy);
  const [shipped] = await handle(fulfillment, ShipOrder(busy), { delayedRetries: 1 });
  assert.equal(shipped?.definition.type, OrderShipped.type);
});

test("fulfillment – that there is no truck is an answer; of lost goods one hears when one asks", async () => {
  const [refused] = await handle(fulfillment, ShipOrder(fated("no truck")));
  assert.equal(refused?.definition.type, ShipmentRefused.type);
  assert.deepEqual(await handle(fulfillment, TraceShipment(fated("no truck"))), []);
  assert.deepEqual(await handle(fulfillment, ShipOrder(fated("lost"))), []);
  const [traced] = await handle(fulfillment, TraceShipment(fated("lost")));
  assert.equal(traced?.definition.type, ShipmentRefused.type);
});

test("fees – one and a half percent, 25.00 at least, in whole cents", () => {
  assert.equal(feeOf(100_000_00), 1_500_00);
  assert.equal(feeOf(100_00), 25_00);
  assert.equal(feeOf(250_033), 3_750);
  assert.deepEqual(decided(fee, [], ChargeFee({ orderId, value: 100_00 })), [FeeCharged({ orderId, fee: 25_00 })]);
  assert.deepEqual(decided(fee, [FeeCharged({ orderId, fee: 1 })], ChargeFee({ orderId, value: 1 })), []);
});

test("fees – what was charged is refunded, once", () => {
  const charged = FeeCharged({ orderId, fee: 700 });
  given(fee, charged)
    .when(RefundFee({ orderId }))
    .then(FeeRefunded({ orderId, fee: 700 }));
  given(fee, charged, FeeRefunded({ orderId, fee: 700 }))
    .when(RefundFee({ orderId }))
    .thenNothing();
  given(fee).when(RefundFee({ orderId })).thenNothing();
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

test("accounting – a purchase is reversed by the same entries the other way round, once", () => {
  const booked = decided(journal, [], BookPurchase({ ...trade, fee: 100 }));
  const reversed = decided(journal, booked, ReversePurchase({ orderId }));
  const balances = new Map<string, number>();
  for (const { definition, body } of [...booked, ...reversed]) {
    const { account, amount } = body as Posting;
    const sign = definition.type === AccountDebited.type ? 1 : -1;
    if (account !== undefined) balances.set(account, (balances.get(account) ?? 0) + sign * amount);
  }
  assert.deepEqual([...balances.values()], [0, 0, 0]);
  assert.deepEqual(reversed.at(-1), PurchaseReversed({ orderId }));
  assert.deepEqual(decided(journal, [...booked, ...reversed], ReversePurchase({ orderId })), []);
  assert.deepEqual(decided(journal, [], ReversePurchase({ orderId })), []);
});

const matched = OrderMatched(trade);
const charged = FeeCharged({ orderId, fee: 7 });
const booked = PurchaseBooked({ orderId });
const shipped = OrderShipped({ orderId, consignment: "CN" });
const refused = ShipmentRefused({ orderId, reason: "No truck." });
const overdue = ShipmentOverdue({ orderId });

/** What settlement writes down as these messages come, one after the other. */
function course(...messages: readonly Message[]): readonly Message[] {
  return messages.reduce<readonly Message[]>(
    (history, message) => [...history, ...decided(purchase, history, message)],
    [],
  );
}

/** What it writes down because of the last of them. */
const last = (...messages: readonly Message[]): readonly Message[] =>
  course(...messages).slice(course(...messages.slice(0, -1)).length);

test("settlement – a matched order is charged, then booked and shipped, and completed when both are done, in either order", () => {
  assert.deepEqual(last(matched), [PurchaseBegun(trade), ChargeFee({ orderId, value: trade.value })]);
  const asked = last(matched, charged);
  assert.deepEqual(
    asked.map(({ definition }) => definition.type),
    [FeeNoted.type, BookPurchase.type, ShipOrder.type, ShipmentOverdue.type],
  );
  assert.ok(asked.at(-1)?.timing, "it is for later");
  assert.deepEqual(last(matched, charged, shipped), [ShipmentNoted({ orderId })]);
  assert.deepEqual(last(matched, charged, shipped, booked), [
    BookingNoted({ orderId }),
    PurchaseCompleted({ orderId }),
  ]);
  assert.deepEqual(last(matched, charged, booked), [BookingNoted({ orderId })]);
  assert.deepEqual(last(matched, charged, booked, shipped), [
    ShipmentNoted({ orderId }),
    PurchaseCompleted({ orderId }),
  ]);
});

test("settlement – of a carrier that says nothing the goods are traced; of one that has said something they are not", () => {
  assert.deepEqual(last(matched, charged, overdue), [ShipmentMissed({ orderId }), TraceShipment({ orderId })]);
  assert.deepEqual(last(matched, charged, shipped, overdue), []);
  assert.deepEqual(last(matched, charged, refused, overdue), []);
});

test("settlement – what cannot be shipped is undone where it was done, once it was booked, and then cancelled", async () => {
  const revoked = [
    PurchaseRevoked({ orderId, reason: "No truck." }),
    ReversePurchase({ orderId }),
    RefundFee({ orderId }),
    ReleaseTrade(trade),
  ];
  assert.deepEqual(last(matched, charged, refused), [RefusalNoted({ orderId, reason: "No truck." })]);
  assert.deepEqual(last(matched, charged, refused, booked), [BookingNoted({ orderId }), ...revoked]);
  assert.deepEqual(last(matched, charged, booked, refused), [
    RefusalNoted({ orderId, reason: "No truck." }),
    ...revoked,
  ]);
  const undone = [TradeReleased({ orderId }), FeeRefunded({ orderId, fee: 7 }), PurchaseReversed({ orderId })];
  for (const order of [undone, undone.toReversed()]) {
    assert.deepEqual(last(matched, charged, booked, refused, ...order).slice(1), [
      PurchaseCancelled({ orderId, reason: "No truck." }),
    ]);
  }
  assert.deepEqual(last(matched, charged, booked, refused, ...undone.slice(0, 1)), [
    UndoingNoted({ orderId, undone: "trade" }),
  ]);
  assert.deepEqual(await handle(notices, PurchaseCancelled({ orderId, reason: "No truck." })), [
    BuyerNotified({ orderId, text: "No truck. You owe nothing." }),
  ]);
});

/** All sequences of these, of up to that length. */
function sequencesOf<Item>(items: readonly Item[], length: number): readonly (readonly Item[])[] {
  if (length === 0) return [[]];
  const shorter = sequencesOf(items, length - 1);
  return [...shorter, ...shorter.flatMap((rest) => items.map((item) => [...rest, item]))];
}

test("settlement – whatever comes in which order and however often, each command leaves once", () => {
  for (const answer of [shipped, refused]) {
    for (const others of sequencesOf([matched, charged, booked, answer, overdue], 5)) {
      const history = course(matched, charged, ...others);
      const count = ({ type }: { readonly type: string }): number =>
        history.filter(({ definition }) => definition.type === type).length;
      for (const command of [ChargeFee, BookPurchase, ShipOrder]) assert.equal(count(command), 1);
      const hasEnded = others.includes(booked) && others.includes(answer) ? 1 : 0;
      assert.equal(count(PurchaseCompleted), answer === shipped ? hasEnded : 0);
      for (const command of [ReversePurchase, RefundFee, ReleaseTrade])
        assert.equal(count(command), answer === refused ? hasEnded : 0);
    }
  }
});
