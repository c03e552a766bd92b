import assert from "node:assert/strict";
import { test } from "node:test";
import { command, component, event } from "../../src/index.ts";
import { hasOwnServer } from "../server-under-test.ts";
import { type Bench, bench, until } from "./harness.ts";

/** A server that others use too is asked to create projections less often. */
const ROUNDS = hasOwnServer ? 20 : 3;
const INSTANCES = 8;

/** Three components that send to each other and subscribe to each other's events; `handled` is told of what ends in the store. */
function system({ name }: Bench, handled: (n: number) => void) {
  const [shop, store] = [name("shop"), name("store")];
  const Ordered = event(`${shop}.Ordered`)<{ n: number }>();
  const Order = command(`${shop}.Order`, { to: shop })<{ n: number }>();
  const Ship = command(`${store}.Ship`, { to: store })<{ n: number }>();
  const components = [
    component(shop, (c) => {
      c.handle(Order, async (m, ctx) => {
        await ctx.publish(Ordered, m);
        await ctx.send(Ship, m);
      });
    }),
    component(store, (c) => c.handle(Ship, ({ n }) => handled(n))),
    component(name("books"), (c) => c.handle(Ordered, ({ n }) => handled(-n))),
  ];
  return { Order, components };
}

test("deploying – 65. eight instances of three components start at once on a fresh server: all run", async () => {
  for (let round = 1; round <= ROUNDS; round += 1) {
    await using b = await bench();
    const handled: number[] = [];
    const { Order, components } = system(b, (n) => void handled.push(n));
    const started = await Promise.allSettled(Array.from({ length: INSTANCES }, () => b.start(...components)));
    const failed = started.flatMap((start) => (start.status === "rejected" ? [String(start.reason)] : []));
    assert.deepEqual(failed, [], `round ${round}`);
    await b.sender.send(Order, { n: round });
    await until("command and event have arrived", () => handled.includes(round) && handled.includes(-round));
  }
});
