import { command, event, type StandardSchema } from "@sluice/transport";

/** What all messages here have in common: they are about an order. */
interface AboutOrder {
  readonly orderId: string;
}

export interface Order extends AboutOrder {
  readonly customer: string;
  readonly record: string;
  readonly copies: number;
  readonly card: string;
  /** Cents. */
  readonly total: number;
}

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

/** What can never be an order is refused where it is sent. A schema of zod, valibot or arktype would do the same. */
const order: StandardSchema<Order> = {
  "~standard": {
    version: 1,
    vendor: "process-manager",
    validate(value) {
      const { orderId, customer, record, card, copies, total } = Object(value) as Partial<Order>;
      const names = Object.entries({ orderId, customer, record, card });
      const numbers = Object.entries({ copies, total });
      const issues = [
        ...names
          .filter(([, name]) => typeof name !== "string" || name === "")
          .map(([property]) => ({ message: "must be a name", path: [property] })),
        ...numbers
          .filter(([, number]) => !Number.isSafeInteger(number) || Number(number) < 1)
          .map(([property]) => ({ message: "must be a whole number, 1 or more", path: [property] })),
      ];
      return issues.length > 0 ? { issues } : { value: value as Order };
    },
  },
};

// The shop: what customers see.
export const PlaceOrder = command("shop.PlaceOrder", { to: "shop" })(order);
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
