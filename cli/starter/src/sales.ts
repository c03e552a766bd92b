import { component } from "@sluice/transport";
import { OrderPlaced, PlaceOrder } from "./messages.ts";

export const sales = component("sales", (c) => {
  c.handle(PlaceOrder, async ({ orderId, total }, ctx) => {
    // All that a handler sends and publishes leaves in one append when it has ended well, or not at all.
    await ctx.publish(OrderPlaced, { orderId, total });
  });
});
