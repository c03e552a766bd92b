import { aggregate, component } from "@sluice/transport";
import { MatchRefused, OrderAccepted, OrderPlaced, OrderRejected, PlaceOrder, RejectOrder } from "./messages.ts";

/**
 * An order, in the stream `order-<orderId>`. The order's id is the buyer's own, so an order that is sent twice, by a buyer who
 * did not hear the first answer, is placed once, and answered twice. The answer leaves in one append with the event, or not at all.
 */
export const order = aggregate("order", { isPlaced: false, isRejected: false }, (a) => {
  a.decide(
    PlaceOrder,
    (wanted) => wanted.orderId,
    (state, wanted, { replyTo }) => [
      ...(state.isPlaced ? [] : [OrderPlaced(wanted)]),
      // Who sends it without asking gets no answer.
      ...(replyTo === undefined ? [] : [OrderAccepted({ orderId: wanted.orderId })]),
    ],
  );
  a.decide(
    RejectOrder,
    ({ orderId }) => orderId,
    (state, refusal) => (state.isRejected ? [] : OrderRejected(refusal)),
  );
  a.evolve(OrderPlaced, (state) => ({ ...state, isPlaced: true }));
  a.evolve(OrderRejected, (state) => ({ ...state, isRejected: true }));
});

export const ordering = component("ordering", (c) => {
  c.aggregate(order);
  c.receptor(MatchRefused, (refusal) => RejectOrder(refusal));
});
