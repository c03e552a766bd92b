import { command, component, event } from "../../src/index.ts";
import type { Names } from "../names.ts";

export const laterOf = (name: Names) => command(`${name("patient")}.Do`, { to: name("patient") })<{ n: number }>();

/** Handles deferred messages, and tells when by this machine's clock; each fifth fails until it comes from a delayed retry. */
export function patient(name: Names) {
  const Done = event(`${name("patient")}.Done`)<{ n: number; at: number }>();
  return component(name("patient"), { immediateRetries: 0, timeIncrease: 300 }, (c) =>
    c.handle(laterOf(name), async ({ n }, ctx) => {
      if (n % 5 === 0 && ctx.delayedRetries === 0) throw new Error("not yet");
      await ctx.publish(Done, { n, at: Date.now() });
    }),
  );
}
