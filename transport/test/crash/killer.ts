import { command, component, event } from "../../src/index.ts";

export const Press = command("press.Press", { to: "press" })<{ n: number; kills: boolean }>();
export const Pressed = event("press.Pressed")<{ n: number }>();

/** Handles slowly, so that others are in flight beside the message that kills the process. */
export const press = component("press", { concurrency: 4, maxDeliveries: 2 }, (c) =>
  c.handle(Press, async (m, ctx) => {
    await new Promise((resolve) => setTimeout(resolve, m.kills ? 30 : 200));
    if (m.kills) process.kill(process.pid, "SIGKILL");
    await ctx.publish(Pressed, { n: m.n });
  }),
);
