import { type EventStoreDBClient, StreamNotFoundError } from "@eventstore/db-client";
import {
  BookTrade,
  type Entry,
  FeeCharged,
  GoodsShipped,
  OrderMatched,
  OrderPlaced,
  PlaceOrder,
  ShipGoods,
  TradeBooked,
} from "./messages.ts";

/** What the streams say of a run. */
export interface Verdict {
  readonly orders: number;
  /** Orders of which each step happened exactly once. */
  readonly completed: number;
  /** Orders of which a step did not happen. */
  readonly lost: number;
  /** Orders of which a step happened, was published, or was asked for, more than once. */
  readonly duplicated: number;
  /** Cents. */
  readonly debits: number;
  readonly credits: number;
}

export const holds = ({ orders, completed, lost, duplicated, debits, credits }: Verdict): boolean =>
  completed === orders && lost === 0 && duplicated === 0 && debits === credits && debits > 0;

/** Where each step of an order shows: the category of the aggregate that took it, and the event that says so. */
const STEPS = [
  { category: "order", type: OrderPlaced.type },
  { category: "order", type: OrderMatched.type },
  { category: "shipment", type: GoodsShipped.type },
  { category: "settlement", type: FeeCharged.type },
  { category: "booking", type: TradeBooked.type },
] as const;

/** The commands that lead from step to step, and whose queue they come through. */
const COMMANDS = [
  { queue: "matching", type: PlaceOrder.type },
  { queue: "fulfilment", type: ShipGoods.type },
  { queue: "accounting", type: BookTrade.type },
] as const;

/** An event, or a message in a queue, as it concerns an order. */
interface Fact {
  readonly id: string;
  readonly type: string;
  readonly orderId: string;
  readonly entries: readonly Entry[];
}

/**
 * Checks orders from the streams alone, with a plain client: not from what any component believes.
 *
 * Each step must stand once in the stream of its aggregate and once among the published events. A queue may hold a message
 * twice, since receivers drop what they have seen; but two different messages asking for the same are one too many.
 */
export async function verify(client: EventStoreDBClient, orderIds: readonly string[]): Promise<Verdict> {
  const happened = new Tally(orderIds);
  const published = new Tally(orderIds);
  const asked = new Tally(orderIds);
  let debits = 0;
  let credits = 0;
  for (const category of new Set(STEPS.map((step) => step.category))) {
    for await (const fact of facts(client, `$ce-${category}`)) {
      if (!happened.add(fact.orderId, fact.type) || fact.type !== TradeBooked.type) continue;
      debits += sum(fact.entries, "debit");
      credits += sum(fact.entries, "credit");
    }
  }
  for await (const fact of facts(client, "$ce-out")) published.add(fact.orderId, fact.type);
  const known = new Set<string>();
  for (const { queue } of COMMANDS) {
    for await (const { id, type, orderId } of facts(client, `$ce-in.${queue}`)) {
      if (!known.has(id)) asked.add(orderId, type);
      known.add(id);
    }
  }
  let completed = 0;
  let lost = 0;
  let duplicated = 0;
  for (const orderId of orderIds) {
    const counts = [
      ...STEPS.flatMap(({ type }) => [happened.count(orderId, type), published.count(orderId, type)]),
      ...COMMANDS.map(({ type }) => asked.count(orderId, type)),
    ];
    if (counts.every((count) => count === 1)) completed += 1;
    if (counts.includes(0)) lost += 1;
    if (counts.some((count) => count > 1)) duplicated += 1;
  }
  return { orders: orderIds.length, completed, lost, duplicated, debits, credits };
}

/** Counts, for the orders asked about, how often each thing is there. */
class Tally {
  readonly #counts: Map<string, Map<string, number>>;

  constructor(orderIds: readonly string[]) {
    this.#counts = new Map(orderIds.map((orderId) => [orderId, new Map()]));
  }

  /** False for an order that nobody asked about. */
  add(orderId: string, type: string): boolean {
    const counts = this.#counts.get(orderId);
    counts?.set(type, (counts.get(type) ?? 0) + 1);
    return counts !== undefined;
  }

  count(orderId: string, type: string): number {
    return this.#counts.get(orderId)?.get(type) ?? 0;
  }
}

async function* facts(client: EventStoreDBClient, stream: string): AsyncGenerator<Fact> {
  try {
    for await (const { event } of client.readStream(stream, { resolveLinkTos: true })) {
      const body = event?.data as { readonly orderId?: unknown; readonly entries?: readonly Entry[] } | undefined;
      if (event === undefined || typeof body?.orderId !== "string") continue;
      yield { id: event.id, type: event.type, orderId: body.orderId, entries: body.entries ?? [] };
    }
  } catch (error) {
    if (!(error instanceof StreamNotFoundError)) throw error;
  }
}

const sum = (entries: readonly Entry[], side: Entry["side"]): number =>
  entries.reduce((total, entry) => (entry.side === side ? total + entry.amount : total), 0);
