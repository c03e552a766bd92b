import type { Reading } from "@sluice/sample-display";
import {
  AccountCredited,
  AccountDebited,
  FeeCharged,
  OrderMatched,
  OrderPlaced,
  OrderShipped,
  type Posting,
  PurchaseBooked,
  PurchaseCompleted,
} from "./messages.ts";
import { orderOf } from "./orders.ts";

/** What the streams say of a number of orders. */
export interface Audit {
  readonly orders: number;
  /** Orders of which every step was taken. */
  readonly completed: number;
  /** Orders of which a step was not taken. */
  readonly lost: number;
  /** Orders of which a step was taken more than once. */
  readonly duplicated: number;
  /** Cents, of these orders only. */
  readonly debits: number;
  readonly credits: number;
}

/**
 * Where each step leaves its trace: in the category of the streams that are its state, or in the outbox of a plain handler. In an
 * outbox the same message may be stored twice, under the same id, by which its receivers drop it; in a state nothing may.
 */
const STEPS = [
  { step: "placed", stream: "$ce-order", type: OrderPlaced.type },
  { step: "matched", stream: "$ce-supply", type: OrderMatched.type },
  { step: "fulfilled", stream: "intermediate.fulfilment", type: OrderShipped.type, isOutbox: true },
  { step: "charged", stream: "$ce-fee", type: FeeCharged.type },
  { step: "booked", stream: "$ce-journal", type: PurchaseBooked.type },
  { step: "completed", stream: "$ce-purchase", type: PurchaseCompleted.type },
] as const;

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
  const lost = new Set<string>();
  const duplicated = new Set<string>();
  for (const { step, stream, type, ...kind } of STEPS) {
    const entries = await read(reading, stream, type);
    const times = timesByOrder("isOutbox" in kind ? distinct(entries) : entries);
    for (const id of ids) {
      const count = times.get(id) ?? 0;
      if (count === 0) lost.add(id);
      if (count > 1) duplicated.add(id);
      if (count !== 1) finding(`Order ${id} was ${step} ${count} times, according to ${stream}.`);
    }
  }
  const ours = new Set<string | undefined>(ids);
  const sum = async (type: string): Promise<number> => {
    const postings = await read(reading, "$ce-journal", type);
    return postings.reduce((sum, { body }) => (ours.has(body.orderId) ? sum + (body.amount ?? 0) : sum), 0);
  };
  return {
    orders,
    completed: orders - lost.size,
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

/** The events of one type in a stream, none where there is no such stream. */
async function read(reading: Reading, stream: string, type: string): Promise<readonly Entry[]> {
  const events = await reading.stream(stream);
  return events
    .filter((event) => event.type === type)
    .map(({ id, data }) => ({ id, type, body: data as Partial<Posting> }));
}
