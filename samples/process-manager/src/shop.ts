import { aggregate, component } from "@sluice/transport";
import { CancelOrder, CompleteOrder, OrderCanceled, OrderCompleted, OrderPlaced, PlaceOrder } from "./messages.ts";

const byOrder = ({ orderId }: { readonly orderId: string }): string => orderId;

/** An order as its customer sees it, in the stream `order-<orderId>`. Nothing here knows what it takes to fulfill one. */
export const order = aggregate(
  "order",
  { status: "new" } as { readonly status: "new" | "open" | "completed" | "canceled" },
  { events: [OrderPlaced, OrderCompleted, OrderCanceled] },
  (a) => {
    a.decide(PlaceOrder, byOrder, ({ status }, wanted) => (status === "new" ? OrderPlaced(wanted) : []));
    a.decide(CompleteOrder, byOrder, ({ status }, done) => (status === "open" ? OrderCompleted(done) : []));
    a.decide(CancelOrder, byOrder, ({ status }, why) => (status === "open" ? OrderCanceled(why) : []));

    a.evolve(OrderPlaced, () => ({ status: "open" }));
    a.evolve(OrderCompleted, () => ({ status: "completed" }));
    a.evolve(OrderCanceled, () => ({ status: "canceled" }));
  },
);

export const shop = component("shop", (c) => c.aggregate(order));
