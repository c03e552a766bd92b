import type { Reading } from "@sluice/sample-display";
import {
  CardCharged,
  CardRefunded,
  type Charge,
  ChargePending,
  type Copies,
  CopiesReleased,
  CopiesReserved,
  type Order,
  OrderCanceled,
  OrderCompleted,
  OrderPlaced,
  ParcelShipped,
} from "./messages.ts";
import { STOCK } from "./warehouse.ts";

/** What the streams say of all orders. */
export interface Audit {
  readonly orders: number;
  readonly completed: number;
  readonly canceled: number;
  /** Orders that have not ended, or of which something has still to be taken back. */
  readonly open: number;
  /** Orders that ended as they must not: completed and not paid once, canceled and shipped, and the like. */
  readonly wrong: number;
  /** Cents that customers have paid, less what they got back; and what was shipped is worth. */
  readonly paid: number;
  readonly shipped: number;
  /** Records of which more copies are promised than there were. */
  readonly oversold: number;
}

/** Streams of all components but fulfillment: what it wanted does not count, only what was done. */
const STREAMS = ["$ce-order", "$ce-shelf", "$ce-payment", "intermediate.shipping"];

/** How often something of a type was told of an order. */
type Times = (event: { readonly type: string }) => number;

/** Reads the streams, and asks no component and no view. */
export async function audit(reading: Reading): Promise<Audit> {
  const told = new Map<string, string[]>();
  const worth = new Map<string, number>();
  const taken = new Map<string, number>();
  let paid = 0;
  const take = ({ record, copies }: Copies, sign: 1 | -1): void =>
    void taken.set(record, (taken.get(record) ?? 0) + sign * copies);

  for (const stream of STREAMS) {
    // In an outbox one message may stand twice, under the same id, by which its receivers drop it.
    const events = new Map((await reading.stream(stream)).map((event) => [event.id, event]));
    for (const { type, data } of events.values()) {
      const body = data as unknown as Order & Charge;
      told.set(body.orderId, [...(told.get(body.orderId) ?? []), type]);
      if (type === OrderPlaced.type) worth.set(body.orderId, body.total);
      if (type === CopiesReserved.type) take(body, 1);
      if (type === CopiesReleased.type) take(body, -1);
      if (type === CardCharged.type) paid += body.amount;
      if (type === CardRefunded.type) paid -= body.amount;
    }
  }

  const orders = [...told].map(([orderId, types]) => {
    const times: Times = ({ type }) => types.filter((other) => other === type).length;
    return { times, value: worth.get(orderId) ?? 0 };
  });
  const count = (isSo: (times: Times) => boolean): number => orders.filter(({ times }) => isSo(times)).length;
  return {
    orders: orders.length,
    completed: count((times) => times(OrderCompleted) > 0),
    canceled: count((times) => times(OrderCanceled) > 0),
    open: count(isOpen),
    wrong: count((times) => !isOpen(times) && !isRight(times)),
    paid,
    shipped: orders.reduce((sum, { times, value }) => sum + times(ParcelShipped) * value, 0),
    oversold: [...taken].filter(([record, copies]) => copies > (STOCK[record] ?? 0)).length,
  };
}

const isOpen = (times: Times): boolean =>
  times(OrderCompleted) + times(OrderCanceled) === 0 ||
  times(ChargePending) > times(CardCharged) ||
  (times(OrderCanceled) > 0 && !isTakenBack(times));

const isTakenBack = (times: Times): boolean =>
  times(CopiesReserved) === times(CopiesReleased) && times(CardCharged) === times(CardRefunded);

/** A completed order was reserved, paid and shipped once; of a canceled one nothing is left. */
function isRight(times: Times): boolean {
  if (times(OrderCompleted) + times(OrderCanceled) !== 1) return false;
  if (times(OrderCanceled) === 1) return isTakenBack(times) && times(ParcelShipped) === 0;
  const once = [CopiesReserved, CardCharged, ParcelShipped].every((event) => times(event) === 1);
  return once && times(CopiesReleased) === 0 && times(CardRefunded) === 0;
}

/** Whether so many orders at least, and all there are, have ended as they should. */
export function holds(
  { orders, completed, canceled, open, wrong, paid, shipped, oversold }: Audit,
  wanted: number,
): boolean {
  return orders >= wanted && completed + canceled === orders && open + wrong + oversold === 0 && paid === shipped;
}
