import { setTimeout as sleep } from "node:timers/promises";
import { queuesOf, type RunningSystem, startSystem } from "@sluice/sample-display";
import type { Options } from "./options.ts";
import { orderOf } from "./orders.ts";
import { overview } from "./overview.ts";
import { placeAll, sentBefore, SHOP } from "./placing.ts";
import { furtherInstances, system } from "./system.ts";
import { type Audit, audit, holds } from "./verify.ts";

/** Milliseconds in which no message is handled, after which nothing more is expected: longer than the message timeout. */
const PATIENCE = 45_000;
/** Milliseconds in which what the components have written last must have reached the categories. */
const SETTLING = 10_000;
const MOST_FINDINGS = 10;

/** The process was asked to stop before all orders were completed. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";

  constructor() {
    super("Stopped before all orders were completed. The same command goes on where this one was.");
  }
}

/** Who hears of it. */
export interface Listener {
  say(text: string): void;
  progress(completed: number, orders: number): void;
}

/**
 * Places orders, waits until all are completed, and answers what the streams say of them.
 * @throws Interrupted
 */
export async function complete(
  options: Options & { readonly orders: number },
  stopping: AbortSignal,
  listener: Listener,
): Promise<Audit> {
  let lastHandled = 0;
  await using running = await startSystem(options.server, system, {
    furtherInstances,
    sender: SHOP,
    say: listener.say,
    on: ({ kind }) => {
      if (kind === "handled") lastHandled = performance.now();
    },
  });
  lastHandled = performance.now();
  const stalled = new AbortController();
  const watch = setInterval(() => {
    if (performance.now() - lastHandled > PATIENCE) stalled.abort();
  }, 1000);
  try {
    await placeAndWait(running, options, AbortSignal.any([stopping, stalled.signal]), listener);
  } catch (error) {
    if (stopping.aborted) throw new Interrupted();
    if (!stalled.signal.aborted) throw error;
    listener.say(`Nothing has been handled for ${PATIENCE / 1000} s.`);
  } finally {
    clearInterval(watch);
  }
  const result = await auditSettled(running, options);
  listener.say(`${result.cancelled} of ${options.orders} could not be shipped; all that was done for them was undone.`);
  if (!holds(result)) await explain(running, options, listener.say);
  return result;
}

async function placeAndWait(
  { endpoint, sender: shop, reading }: RunningSystem,
  { market, orders }: { readonly market: string; readonly orders: number },
  signal: AbortSignal,
  listener: Listener,
): Promise<void> {
  const sent = await sentBefore(reading);
  const ids = Array.from({ length: orders }, (_, n) => orderOf(market, n).orderId);
  const missing = [...ids.keys()].filter((n) => !sent.has(ids[n] ?? ""));
  listener.say(`${orders} orders of ${market}, ${orders - missing.length} of them sent before.`);
  let completed = 0;
  const allCompleted = endpoint.view(overview).until(
    (state) => {
      while (completed < orders && state.orders.get(ids[completed] ?? "")?.completed !== undefined) completed += 1;
      listener.progress(completed, orders);
      return completed === orders;
    },
    { signal },
  );
  await Promise.all([placeAll(shop, market, missing, signal), allCompleted]);
}

/** The view may know of the last steps a moment before the categories do. */
async function auditSettled(
  { reading }: RunningSystem,
  { market, orders }: { readonly market: string; readonly orders: number },
): Promise<Audit> {
  for (const end = performance.now() + SETTLING; ;) {
    const result = await audit(reading, market, orders);
    if (holds(result) || performance.now() > end) return result;
    await sleep(250);
  }
}

async function explain(
  { reading, endpoint }: RunningSystem,
  { market, orders }: { readonly market: string; readonly orders: number },
  say: (text: string) => void,
): Promise<void> {
  const findings: string[] = [];
  await audit(reading, market, orders, (text) => findings.push(text));
  for (const text of findings.slice(0, MOST_FINDINGS)) say(text);
  if (findings.length > MOST_FINDINGS) say(`And ${findings.length - MOST_FINDINGS} more like these.`);
  for (const { component, parked } of (await queuesOf(reading, endpoint.components)) ?? []) {
    if (parked === 0) continue;
    say(`${parked} parked: read $persistentsubscription-$ce-in.${component}::${component}-parked for the reasons.`);
  }
}
