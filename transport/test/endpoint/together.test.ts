import assert from "node:assert/strict";
import { test } from "node:test";
import { startEmbedded } from "@sluice/embedded";
import { command, component, event, startSender, startEndpoint } from "../../src/index.ts";
import { until } from "./harness.ts";

const ROUNDS = 20;
const INSTANCES = 8;

const Ordered = event("shop.Ordered")<{ n: number }>();
const Order = command("shop.Order", { to: "shop" })<{ n: number }>();
const Ship = command("store.Ship", { to: "store" })<{ n: number }>();

/** Three components that send to each other and subscribe to each other's events; `handled` is told of what ends in the store. */
const components = (handled: (n: number) => void) => [
  component("shop", (c) => {
    c.handle(Order, async (m, ctx) => {
      await ctx.publish(Ordered, m);
      await ctx.send(Ship, m);
    });
  }),
  component("store", (c) => c.handle(Ship, ({ n }) => handled(n))),
  component("books", (c) => c.handle(Ordered, ({ n }) => handled(-n))),
];

test("deploying – 65. eight instances of three components start at once on a fresh server: all run", async () => {
  for (let round = 1; round <= ROUNDS; round += 1) {
    const server = await startEmbedded({ memory: true, port: 0 });
    const { connectionString } = server;
    const handled: number[] = [];
    const started = await Promise.allSettled(
      Array.from({ length: INSTANCES }, () =>
        startEndpoint(
          components((n) => void handled.push(n)),
          { connectionString },
        ),
      ),
    );
    try {
      const failed = started.flatMap((start) => (start.status === "rejected" ? [String(start.reason)] : []));
      assert.deepEqual(failed, [], `round ${round}`);
      const sender = await startSender("visitor", { connectionString });
      await sender.send(Order, { n: round });
      await until("command and event have arrived", () => handled.includes(round) && handled.includes(-round));
      await sender.stop();
    } finally {
      await Promise.all(started.map((start) => start.status === "fulfilled" && start.value.stop({ deadline: 1_000 })));
      await server.stop();
    }
  }
});
