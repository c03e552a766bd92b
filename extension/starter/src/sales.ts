import { component } from "@sluice/transport";
import { OrderPlaced, PlaceOrder } from "./messages.ts";

/** Handles messages one by one; what it publishes leaves when the handler has ended well. */
export const sales = component("sales", (c) => {
  c.handle(PlaceOrder, async (order, ctx) => {
    await ctx.publish(OrderPlaced, order);
  });
});
