import { command, event } from "@sluice/transport";

/** What somebody wants: a command has one receiver, the component that owns it. */
export const PlaceOrder = command("sales.PlaceOrder", { to: "sales" })<{
  /** The sender's own number for the order. */
  readonly orderId: string;
  /** Cents. */
  readonly total: number;
}>();

/** What has happened: whoever wants to hear of an event subscribes to it by handling it. */
export const OrderPlaced = event("sales.OrderPlaced")<{ readonly orderId: string; readonly total: number }>();
