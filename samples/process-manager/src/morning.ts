import { setTimeout as sleep } from "node:timers/promises";
import type { RunningSystem } from "@sluice/sample-display";
import { type Audit, audit, holds } from "./audit.ts";
import { diary } from "./diary.ts";
import { PlaceOrder } from "./messages.ts";
import { ORDERS } from "./orders.ts";
import { lineText } from "./show.ts";

/** Milliseconds in which all that was begun must have been ended or taken back. */
const SETTLING = 60_000;

/** What was begun had not ended when the process was asked to stop. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";

  constructor() {
    super("Stopped before all orders had ended. With --data, the same command goes on where this one was.");
  }
}

/**
 * Places all orders, tells what happens, waits until all have ended, and answers what the streams say of them.
 * @param pause milliseconds between two orders; 0 to place all at once.
 * @throws Interrupted
 */
export async function runMorning(
  { endpoint, sender, reading }: RunningSystem,
  {
    pause,
    stopping,
    say,
  }: { readonly pause: number; readonly stopping: AbortSignal; readonly say: (line: string) => void },
): Promise<Audit> {
  let said = 0;
  const ended = endpoint.view(diary).until(
    ({ lines, ended, pending }) => {
      for (const line of lines.slice(said)) say(lineText(line, lines[0]?.at));
      said = lines.length;
      return ORDERS.every(({ orderId }) => ended.has(orderId)) && pending.size === 0;
    },
    { signal: stopping },
  );
  const placed = (async () => {
    for (const order of ORDERS) {
      if (stopping.aborted) return;
      await sender.send(PlaceOrder, order);
      if (pause > 0) await sleep(pause, undefined, { signal: stopping }).catch(() => {});
    }
  })();
  await Promise.all([ended, placed]).catch((error: unknown) => {
    throw stopping.aborted ? new Interrupted() : error;
  });

  // What is told a moment before it is in the categories, and what is taken back a moment later.
  for (const end = performance.now() + SETTLING; ; await sleep(100)) {
    const found = await audit(reading);
    if (holds(found, ORDERS.length) || stopping.aborted || performance.now() > end) return found;
  }
}
