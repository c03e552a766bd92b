import { command, event } from "@sluice/transport";
import * as v from "valibot";

/** What all messages here have in common: they are about an order. */
interface AboutOrder {
  readonly orderId: string;
}

const name = v.pipe(v.string("must be a name"), v.nonEmpty("must be a name"));
const WHOLE = "must be a whole number, 1 or more";
const whole = v.pipe(v.number(WHOLE), v.safeInteger(WHOLE), v.minValue(1, WHOLE));

/** What can never be an order is refused where it is sent. */
const Wanted = v.object({
  orderId: name,
  customer: name,
  record: name,
  copies: whole,
  card: name,
  /** Cents. */
  total: whole,
});
export type Order = v.InferOutput<typeof Wanted>;

export interface Copies extends AboutOrder {
  readonly record: string;
  readonly copies: number;
}

export interface Charge extends AboutOrder {
  readonly card: string;
  /** Cents. */
  readonly amount: number;
}

interface Reason {
  readonly reason: string;
}

// The shop: what customers see.
export const PlaceOrder = command("shop.PlaceOrder", { to: "shop" })(Wanted);
export const CompleteOrder = command("shop.CompleteOrder", { to: "shop" })<AboutOrder>();
export const CancelOrder = command("shop.CancelOrder", { to: "shop" })<AboutOrder & Reason>();
export const OrderPlaced = event("shop.OrderPlaced")<Order>();
export const OrderCompleted = event("shop.OrderCompleted")<AboutOrder>();
export const OrderCanceled = event("shop.OrderCanceled")<AboutOrder & Reason>();

// The warehouse.
export const ReserveCopies = command("warehouse.ReserveCopies", { to: "warehouse" })<Copies>();
export const ReleaseCopies = command("warehouse.ReleaseCopies", { to: "warehouse" })<Copies>();
export const CopiesReserved = event("warehouse.CopiesReserved")<Copies>();
export const CopiesMissing = event("warehouse.CopiesMissing")<Copies>();
export const CopiesReleased = event("warehouse.CopiesReleased")<Copies>();

// Payments, and the bank behind them, which takes its time with some cards.
export const ChargeCard = command("payments.ChargeCard", { to: "payments" })<Charge>();
export const VoidCharge = command("payments.VoidCharge", { to: "payments" })<AboutOrder>();
export const TakeBankAnswer = command("payments.TakeBankAnswer", { to: "payments" })<AboutOrder>();
export const ChargePending = event("payments.ChargePending")<Charge>();
export const CardCharged = event("payments.CardCharged")<Charge>();
export const CardDeclined = event("payments.CardDeclined")<Charge>();
export const ChargeVoided = event("payments.ChargeVoided")<AboutOrder>();
export const CardRefunded = event("payments.CardRefunded")<Charge>();

// Shipping.
export const ShipParcel = command("shipping.ShipParcel", { to: "shipping" })<Copies>();
export const ParcelShipped = event("shipping.ParcelShipped")<AboutOrder & { readonly parcel: string }>();

// Fulfillment: the process itself. Its events say how far an order has come.
export const FulfillOrder = command("fulfillment.FulfillOrder", { to: "fulfillment" })<Order>();
export const PaymentOverdue = command("fulfillment.PaymentOverdue", { to: "fulfillment" })<AboutOrder>();
export const FulfillmentBegun = event("fulfillment.FulfillmentBegun")<Order>();
export const PaymentDue = event("fulfillment.PaymentDue")<AboutOrder>();
export const ParcelDue = event("fulfillment.ParcelDue")<AboutOrder>();
export const Fulfilled = event("fulfillment.Fulfilled")<AboutOrder>();
export const OutOfStock = event("fulfillment.OutOfStock")<AboutOrder>();
export const PaymentDeclined = event("fulfillment.PaymentDeclined")<AboutOrder>();
export const PaymentTimedOut = event("fulfillment.PaymentTimedOut")<AboutOrder>();
