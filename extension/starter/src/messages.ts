import { command, event } from "@sluice/transport";

/** A command has one receiver: `to`. */
export const PlaceOrder = command("sales.PlaceOrder", { to: "sales" })<{ orderId: string; total: number }>();

/** An event goes to whoever subscribes. */
export const OrderPlaced = event("sales.OrderPlaced")<{ orderId: string; total: number }>();
