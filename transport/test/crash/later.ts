import { command, component, event } from "../../src/index.ts";

export const Later = command("later.Do", { to: "patient" })<{ n: number }>();
export const Done = event("later.Done")<{ n: number }>();

/** Handles deferred messages; each fifth fails until it comes from a delayed retry. */
export const patient = component("patient", { immediateRetries: 0, timeIncrease: 300 }, (c) =>
  c.handle(Later, async ({ n }, ctx) => {
    if (n % 5 === 0 && ctx.delayedRetries === 0) throw new Error("not yet");
    await ctx.publish(Done, { n });
  }),
);
