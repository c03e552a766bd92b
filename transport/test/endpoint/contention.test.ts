import assert from "node:assert/strict";
import { test } from "node:test";
import { aggregate, command, component, event } from "../../src/index.ts";
import { type Bench, bench, read, until } from "./harness.ts";

/** The messages of one test. */
const messagesOf = ({ name }: Bench) => ({
  Add: command(`${name("counting")}.Add`, { to: name("counting") })<{ n: number }>(),
  Added: event(`${name("counting")}.Added`)<{ n: number; sum: number }>(),
});

test("aggregate – 49. conflicting updates of one instance: each is decided on the fresh state, none fails", async () => {
  await using b = await bench();
  const { Add, Added } = messagesOf(b);
  const counter = aggregate(b.name("counter"), 0, (a) => {
    a.decide(
      Add,
      () => "one",
      (sum, { n }) => Added({ n, sum: sum + n }),
    );
    a.evolve(Added, (_, { sum }) => sum);
  });
  const count = 40;
  const endpoint = await b.start(component(b.name("counting"), { concurrency: 10 }, (c) => c.aggregate(counter)));
  await Promise.all(Array.from({ length: count }, (_, n) => b.sender.send(Add, { n })));
  await until("all are settled", () => {
    const { handled, parked } = endpoint.counts(b.name("counting"));
    return handled + parked === count;
  });
  const sums = (await read(b.client, `${b.name("counter")}-one`)).map(
    ({ event }) => (event!.data as unknown as { sum: number }).sum,
  );
  assert.equal(sums.length, count);
  assert.equal(sums.at(-1), (count * (count - 1)) / 2);
  assert.equal(endpoint.counts(b.name("counting")).failures, 0);
});
