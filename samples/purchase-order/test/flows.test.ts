import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { checkFlow, messageFlow, startSystem } from "@sluice/sample-display";
import type { Clock } from "@sluice/transport";
import { fateOf } from "../src/carrier.ts";
import { orderOf } from "../src/orders.ts";
import { place, SHOP } from "../src/placing.ts";
import { furtherInstances, system } from "../src/system.ts";
import { audit, holds } from "../src/verify.ts";

const ORDERS = { completed: 0, cancelled: 7, lost: 3, busy: 32 };
type Story = keyof typeof ORDERS;

/** A clock that goes on when it is told to. */
function handClock(): Clock & { advance(milliseconds: number): void } {
  const timers = new Map<() => void, number>();
  let now = Date.now();
  return {
    now: () => now,
    setTimer(milliseconds, callback) {
      const timer = (): void => callback();
      timers.set(timer, now + milliseconds);
      return () => timers.delete(timer);
    },
    advance(milliseconds) {
      now += milliseconds;
      for (const [timer, due] of timers) if (due <= now && timers.delete(timer)) timer();
    },
  };
}

test("flows – what the README shows is what happens, and what the carrier does shows", async () => {
  assert.deepEqual(
    Object.values(ORDERS).map((n) => fateOf(`hamburg.${n}`)),
    ["taken", "no truck", "lost", "busy"],
  );
  const clock = handClock();
  const options = { furtherInstances, sender: SHOP, clock, say: (text: string) => assert.fail(text) };
  await using running = await startSystem({ memory: true, port: 0 }, system, options);
  const { connectionString, sender, reading } = running;
  const never = new AbortController().signal;
  const placed = async (...stories: readonly Story[]): Promise<void> =>
    void (await Promise.all(stories.map((story) => place(sender, orderOf("hamburg", ORDERS[story]), never, story))));
  const ended = async (count: number): Promise<boolean> =>
    (await reading.stream("out-notices.direct")).length === count;
  const flowOf = (story: Story): Promise<string> => messageFlow(connectionString, story);

  // No time passes: however slow the machine is, nothing is overdue.
  await placed("completed", "cancelled");
  // Placed again it is the same message, and nobody hears of it.
  await placed("completed");
  while (!(await ended(2))) await sleep(50);
  const readme = join(import.meta.dirname, "../README.md");
  checkFlow(readme, await flowOf("completed"), "completed");
  checkFlow(readme, await flowOf("cancelled"), "cancelled");

  await placed("lost", "busy");
  for (; !(await ended(4)); await sleep(50)) clock.advance(500);
  assert.match(await flowOf("busy"), /^  Note over fulfillment: ShipOrder is tried again later$/m);
  const lost = await flowOf("lost");
  assert.match(lost, /^  settlement->>fulfillment: TraceShipment$/m);
  assert.match(lost, /^  fulfillment-->>settlement: ShipmentRefused$/m);
  assert.doesNotMatch(lost, /OrderShipped/);

  const { cancelled, duplicated, lost: missing } = await audit(reading, "hamburg", 33);
  assert.deepEqual({ cancelled, duplicated, missing }, { cancelled: 2, duplicated: 0, missing: 33 - 4 });
  assert.equal(holds(await audit(reading, "hamburg", 1)), true);
});
