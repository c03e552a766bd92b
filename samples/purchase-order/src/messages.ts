/** The contracts between the components: all that one knows of another. Amounts are whole cents. */
import { command, event } from "@sluice/transport";

/** What a buyer wants, and the most that one piece may cost. */
export interface Order {
  readonly orderId: string;
  readonly buyer: string;
  readonly item: string;
  readonly quantity: number;
  readonly limit: number;
}

/** An order and the supplier who fills it. */
export interface Trade {
  readonly orderId: string;
  readonly buyer: string;
  readonly supplier: string;
  readonly item: string;
  readonly quantity: number;
  readonly price: number;
}

/** One line of a booking; the debits of a booking equal its credits. */
export interface Entry {
  readonly account: string;
  readonly side: "debit" | "credit";
  readonly amount: number;
}

export const PlaceOrder = command("matching.PlaceOrder", { to: "matching" })<Order>();
export const OrderPlaced = event("matching.OrderPlaced")<Order>();
export const OrderMatched = event("matching.OrderMatched")<Trade>();
export const OrderRefused = event("matching.OrderRefused")<{ orderId: string; reason: string }>();

export const ShipGoods = command("fulfilment.ShipGoods", { to: "fulfilment" })<Trade>();
export const GoodsShipped = event("fulfilment.GoodsShipped")<{ orderId: string; item: string; quantity: number }>();

export const TradeOpened = event("fees.TradeOpened")<Trade>();
export const DeliveryNoted = event("fees.DeliveryNoted")<{ orderId: string }>();
export const FeeCharged = event("fees.FeeCharged")<Trade & { fee: number }>();

export const BookTrade = command("accounting.BookTrade", { to: "accounting" })<Trade & { fee: number }>();
export const TradeBooked = event("accounting.TradeBooked")<{ orderId: string; entries: readonly Entry[] }>();
