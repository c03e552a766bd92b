import { component, startEndpoint, startSender, Unrecoverable } from "@sluice/transport";
import { fees } from "../../../samples/purchase-order/src/fees.ts";
import { fulfillment } from "../../../samples/purchase-order/src/fulfillment.ts";
import { matching } from "../../../samples/purchase-order/src/matching.ts";
import { BookPurchase, OrderShipped, PlaceOrder } from "../../../samples/purchase-order/src/messages.ts";
import { ordering } from "../../../samples/purchase-order/src/ordering.ts";
import { orderOf } from "../../../samples/purchase-order/src/orders.ts";
import { settlement } from "../../../samples/purchase-order/src/settlement.ts";

/** The accounting of a company whose books are closed. */
const accounting = component("accounting", (c) => {
  c.handle(BookPurchase, async () => {
    throw new Unrecoverable("the books of this year are closed");
  });
});

/**
 * Places an order in the purchase-order system, and waits until its booking was parked and its shipment noted; then the components are
 * stopped.
 */
export async function placePurchase(connectionString: string, correlationId: string): Promise<void> {
  const parked = Promise.withResolvers<void>();
  const shipped = Promise.withResolvers<void>();
  const endpoint = await startEndpoint([ordering, matching, settlement, fulfillment, fees, accounting], {
    connectionString,
    on: (event) => {
      if (event.kind === "parked") parked.resolve();
      if (event.kind === "handled" && event.type === OrderShipped.type) shipped.resolve();
    },
  });
  const shop = await startSender("shop", { connectionString });
  await shop.send(PlaceOrder, orderOf("hamburg", 0), { correlationId });
  await Promise.all([parked.promise, shipped.promise]);
  await shop.stop();
  await endpoint.stop();
}
