import { command, event, type StandardSchema } from "@sluice/transport";

/** What can be bought. */
export type Goods = "copper" | "timber" | "wool" | "wheat";

/** What a buyer wants. All amounts of money in this system are whole cents. */
export interface PurchaseOrder extends OrderStep {
  /** The buyer's own number for the order, such as `hamburg.17`. */
  readonly orderId: string;
  /** Where it is traded. Each market has suppliers of its own. */
  readonly market: string;
  readonly buyer: string;
  readonly goods: Goods;
  readonly tonnes: number;
  /** The week it is to be delivered in, such as `2027.W05`. */
  readonly week: string;
}

/** An order that has found a supplier. */
export interface Trade extends PurchaseOrder {
  readonly supplier: string;
  /** `tonnes` at the supplier's price. */
  readonly value: number;
}

/** One line of a double entry. */
export interface Posting extends OrderStep {
  readonly account: string;
  readonly amount: number;
}

/** What all messages here have in common: they are about an order. */
export interface OrderStep {
  readonly orderId: string;
}

/**
 * A body that names no order, bytes for instance, is put aside at the edge, before any handler sees it. A schema of zod, valibot
 * or arktype would stand here in the same way.
 */
function about<Body extends OrderStep>(): StandardSchema<Body> {
  return {
    "~standard": {
      version: 1,
      vendor: "purchase-order",
      validate: (value) => {
        const { orderId } = value as Partial<Body>;
        if (typeof orderId === "string" && orderId !== "") return { value: value as Body };
        return { issues: [{ message: "must name an order", path: ["orderId"] }] };
      },
    },
  };
}

// ordering
export const PlaceOrder = command("ordering.PlaceOrder", { to: "ordering" })(about<PurchaseOrder>());
export const OrderPlaced = event("ordering.OrderPlaced")(about<PurchaseOrder>());

// matching
export const MatchOrder = command("matching.MatchOrder", { to: "matching" })(about<PurchaseOrder>());
export const OrderMatched = event("matching.OrderMatched")(about<Trade>());

// fulfilment
export const ShipOrder = command("fulfilment.ShipOrder", { to: "fulfilment" })(about<Trade>());
export const OrderShipped = event("fulfilment.OrderShipped")(about<OrderStep & { readonly consignment: string }>());

// fees
export const ChargeFee = command("fees.ChargeFee", { to: "fees" })(about<OrderStep & { readonly value: number }>());
export const FeeCharged = event("fees.FeeCharged")(about<OrderStep & { readonly fee: number }>());

// accounting
export const BookPurchase = command("accounting.BookPurchase", { to: "accounting" })(
  about<Trade & { readonly fee: number }>(),
);
export const AccountDebited = event("accounting.AccountDebited")(about<Posting>());
export const AccountCredited = event("accounting.AccountCredited")(about<Posting>());
export const PurchaseBooked = event("accounting.PurchaseBooked")(about<OrderStep>());

// settlement: the process manager's own events, which tell how far a purchase has come
export const PurchaseBegun = event("settlement.PurchaseBegun")(about<Trade>());
export const ShipmentNoted = event("settlement.ShipmentNoted")(about<OrderStep>());
export const FeeNoted = event("settlement.FeeNoted")(about<OrderStep & { readonly fee: number }>());
export const PurchaseReady = event("settlement.PurchaseReady")(about<OrderStep>());
export const PurchaseCompleted = event("settlement.PurchaseCompleted")(about<OrderStep>());
