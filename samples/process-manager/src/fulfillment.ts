import { component, defer, processManager } from "@sluice/transport";
import {
  CancelOrder,
  CardCharged,
  CardDeclined,
  ChargeCard,
  CompleteOrder,
  CopiesMissing,
  CopiesReserved,
  Fulfilled,
  FulfillmentBegun,
  FulfillOrder,
  type Order,
  OrderPlaced,
  OutOfStock,
  ParcelDue,
  ParcelShipped,
  PaymentDeclined,
  PaymentDue,
  PaymentOverdue,
  PaymentTimedOut,
  ReleaseCopies,
  ReserveCopies,
  ShipParcel,
  VoidCharge,
} from "./messages.ts";

/** Milliseconds that a customer's bank may take: short, since somebody is watching. */
export const PAYMENT_TIME = 1_500;

interface Process {
  readonly order: Order;
  readonly step: "new" | "reserving" | "paying" | "shipping" | "over";
}

const NOBODY: Order = { orderId: "", customer: "", record: "", copies: 0, card: "", total: 0 };
const byOrder = ({ orderId }: { readonly orderId: string }): string => orderId;

/**
 * Sees one order through, in the stream `process-<orderId>`. The command handler decides: it hears what others have done, and
 * writes down, as an event of its own, what that means for the order. The gateway asks: it turns each of these events into
 * commands to others, in the same append. What went wrong is taken back in the same way, by commands, from what was done so far.
 */
export const orderProcess = processManager(
  "process",
  { order: NOBODY, step: "new" } as Process,
  { events: [FulfillmentBegun, PaymentDue, ParcelDue, Fulfilled, OutOfStock, PaymentDeclined, PaymentTimedOut] },
  (p) => {
    p.startedBy(FulfillOrder, byOrder, ({ step }, order) => (step === "new" ? FulfillmentBegun(order) : []));
    p.on(CopiesReserved, byOrder, ({ step }, { orderId }) => (step === "reserving" ? PaymentDue({ orderId }) : []));
    p.on(CopiesMissing, byOrder, ({ step }, { orderId }) => (step === "reserving" ? OutOfStock({ orderId }) : []));
    p.on(CardCharged, byOrder, ({ step }, { orderId }) => (step === "paying" ? ParcelDue({ orderId }) : []));
    p.on(CardDeclined, byOrder, ({ step }, { orderId }) => (step === "paying" ? PaymentDeclined({ orderId }) : []));
    p.on(ParcelShipped, byOrder, ({ step }, { orderId }) => (step === "shipping" ? Fulfilled({ orderId }) : []));
    p.timeout(
      PaymentOverdue,
      byOrder,
      ({ step }, { orderId }) => (step === "paying" ? PaymentTimedOut({ orderId }) : []),
      { cancelWhenCompleted: true },
    );

    p.evolve(FulfillmentBegun, (_, order) => ({ order, step: "reserving" }));
    p.evolve(PaymentDue, (state) => ({ ...state, step: "paying" }));
    p.evolve(ParcelDue, (state) => ({ ...state, step: "shipping" }));
    for (const end of [Fulfilled, OutOfStock, PaymentDeclined, PaymentTimedOut]) {
      p.evolve(end, (state) => ({ ...state, step: "over" }));
      p.completedBy(end);
    }

    p.gateway(FulfillmentBegun, (_, { order }) => ReserveCopies(copiesOf(order)));
    p.gateway(PaymentDue, ({ orderId }, { order }) => [
      ChargeCard({ orderId, card: order.card, amount: order.total }),
      defer(PaymentOverdue({ orderId }), { delayFor: PAYMENT_TIME }),
    ]);
    p.gateway(ParcelDue, (_, { order }) => ShipParcel(copiesOf(order)));
    p.gateway(Fulfilled, ({ orderId }) => CompleteOrder({ orderId }));

    p.gateway(OutOfStock, ({ orderId }) => CancelOrder({ orderId, reason: "sold out" }));
    p.gateway(PaymentDeclined, ({ orderId }, { order }) => [
      ReleaseCopies(copiesOf(order)),
      CancelOrder({ orderId, reason: "the card was declined" }),
    ]);
    // Whether the bank took the money a moment ago, or takes it in an hour, is for payments to know: they are told to give it back.
    p.gateway(PaymentTimedOut, ({ orderId }, { order }) => [
      ReleaseCopies(copiesOf(order)),
      VoidCharge({ orderId }),
      CancelOrder({ orderId, reason: "the bank did not answer" }),
    ]);
  },
);

const copiesOf = ({ orderId, record, copies }: Order) => ({ orderId, record, copies });

/** The receptor decides that an order which was placed is to be fulfilled: the shop only tells that there is one. */
export const fulfillment = component("fulfillment", (c) => {
  c.receptor(OrderPlaced, (order) => FulfillOrder(order));
  c.processManager(orderProcess);
});
