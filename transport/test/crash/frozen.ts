import { command, component, event } from "../../src/index.ts";
import type { Names } from "../names.ts";

export const copyOf = (name: Names) => command(`${name("copy")}.Copy`, { to: name("copy") })<{ n: number }>();

/** Handles while `handling` goes on, so that it can be frozen meanwhile. */
export function slow(name: Names, handling: () => Promise<void>) {
  const Copied = event(`${name("copy")}.Copied`)<{ n: number }>();
  return component(name("copy"), { concurrency: 4, messageTimeout: 4_000 }, (c) =>
    c.handle(copyOf(name), async (m, ctx) => {
      await ctx.publish(Copied, m);
      await handling();
    }),
  );
}
