import { setTimeout as sleep } from "node:timers/promises";
import { Reading } from "@sluice/sample-display";
import { OrderPriced } from "@sluice/sample-isolation/messages";
import type { Outside } from "./outside.ts";
import type { Machine } from "./machine.ts";

export interface Tally {
  readonly cuts: number;
  readonly orders: number;
  /** Orders without a price. */
  readonly lost: number;
  /** Orders that were priced twice: stored twice, or handed to the receiver twice. */
  readonly doubled: number;
}

/** Orders that are sent before anybody looks whether it is time for a cut. */
const BATCH = 5;
const BETWEEN_BATCHES = 200;
/** A cut comes at the latest this many prices and milliseconds after the first price. */
const MOST_PRICES = 40;
const MOST_MILLISECONDS = 500;

/**
 * Sends orders all the time, and cuts the power of the machine that prices them at moments that nobody has chosen; then switches it on
 * for a last time, and counts.
 * @param running the machine that is on at the beginning.
 * @param switchOn another one, with the same image.
 * @param random 0 or more, and less than 1.
 */
export async function cutPowerAtRandom(
  outside: Outside,
  running: Machine,
  switchOn: () => Machine,
  {
    cuts,
    first,
    random,
    say,
  }: {
    readonly cuts: number;
    /** Number of the first order. */
    readonly first: number;
    readonly random: () => number;
    readonly say: (text: string) => void;
  },
): Promise<Tally> {
  let orders = 0;
  const done = new AbortController();
  const traffic = (async () => {
    for (; !done.signal.aborted; orders += BATCH) {
      await outside.order(first + orders, BATCH);
      await sleep(BETWEEN_BATCHES);
    }
  })();
  const total = (): number => outside.prices.size;
  const pricedBefore = total();
  let machine = running;
  for (let cut = 1; cut <= cuts; cut++) {
    const priced = total();
    await Promise.race([outside.until(() => total() > priced + random() * MOST_PRICES), failedBy(machine)]);
    await sleep(random() * MOST_MILLISECONDS);
    await machine.cutPower();
    say(`Power cut ${cut} of ${cuts}: ${total() - pricedBefore} orders have been priced so far.`);
    machine = switchOn();
  }
  await using _ = machine;
  await Promise.race([outside.until(() => total() > pricedBefore), failedBy(machine)]);
  done.abort();
  await traffic;
  const all = Array.from({ length: orders }, (_, n) => `order.${first + n}`);
  await Promise.race([outside.until(() => all.every((id) => outside.prices.has(id))), failedBy(machine)]);
  const stored = await storedPrices(outside.connectionString);
  const times = all.map((id) => Math.max(outside.prices.get(id) ?? 0, stored.get(id) ?? 0));
  return {
    cuts,
    orders,
    lost: times.filter((each) => each === 0).length,
    doubled: times.filter((each) => each > 1).length,
  };
}

async function failedBy(machine: Machine): Promise<never> {
  await machine.off;
  throw new Error("The machine switched itself off. Start with --console to see why.");
}

/** How often each order's price stands in the stream of what the component has sent. */
async function storedPrices(connectionString: string): Promise<ReadonlyMap<string, number>> {
  await using reading = new Reading(connectionString);
  const events = await reading.stream("intermediate.pricing");
  const ids = events.flatMap(({ type, data }) => (type === OrderPriced.type ? String(Object(data)["orderId"]) : []));
  return new Map(
    Array.from(
      Map.groupBy(ids, (id) => id),
      ([id, times]) => [id, times.length],
    ),
  );
}
