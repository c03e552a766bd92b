import { command, component, event } from "../../src/index.ts";

export const Copy = command("copy.Copy", { to: "copy" })<{ n: number }>();
export const Copied = event("copy.Copied")<{ n: number }>();

/** Handles for half a second, so that it can be frozen meanwhile. */
export const slow = (begun: () => void) =>
  component("copy", { concurrency: 4, messageTimeout: 2_000 }, (c) =>
    c.handle(Copy, async (m, ctx) => {
      begun();
      await ctx.publish(Copied, m);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }),
  );
