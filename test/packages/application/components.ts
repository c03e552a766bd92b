import { aggregate, component, processManager, view } from "@sluice/transport";
import {
  CardCharged,
  ChargeCard,
  OrderAccepted,
  OrderPlaced,
  OrderShipped,
  PlaceOrder,
  ShipOrder,
  ShippingRequested,
} from "./messages.ts";

/** Accepts orders. Its messages leave together. */
export const sales = component("sales", (c) => {
  c.handle(PlaceOrder, async (order, ctx) => {
    await ctx.publish(OrderPlaced, { orderId: order.orderId, total: order.total });
    if (ctx.replyTo !== undefined) await ctx.reply(OrderAccepted, { orderId: order.orderId });
  });
});

const charge = aggregate("charge", { charged: false }, (a) => {
  a.decide(
    ChargeCard,
    (m) => m.orderId,
    (state, m) => (state.charged ? [] : [CardCharged(m)]),
  );
  a.evolve(CardCharged, () => ({ charged: true }));
});

/** Charges each order once. */
export const billing = component("billing", (c) => {
  c.receptor(OrderPlaced, (e) => ChargeCard({ orderId: e.orderId, amount: e.total }));
  c.aggregate(charge);
});

// Once the transport has timeouts, the place for one is here: an order whose card is not charged in time is given up.
const delivery = processManager("delivery", { requested: false }, (p) => {
  p.startedBy(
    CardCharged,
    (e) => e.orderId,
    (state, e) => (state.requested ? [] : [ShippingRequested({ orderId: e.orderId })]),
  );
  p.evolve(ShippingRequested, () => ({ requested: true }));
  p.gateway(ShippingRequested, (e) => ShipOrder({ orderId: e.orderId }));
});

/** How often each order was shipped. */
export const shipped = view(
  "shipped",
  () => new Map<string, number>(),
  (v) => v.on(OrderShipped, (orders, e) => void orders.set(e.orderId, (orders.get(e.orderId) ?? 0) + 1)),
);

/** Ships what is charged. */
export const shipping = component("shipping", (c) => {
  c.processManager(delivery);
  c.handle(ShipOrder, (m, ctx) => ctx.publish(OrderShipped, m));
  c.view(shipped);
});
