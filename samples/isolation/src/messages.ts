import { command, event } from "@sluice/transport";

export interface Line {
  readonly goods: string;
  readonly pieces: number;
  /** Cents. */
  readonly price: number;
}

/** Asks what an order costs; each shop has a rule of its own for that. */
export const PriceOrder = command("pricing.PriceOrder", { to: "pricing" })<{
  readonly orderId: string;
  readonly shop: string;
  readonly lines: readonly Line[];
}>();

export const OrderPriced = event("pricing.OrderPriced")<{
  readonly orderId: string;
  /** Cents. */
  readonly total: number;
}>();

export const GrantGift = command("gifts.GrantGift", { to: "gifts" })<{ readonly orderId: string }>();
