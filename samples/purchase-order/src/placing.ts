import { setTimeout as sleep } from "node:timers/promises";
import type { Reading } from "@sluice/sample-display";
import { deriveId, ReplyTimedOut, type Sender, ServerUnreachable } from "@sluice/transport";
import { OrderAccepted, PlaceOrder, type PurchaseOrder } from "./messages.ts";
import { orderOf } from "./orders.ts";

/** Orders that are sent at the same moment. */
const AT_ONCE = 100;

/** Where orders come from. */
export const SHOP = "shop";
/** What the ids of the shop's messages derive from. */
const OF_THE_SHOP = "5d6a3f0e-6d0c-4c1a-9d57-0f5f2c3b7a11";

/** Ids of all orders that were ever sent: the process that sent them may be gone, but what it sent is in the shop's own stream. */
export async function sentBefore(reading: Reading): Promise<ReadonlySet<string>> {
  const events = await reading.stream(`in.${PlaceOrder.to}-${SHOP}`);
  return new Set(events.flatMap(({ data }) => (data as Partial<PurchaseOrder>).orderId ?? []));
}

/** Places the orders of a market with these numbers. Ends early when stopped. */
export async function placeAll(
  sender: Sender,
  market: string,
  numbers: readonly number[],
  stopping: AbortSignal,
): Promise<void> {
  for (let placed = 0; placed < numbers.length && !stopping.aborted; placed += AT_ONCE) {
    await Promise.all(numbers.slice(placed, placed + AT_ONCE).map((n) => place(sender, orderOf(market, n), stopping)));
  }
}

/** Places order after order, beginning with the number `n`, until stopped. */
export async function placeSteadily(
  sender: Sender,
  market: string,
  n: number,
  rate: number,
  stopping: AbortSignal,
): Promise<void> {
  for (let next = n; !stopping.aborted; next += 1) {
    await place(sender, orderOf(market, next), stopping);
    await sleep(1000 / rate, undefined, { signal: stopping }).catch(() => {});
  }
}

/**
 * Asks for an order to be placed, until that is accepted. While the server is away, or nobody answers, it asks again: under the same id, so
 * that it is one message however often it is sent, also by a process that comes after this one.
 * @param correlationId what all messages of its conversation are known by; by default the message's own id.
 */
export async function place(
  sender: Sender,
  order: PurchaseOrder,
  stopping: AbortSignal,
  correlationId?: string,
): Promise<void> {
  const id = deriveId(OF_THE_SHOP, order.orderId);
  const options = { id, signal: stopping, ...(correlationId === undefined ? {} : { correlationId }) };
  while (!stopping.aborted) {
    try {
      await sender.ask(PlaceOrder, order, OrderAccepted, options);
      return;
    } catch (error) {
      if (stopping.aborted) return;
      if (!(error instanceof ServerUnreachable || error instanceof ReplyTimedOut)) throw error;
      await sleep(500, undefined, { signal: stopping }).catch(() => {});
    }
  }
}
