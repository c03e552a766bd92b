import { aggregate, component } from "@sluice/transport";
import { GoodsShipped, OrderMatched, ShipGoods } from "./messages.ts";

/** What is sent to one buyer for one order, stream `shipment-<order>`. */
export const shipment = aggregate("shipment", { isShipped: false }, (a) => {
  a.decide(
    ShipGoods,
    ({ orderId }) => orderId,
    (state, { orderId, item, quantity }) => (state.isShipped ? [] : [GoodsShipped({ orderId, item, quantity })]),
  );
  a.evolve(GoodsShipped, () => ({ isShipped: true }));
});

export const fulfilment = component("fulfilment", (c) => {
  // A receptor turns somebody else's event into a command of one's own.
  c.receptor(OrderMatched, (trade) => ShipGoods(trade));
  c.aggregate(shipment);
});
