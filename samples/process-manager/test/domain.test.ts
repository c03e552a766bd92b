// oxlint-disable promise/valid-params -- what follows when() is no promise
import assert from "node:assert/strict";
import { test } from "node:test";
import { defer } from "@sluice/transport";
import { given, handle } from "@sluice/transport/testing";
import { fulfillment, orderProcess, PAYMENT_TIME } from "../src/fulfillment.ts";
import * as m from "../src/messages.ts";
import { payment, SLOW_BANK } from "../src/payments.ts";
import { order } from "../src/shop.ts";
import { shelf, STOCK } from "../src/warehouse.ts";

const orderId = "order.1";
const wanted = { orderId, customer: "Ada", record: "Blue Train", copies: 2, card: "good", total: 59_00 };
const copies = { orderId, record: "Blue Train", copies: 2 };
const charge = { orderId, card: "good", amount: 59_00 };

const begun = m.FulfillmentBegun(wanted);
const due = m.PaymentDue({ orderId });
const parcel = m.ParcelDue({ orderId });
const overdue = m.PaymentOverdue({ orderId });

test("receptor – a placed order is to be fulfilled", async () => {
  assert.deepEqual(await handle(fulfillment, m.OrderPlaced(wanted)), [m.FulfillOrder(wanted)]);
});

test("process – step by step: what others tell becomes an event of its own, and that a command", () => {
  given(orderProcess).when(m.FulfillOrder(wanted)).then(begun, m.ReserveCopies(copies));
  given(orderProcess, begun)
    .when(m.CopiesReserved(copies))
    .then(due, m.ChargeCard(charge), defer(overdue, { delayFor: PAYMENT_TIME }));
  given(orderProcess, begun, due).when(m.CardCharged(charge)).then(parcel, m.ShipParcel(copies));
  given(orderProcess, begun, due, parcel)
    .when(m.ParcelShipped({ orderId, parcel: "p" }))
    .then(m.Fulfilled({ orderId }), m.CompleteOrder({ orderId }));
});

test("process – what was begun is taken back, and no more than that", () => {
  given(orderProcess, begun)
    .when(m.CopiesMissing(copies))
    .then(m.OutOfStock({ orderId }), m.CancelOrder({ orderId, reason: "sold out" }));
  given(orderProcess, begun, due)
    .when(m.CardDeclined(charge))
    .then(
      m.PaymentDeclined({ orderId }),
      m.ReleaseCopies(copies),
      m.CancelOrder({ orderId, reason: "the card was declined" }),
    );
  given(orderProcess, begun, due)
    .when(overdue)
    .then(
      m.PaymentTimedOut({ orderId }),
      m.ReleaseCopies(copies),
      m.VoidCharge({ orderId }),
      m.CancelOrder({ orderId, reason: "the bank did not answer" }),
    );
});

test("process – a timeout that comes too late, and an answer that does, change nothing", () => {
  given(orderProcess, begun, due, parcel).when(overdue).thenNothing();
  given(orderProcess, begun, due, parcel, m.Fulfilled({ orderId })).when(overdue).thenNothing();
  given(orderProcess, begun, due, m.PaymentTimedOut({ orderId })).when(m.CardCharged(charge)).thenNothing();
});

test("process – whatever comes again says nothing new", () => {
  given(orderProcess, begun).when(m.FulfillOrder(wanted)).thenNothing();
  given(orderProcess, begun, due).when(m.CopiesReserved(copies)).thenNothing();
  given(orderProcess, begun, due, parcel).when(m.CardCharged(charge)).thenNothing();
});

test("shop – an order is placed once, and ends once", () => {
  const canceled = m.OrderCanceled({ orderId, reason: "sold out" });
  given(order).when(m.PlaceOrder(wanted)).then(m.OrderPlaced(wanted));
  given(order, m.OrderPlaced(wanted)).when(m.PlaceOrder(wanted)).thenNothing();
  given(order, m.OrderPlaced(wanted)).when(m.CompleteOrder({ orderId })).then(m.OrderCompleted({ orderId }));
  given(order, m.OrderPlaced(wanted), canceled).when(m.CompleteOrder({ orderId })).thenNothing();
});

test("warehouse – promises no copy twice, and takes back what it has promised, once", () => {
  const all = { orderId: "order.0", record: "Blue Train", copies: STOCK["Blue Train"] ?? 0 };
  given(shelf).when(m.ReserveCopies(copies)).then(m.CopiesReserved(copies));
  given(shelf, m.CopiesReserved(all)).when(m.ReserveCopies(copies)).then(m.CopiesMissing(copies));
  given(shelf, m.CopiesReserved(all), m.CopiesReleased(all))
    .when(m.ReserveCopies(copies))
    .then(m.CopiesReserved(copies));
  given(shelf, m.CopiesReserved(all), m.CopiesReleased(all)).when(m.ReleaseCopies(all)).thenNothing();
  given(shelf, m.CopiesReserved(all)).when(m.ReserveCopies(all)).thenNothing();
  const named = { ...copies, orderId: "constructor" };
  given(shelf).when(m.ReserveCopies(named)).then(m.CopiesReserved(named));
});

test("payments – the bank says yes, no, or nothing for a while", () => {
  const [declined, slow] = [
    { ...charge, card: "declined" },
    { ...charge, card: "slow" },
  ];
  const answer = m.TakeBankAnswer({ orderId });
  given(payment).when(m.ChargeCard(charge)).then(m.CardCharged(charge));
  given(payment).when(m.ChargeCard(declined)).then(m.CardDeclined(declined));
  given(payment)
    .when(m.ChargeCard(slow))
    .then(m.ChargePending(slow), defer(answer, { delayFor: SLOW_BANK }));
  given(payment, m.ChargePending(slow)).when(answer).then(m.CardCharged(slow));
});

test("payments – a charge that is voided is voided, whenever the bank takes the money", () => {
  const slow = { ...charge, card: "slow" };
  const voided = m.ChargeVoided({ orderId });
  const giveUp = m.VoidCharge({ orderId });
  given(payment).when(giveUp).then(voided);
  given(payment, voided).when(m.ChargeCard(charge)).thenNothing();
  given(payment, m.CardCharged(charge)).when(giveUp).then(voided, m.CardRefunded(charge));
  given(payment, m.ChargePending(slow)).when(giveUp).then(voided);
  given(payment, m.ChargePending(slow), voided)
    .when(m.TakeBankAnswer({ orderId }))
    .then(m.CardCharged(slow), m.CardRefunded(slow));
  given(payment, m.CardCharged(charge), voided, m.CardRefunded(charge)).when(giveUp).thenNothing();
});

test("shop – what can never be an order is refused where it is sent", async () => {
  const problems = async (wrong: object): Promise<string> =>
    JSON.stringify(await m.PlaceOrder.schema?.["~standard"].validate({ ...wanted, ...wrong }));
  assert.match(await problems({ copies: -5 }), /must be a whole number.*copies/);
  assert.match(await problems({ copies: 0 }), /must be a whole number.*copies/);
  assert.match(await problems({ total: 0.5 }), /must be a whole number.*total/);
  assert.match(await problems({ orderId: "" }), /must be a name.*orderId/);
  assert.match(await problems({ card: 1 }), /must be a name.*card/);
  assert.doesNotMatch(await problems({}), /issues/);
});
