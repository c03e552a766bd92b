import { command, event, reply } from "@sluice/transport";

export const PlaceOrder = command("sales.PlaceOrder", { to: "sales" })<{ orderId: string; total: number }>();
export const OrderPlaced = event("sales.OrderPlaced")<{ orderId: string; total: number }>();
export const OrderAccepted = reply("sales.OrderAccepted")<{ orderId: string }>();
export const ChargeCard = command("billing.ChargeCard", { to: "billing" })<{ orderId: string; amount: number }>();
export const CardCharged = event("billing.CardCharged")<{ orderId: string; amount: number }>();
export const ShipOrder = command("shipping.ShipOrder", { to: "shipping" })<{ orderId: string }>();
export const ShippingRequested = event("shipping.ShippingRequested")<{ orderId: string }>();
export const OrderShipped = event("shipping.OrderShipped")<{ orderId: string }>();
