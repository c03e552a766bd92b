import { command, component, event } from "@sluice/transport";

export const PlaceOrder = command("sales.PlaceOrder", { to: "sales" })<{ orderId: string; total: number }>();
export const OrderPlaced = event("sales.OrderPlaced")<{ orderId: string; total: number }>();
export const ChargeCard = command("billing.ChargeCard", { to: "billing" })<{ orderId: string; amount: number }>();

const sales = component("sales", (c) => {
  c.handle(PlaceOrder, async ({ orderId, total }, ctx) => {
    await ctx.publish(OrderPlaced, { orderId, total });
    await ctx.send(ChargeCard, { orderId, amount: total });
  });
});

/** Refuses amounts below nothing. */
const billing = component("billing", { immediateRetries: 0, delayedRetries: 0 }, (c) => {
  c.handle(ChargeCard, async ({ orderId, amount }) => {
    if (amount < 0) throw new RangeError(`The order ${orderId} has the amount ${amount}.`);
  });
});

const shipping = component("shipping", (c) => c.handle(OrderPlaced, async () => {}));

export const components = [sales, billing, shipping];
