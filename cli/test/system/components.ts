import { command, component, event } from "@sluice/transport";

export const PlaceOrder = command("sales.PlaceOrder", { to: "sales" })<{ orderId: string; total: number }>();
export const OrderPlaced = event("sales.OrderPlaced")<{ orderId: string; total: number }>();
export const ChargeCard = command("billing.ChargeCard", { to: "billing" })<{ orderId: string; amount: number }>();

/** Stands for what is outside of the system. */
export const cardNetwork = { isDown: false };
export const charged: string[] = [];

const sales = component("sales", (c) => {
  c.handle(PlaceOrder, async ({ orderId, total }, ctx) => {
    await ctx.publish(OrderPlaced, { orderId, total });
    await ctx.send(ChargeCard, { orderId, amount: total });
  });
});

const billing = component("billing", { immediateRetries: 0, delayedRetries: 0, concurrency: 1 }, (c) => {
  c.handle(ChargeCard, async ({ orderId, amount }) => {
    if (amount < 0) throw new RangeError(`the amount of order ${orderId} is ${amount}`);
    if (cardNetwork.isDown) throw new Error("the card network does not answer");
    charged.push(orderId);
  });
});

const shipping = component("shipping", (c) => c.handle(OrderPlaced, async () => {}));

export const components = [sales, billing, shipping];
