import { setTimeout as sleep } from "node:timers/promises";
import type { Reading } from "@sluice/sample-display";
import { type Sender, ServerUnreachable } from "@sluice/transport";
import { type PurchaseOrder, PlaceOrder } from "./messages.ts";
import { orderOf } from "./orders.ts";

/** Orders that are sent at the same moment. */
const AT_ONCE = 100;

/** Where orders come from. */
export const SHOP = "shop";

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
    await Promise.all(numbers.slice(placed, placed + AT_ONCE).map((n) => place(sender, market, n, stopping)));
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
    await place(sender, market, next, stopping);
    await sleep(1000 / rate, undefined, { signal: stopping }).catch(() => {});
  }
}

/** While the server is away it tries again: whether the first try arrived does not matter, since an order is placed once. */
async function place(sender: Sender, market: string, n: number, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    try {
      await sender.send(PlaceOrder, orderOf(market, n));
      return;
    } catch (error) {
      if (!(error instanceof ServerUnreachable)) throw error;
      await sleep(500, undefined, { signal: stopping }).catch(() => {});
    }
  }
}
