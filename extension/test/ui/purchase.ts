import { component, startEndpoint, startSender, Unrecoverable } from "@sluice/transport";
import { fees } from "../../../samples/purchase-order/src/fees.ts";
import { fulfilment } from "../../../samples/purchase-order/src/fulfilment.ts";
import { matching } from "../../../samples/purchase-order/src/matching.ts";
import { BookPurchase, PlaceOrder } from "../../../samples/purchase-order/src/messages.ts";
import { ordering } from "../../../samples/purchase-order/src/ordering.ts";
import { orderOf } from "../../../samples/purchase-order/src/orders.ts";
import { settlement } from "../../../samples/purchase-order/src/settlement.ts";

/** The accounting of a company whose books are closed. */
const accounting = component("accounting", (c) => {
  c.handle(BookPurchase, async () => {
    throw new Unrecoverable("the books of this year are closed");
  });
});

/** Places an order in the purchase-order system, and waits until its booking was parked; then the components are stopped. */
export async function placePurchase(connectionString: string, correlationId: string): Promise<void> {
  const parked = Promise.withResolvers<void>();
  const endpoint = await startEndpoint([ordering, matching, settlement, fulfilment, fees, accounting], {
    connectionString,
    on: ({ kind }) => {
      if (kind === "parked") parked.resolve();
    },
  });
  const shop = await startSender("shop", { connectionString });
  await shop.send(PlaceOrder, orderOf("hamburg", 0), { correlationId });
  await parked.promise;
  await shop.stop();
  await endpoint.stop();
}
