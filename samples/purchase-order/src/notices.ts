import { component } from "@sluice/transport";
import { BuyerNotified, OrderRejected, PurchaseCancelled, PurchaseCompleted } from "./messages.ts";

/**
 * Tells buyers how it ended. Its messages leave directly, each at once, and not when the handler has ended well: a mail that has
 * left cannot be called back either. A notice that is repeated after a crash has the id it had before.
 */
export const notices = component("notices", { sends: "direct" }, (c) => {
  c.handle(PurchaseCompleted, async ({ orderId }, ctx) =>
    ctx.publish(BuyerNotified, { orderId, text: "Your goods are on their way." }),
  );
  c.handle(PurchaseCancelled, async ({ orderId, reason }, ctx) =>
    ctx.publish(BuyerNotified, { orderId, text: `${reason} You owe nothing.` }),
  );
  c.handle(OrderRejected, async ({ orderId, reason }, ctx) => ctx.publish(BuyerNotified, { orderId, text: reason }));
});
