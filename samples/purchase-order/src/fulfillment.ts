import { component, type HandlerContext } from "@sluice/transport";
import { carrier } from "./carrier.ts";
import { OrderShipped, type OrderStep, ShipmentRefused, ShipOrder, TraceShipment } from "./messages.ts";

/**
 * A plain handler. It keeps the two rules of handlers without a stream of their own: it is idempotent, since a carrier that is
 * asked again under the same consignment number does not come twice; and when it meets an order again it publishes again what it
 * published the first time, under the same message id, which receivers drop.
 *
 * It tells two kinds of failure apart. That the carrier cannot be reached is an error: it throws, and the order is tried again, at once and then
 * later. That the carrier has no truck is an answer: an event, on which others act.
 */
export async function ship(
  { orderId }: OrderStep,
  { publish, delayedRetries }: Pick<HandlerContext, "publish" | "delayedRetries">,
): Promise<void> {
  const answer = carrier.book(orderId, delayedRetries);
  if (answer === "taken") await publish(OrderShipped, { orderId, consignment: `CN-${orderId}` });
  if (answer === "no truck") await publish(ShipmentRefused, { orderId, reason: "The carrier has no truck left." });
  // Of a lost one nobody hears, until somebody asks.
}

/** Asks the carrier where a consignment is. What is known already is not said again. */
export async function trace({ orderId }: OrderStep, { publish }: Pick<HandlerContext, "publish">): Promise<void> {
  if (carrier.trace(orderId) !== "lost") return;
  await publish(ShipmentRefused, { orderId, reason: "The carrier has lost the goods." });
}

/** A busy line is tried again once at once, then after half a second, a second, and so on; then it is parked for a person. */
const RETRIES = { immediateRetries: 1, delayedRetries: 4, timeIncrease: 500 };

export const fulfillment = component("fulfillment", RETRIES, (c) => {
  c.handle(ShipOrder, ship);
  c.handle(TraceShipment, trace);
});
