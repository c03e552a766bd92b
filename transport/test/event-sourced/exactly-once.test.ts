import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { deploy } from "../../src/index.ts";
import { crew } from "../crash/child.ts";
import { type Bench, bench, read, until } from "../endpoint/harness.ts";
import { counting, countOf } from "./counting.ts";

const INSTANCES = ["a", "b", "c", "d", "e"];

/** What each instance has counted, in the order of its stream. */
async function counted({ client, name }: Bench): Promise<readonly (readonly number[])[]> {
  const streams = await Promise.all(INSTANCES.map((of) => read(client, `${name("counter")}-${of}`)));
  return streams.map((events) => events.map(({ event }) => (event!.data as { n: number }).n));
}

const each = (count: number) => Array.from({ length: count }, (_, n) => n);

test("aggregate – 66. the same id sent twice, to two instances of its component: it counts once", async () => {
  await using b = await bench();
  const Count = countOf(b.name);
  const endpoints = [await b.start(counting(b.name)), await b.start(counting(b.name))];
  const sent = INSTANCES.flatMap((of) => each(8).map((n) => ({ of, n, id: randomUUID() })));
  const twice = [...sent, ...sent.toReversed()];
  await Promise.all(twice.map(({ of, n, id }) => b.sender.send(Count, { of, n }, { id })));
  await until("each is handled", async () => (await counted(b)).every((numbers) => numbers.length >= 8));
  const last = randomUUID();
  await b.sender.send(Count, { of: "a", n: 8 }, { id: last });
  await until("all before is settled", () => {
    const settled = endpoints.map((endpoint) => endpoint.counts(b.name("counting")));
    return settled.reduce((sum, { handled, duplicates }) => sum + handled + duplicates, 0) >= 1 + sent.length;
  });
  for (const numbers of await counted(b)) {
    assert.deepEqual(
      numbers.filter((n) => n < 8).toSorted((x, y) => x - y),
      each(8),
    );
  }
});

test("aggregate – 67. an instance frozen longer than the message timeout counts nothing twice when it goes on", async () => {
  await using b = await bench();
  const { connectionString } = b;
  const Count = countOf(b.name);
  await deploy([counting(b.name)], { connectionString });
  await using instances = crew("../event-sourced/counting-process.ts", connectionString, b.run);
  const frozen = await instances.start();
  await until("it receives", () => frozen.lines.includes("connected"));
  // More than it handles before the signal arrives.
  const count = 100;
  for (const n of each(count)) for (const of of INSTANCES) void b.sender.send(Count, { of, n });
  await until("it handles", () => frozen.lines.filter((line) => line === "handled").length >= 5);
  frozen.signal("SIGSTOP");
  await b.start(counting(b.name));
  await until("another instance has handled all", async () =>
    (await counted(b)).every((numbers) => new Set(numbers).size === count),
  );
  const before = frozen.lines.length;
  frozen.signal("SIGCONT");
  let next = count;
  // The other one gets some of them, too.
  await until("the frozen one goes on", async () => {
    await b.sender.send(Count, { of: "a", n: next });
    next += 1;
    return frozen.lines.length > before;
  });
  await until("what came afterwards is counted", async () => (await counted(b))[0]!.includes(count));
  for (const numbers of await counted(b)) {
    assert.deepEqual(
      numbers.filter((n) => n < count).toSorted((x, y) => x - y),
      each(count),
    );
  }
});
