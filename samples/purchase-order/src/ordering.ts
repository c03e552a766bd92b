import { aggregate, component } from "@sluice/transport";
import { OrderPlaced, PlaceOrder } from "./messages.ts";

/**
 * An order, in the stream `order-<orderId>`. The order's id is the buyer's own, so an order that is sent twice, by a buyer who
 * did not hear the first answer, is placed once.
 */
export const order = aggregate("order", { isPlaced: false }, (a) => {
  a.decide(
    PlaceOrder,
    (wanted) => wanted.orderId,
    (state, wanted) => (state.isPlaced ? [] : OrderPlaced(wanted)),
  );
  a.evolve(OrderPlaced, () => ({ isPlaced: true }));
});

export const ordering = component("ordering", (c) => c.aggregate(order));
