import { command, event, reply } from "@sluice/transport";
import * as v from "valibot";

/*
 * The contracts of this system, each with a schema: a body that is none is refused where it is sent, and put aside where it arrives, before any
 * handler sees it. All amounts of money are whole cents.
 */

/** The buyer's own number for the order, such as `hamburg.17`. All messages here are about one. */
const orderId = v.pipe(v.string("must name an order"), v.nonEmpty("must name an order"));
const name = v.pipe(v.string(), v.nonEmpty());
const cents = v.pipe(v.number(), v.integer(), v.minValue(0));

const Step = v.object({ orderId });

/** What a buyer wants. */
const Order = v.object({
  orderId,
  /** Where it is traded. Each market has suppliers of its own. */
  market: name,
  buyer: name,
  goods: v.picklist(["copper", "timber", "wool", "wheat"]),
  tonnes: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** The week it is to be delivered in, such as `2027.W05`. */
  week: v.pipe(v.string(), v.regex(/^\d{4}\.W\d\d$/, "must be a week, such as 2027.W05")),
});

/** An order that has found a supplier; `value` is its tonnes at the supplier's price. */
const Matched = v.object({ ...Order.entries, supplier: name, value: cents });

/** One line of a double entry. */
const Line = v.object({ orderId, account: name, amount: cents });

const Fee = v.object({ orderId, fee: cents });
const Refusal = v.object({ orderId, reason: name });

export type OrderStep = v.InferOutput<typeof Step>;
export type PurchaseOrder = v.InferOutput<typeof Order>;
export type Goods = PurchaseOrder["goods"];
export type Trade = v.InferOutput<typeof Matched>;
export type Posting = v.InferOutput<typeof Line>;

// ordering
export const PlaceOrder = command("ordering.PlaceOrder", { to: "ordering" })(Order);
export const OrderAccepted = reply("ordering.OrderAccepted")(Step);
export const RejectOrder = command("ordering.RejectOrder", { to: "ordering" })(Refusal);
export const OrderPlaced = event("ordering.OrderPlaced")(Order);
export const OrderRejected = event("ordering.OrderRejected")(Refusal);

// matching
export const MatchOrder = command("matching.MatchOrder", { to: "matching" })(Order);
export const ReleaseTrade = command("matching.ReleaseTrade", { to: "matching" })(Matched);
export const OrderMatched = event("matching.OrderMatched")(Matched);
export const MatchRefused = event("matching.MatchRefused")(Refusal);
export const TradeReleased = event("matching.TradeReleased")(Step);

// fees
export const ChargeFee = command("fees.ChargeFee", { to: "fees" })(v.object({ orderId, value: cents }));
export const RefundFee = command("fees.RefundFee", { to: "fees" })(Step);
export const FeeCharged = event("fees.FeeCharged")(Fee);
export const FeeRefunded = event("fees.FeeRefunded")(Fee);

// fulfillment
export const ShipOrder = command("fulfillment.ShipOrder", { to: "fulfillment" })(Matched);
export const TraceShipment = command("fulfillment.TraceShipment", { to: "fulfillment" })(Step);
export const OrderShipped = event("fulfillment.OrderShipped")(v.object({ orderId, consignment: name }));
export const ShipmentRefused = event("fulfillment.ShipmentRefused")(Refusal);

// accounting
export const BookPurchase = command("accounting.BookPurchase", { to: "accounting" })(
  v.object({ ...Matched.entries, fee: cents }),
);
export const ReversePurchase = command("accounting.ReversePurchase", { to: "accounting" })(Step);
export const AccountDebited = event("accounting.AccountDebited")(Line);
export const AccountCredited = event("accounting.AccountCredited")(Line);
export const PurchaseBooked = event("accounting.PurchaseBooked")(Step);
export const PurchaseReversed = event("accounting.PurchaseReversed")(Step);

// settlement: its timeout, and the process manager's own events, which tell how far a purchase has come
export const ShipmentOverdue = command("settlement.ShipmentOverdue", { to: "settlement" })(Step);
export const PurchaseBegun = event("settlement.PurchaseBegun")(Matched);
export const FeeNoted = event("settlement.FeeNoted")(Fee);
export const BookingNoted = event("settlement.BookingNoted")(Step);
export const ShipmentNoted = event("settlement.ShipmentNoted")(Step);
export const ShipmentMissed = event("settlement.ShipmentMissed")(Step);
export const RefusalNoted = event("settlement.RefusalNoted")(Refusal);
export const PurchaseRevoked = event("settlement.PurchaseRevoked")(Refusal);
export const UndoingNoted = event("settlement.UndoingNoted")(
  v.object({ orderId, undone: v.picklist(["trade", "fee", "booking"]) }),
);
export const PurchaseCompleted = event("settlement.PurchaseCompleted")(Step);
export const PurchaseCancelled = event("settlement.PurchaseCancelled")(Refusal);

// notices
export const BuyerNotified = event("notices.BuyerNotified")(v.object({ orderId, text: name }));
