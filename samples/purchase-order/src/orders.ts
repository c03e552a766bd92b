import { type EventStoreDBClient, StreamNotFoundError } from "@eventstore/db-client";
import type { Sender } from "@sluice/transport";
import { type Order, PlaceOrder } from "./messages.ts";

const BUYERS = ["Dahl", "Ekman", "Falk", "Gran"] as const;
const WISHES = [
  { item: "chair", limit: 6_000 },
  { item: "table", limit: 20_000 },
  { item: "lamp", limit: 2_500 },
] as const;

/** Where orders come from, and so the last part of the stream they are sent to. */
export const SHOP = "shop";

/** The `n`th order of a run, from 1: the same each time it is asked for. */
export function orderOf(run: string, n: number): Order {
  const { item, limit } = WISHES[n % WISHES.length] ?? WISHES[0];
  const buyer = BUYERS[n % BUYERS.length] ?? BUYERS[0];
  return { orderId: `${run}-${n}`, buyer, item, quantity: 1 + (n % 5), limit };
}

export const runOf = (orderId: string): string => orderId.slice(0, orderId.lastIndexOf("-"));

/** The numbers of a run's orders that were sent before, as the stream knows them: the process that sent them may have died. */
export async function sentOrders(client: EventStoreDBClient, run: string): Promise<Set<number>> {
  const sent = new Set<number>();
  try {
    for await (const { event } of client.readStream(`in.matching-${SHOP}`)) {
      const orderId = (event?.data as Partial<Order> | undefined)?.orderId;
      if (orderId !== undefined && runOf(orderId) === run) sent.add(Number(orderId.slice(run.length + 1)));
    }
  } catch (error) {
    if (!(error instanceof StreamNotFoundError)) throw error;
  }
  return sent;
}

const AT_ONCE = 32;

/** Sends those of a run's first `count` orders that were not sent before. */
export async function placeOrders(
  sender: Sender,
  run: string,
  count: number,
  sent: ReadonlySet<number>,
): Promise<void> {
  const left = Array.from({ length: count }, (_, i) => i + 1).filter((n) => !sent.has(n));
  const next = left.values();
  const place = async () => {
    for (const n of next) await sender.send(PlaceOrder, orderOf(run, n));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, place));
}
