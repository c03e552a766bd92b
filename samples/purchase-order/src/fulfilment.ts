import { component, type HandlerContext } from "@sluice/transport";
import { OrderShipped, type OrderStep, ShipOrder } from "./messages.ts";

/**
 * A plain handler. It keeps the two rules of handlers without a stream of their own: it is idempotent, since a carrier that is
 * asked again under the same consignment number does not come twice; and when it meets an order again it publishes again what it
 * published the first time, under the same message id, which receivers drop.
 */
export async function ship({ orderId }: OrderStep, ctx: Pick<HandlerContext, "publish">): Promise<void> {
  await ctx.publish(OrderShipped, { orderId, consignment: `CN-${orderId}` });
}

export const fulfilment = component("fulfilment", (c) => c.handle(ShipOrder, ship));
