import { command, component, event } from "../../src/index.ts";
import type { Names } from "../names.ts";

export const pressOf = (name: Names) =>
  command(`${name("press")}.Press`, { to: name("press") })<{ n: number; kills: boolean }>();

/** Handles slowly, so that others are in flight beside the message that kills the process. */
export function press(name: Names) {
  const Pressed = event(`${name("press")}.Pressed`)<{ n: number }>();
  return component(name("press"), { concurrency: 4, maxDeliveries: 2 }, (c) =>
    c.handle(pressOf(name), async (m, ctx) => {
      await new Promise((resolve) => setTimeout(resolve, m.kills ? 30 : 200));
      if (m.kills) process.kill(process.pid, "SIGKILL");
      await ctx.publish(Pressed, { n: m.n });
    }),
  );
}
