import assert from "node:assert/strict";
import { test } from "node:test";
import { aggregate, command, component, event } from "../../src/index.ts";
import { bench, read, until } from "./harness.ts";

const Add = command("counting.Add", { to: "counting" })<{ n: number }>();
const Added = event("counting.Added")<{ n: number; sum: number }>();

test("aggregate – 49. conflicting updates of one instance: each is decided on the fresh state, none fails", async () => {
  await using b = await bench();
  const counter = aggregate("counter", 0, (a) => {
    a.decide(
      Add,
      () => "one",
      (sum, { n }) => Added({ n, sum: sum + n }),
    );
    a.evolve(Added, (_, { sum }) => sum);
  });
  const count = 40;
  const endpoint = await b.start(component("counting", { concurrency: 10 }, (c) => c.aggregate(counter)));
  await Promise.all(Array.from({ length: count }, (_, n) => b.sender.send(Add, { n })));
  await until("all are settled", () => {
    const { handled, parked } = endpoint.counts("counting");
    return handled + parked === count;
  });
  const sums = (await read(b.client, "counter-one")).map(
    ({ event }) => (event!.data as unknown as { sum: number }).sum,
  );
  assert.equal(sums.length, count);
  assert.equal(sums.at(-1), (count * (count - 1)) / 2);
  assert.equal(endpoint.counts("counting").failures, 0);
});
