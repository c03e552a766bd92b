import type { Reading } from "@sluice/sample-display";
import {
  AccountCredited,
  AccountDebited,
  FeeCharged,
  FeeRefunded,
  OrderMatched,
  OrderPlaced,
  OrderShipped,
  type Posting,
  PurchaseBooked,
  PurchaseCancelled,
  PurchaseCompleted,
  PurchaseReversed,
  ShipmentRefused,
  TradeReleased,
} from "./messages.ts";
import { orderOf } from "./orders.ts";

/** What the streams say of a number of orders. */
export interface Audit {
  readonly orders: number;
  /** Orders that came to their end, with every step on the way: shipped, or with all undone that was done for them. */
  readonly completed: number;
  /** Of these, those that could not be shipped. */
  readonly cancelled: number;
  /** Orders of which a step was not taken. */
  readonly lost: number;
  /** Orders of which a step was taken more than once, or one that was not due. */
  readonly duplicated: number;
  /** Cents, of these orders only. */
  readonly debits: number;
  readonly credits: number;
}

/** A step, and where it leaves its trace: in the category of the streams that are its state, or in the outbox of a plain handler. */
interface Step {
  readonly step: string;
  readonly stream: string;
  /** It leaves one of these. */
  readonly types: readonly string[];
  /** In an outbox the same message may be stored twice, under the same id, by which its receivers drop it; in a state nothing may. */
  readonly isOutbox?: boolean;
  /** It is due for what could not be shipped, and for nothing else. */
  readonly undoes?: boolean;
}

const STEPS: readonly Step[] = [
  { step: "placed", stream: "$ce-order", types: [OrderPlaced.type] },
  { step: "matched", stream: "$ce-supply", types: [OrderMatched.type] },
  { step: "charged", stream: "$ce-fee", types: [FeeCharged.type] },
  { step: "booked", stream: "$ce-journal", types: [PurchaseBooked.type] },
  {
    step: "fulfilled",
    stream: "intermediate.fulfillment",
    types: [OrderShipped.type, ShipmentRefused.type],
    isOutbox: true,
  },
  { step: "completed", stream: "$ce-purchase", types: [PurchaseCompleted.type, PurchaseCancelled.type] },
  { step: "cancelled", stream: "$ce-purchase", types: [PurchaseCancelled.type], undoes: true },
  { step: "reversed", stream: "$ce-journal", types: [PurchaseReversed.type], undoes: true },
  { step: "refunded", stream: "$ce-fee", types: [FeeRefunded.type], undoes: true },
  { step: "released", stream: "$ce-supply", types: [TradeReleased.type], undoes: true },
];

/** What is kept of an event. */
interface Entry {
  readonly id: string;
  readonly type: string;
  readonly body: Partial<Posting>;
}

/**
 * Reads the streams, and says what became of the first orders of a market: how often each step was taken
 * for each order, and what was booked. It asks no component and no view.
 * @param finding told of each step that was not taken exactly once.
 */
export async function audit(
  reading: Reading,
  market: string,
  orders: number,
  finding: (text: string) => void = () => {},
): Promise<Audit> {
  const ids = Array.from({ length: orders }, (_, n) => orderOf(market, n).orderId);
  const refused = timesByOrder(await read(reading, "intermediate.fulfillment", [ShipmentRefused.type]));
  const lost = new Set<string>();
  const duplicated = new Set<string>();
  for (const { step, stream, types, isOutbox = false, undoes = false } of STEPS) {
    const entries = await read(reading, stream, types);
    const times = timesByOrder(isOutbox ? distinct(entries) : entries);
    for (const id of ids) {
      const count = times.get(id) ?? 0;
      const due = undoes && !refused.has(id) ? 0 : 1;
      if (count < due) lost.add(id);
      if (count > due) duplicated.add(id);
      if (count !== due) finding(`Order ${id} was ${step} ${count} times, according to ${stream}, and not ${due}.`);
    }
  }
  const ours = new Set<string | undefined>(ids);
  const sum = async (type: string): Promise<number> => {
    const postings = await read(reading, "$ce-journal", [type]);
    return postings.reduce((sum, { body }) => (ours.has(body.orderId) ? sum + (body.amount ?? 0) : sum), 0);
  };
  return {
    orders,
    completed: orders - lost.size,
    cancelled: ids.filter((id) => refused.has(id) && !lost.has(id)).length,
    lost: lost.size,
    duplicated: duplicated.size,
    debits: await sum(AccountDebited.type),
    credits: await sum(AccountCredited.type),
  };
}

/** Whether all orders were completed exactly once, and the books balance. */
export function holds({ orders, completed, lost, duplicated, debits, credits }: Audit): boolean {
  return completed === orders && lost === 0 && duplicated === 0 && debits === credits;
}

function timesByOrder(entries: readonly Entry[]): ReadonlyMap<string | undefined, number> {
  const times = new Map<string | undefined, number>();
  for (const { body } of entries) times.set(body.orderId, (times.get(body.orderId) ?? 0) + 1);
  return times;
}

function distinct(entries: readonly Entry[]): readonly Entry[] {
  return [...new Map(entries.map((entry) => [entry.id, entry])).values()];
}

/** The events of some types in a stream, none where there is no such stream. */
async function read(reading: Reading, stream: string, types: readonly string[]): Promise<readonly Entry[]> {
  const events = await reading.stream(stream);
  return events
    .filter(({ type }) => types.includes(type))
    .map(({ id, type, data }) => ({ id, type, body: data as Partial<Posting> }));
}
