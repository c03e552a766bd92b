import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonEvent } from "@eventstore/db-client";
import { command, component, deploy, type Endpoint, event } from "../../src/index.ts";
import { type Bench, bench, read, until } from "../endpoint/harness.ts";

/** The messages of one test. */
const messagesOf = ({ name }: Bench) => ({
  Do: command(`${name("work")}.Do`, { to: name("work") })<{ n: number }>(),
  Done: event(`${name("work")}.Done`)<{ n: number }>(),
});

for (const [mode, sends] of [
  ["D", "direct"],
  ["T", "transactional"],
] as const) {
  test(`dedupe – 66. the same id sent twice, at any distance, to two instances: handled once (${mode})`, async () => {
    await using b = await bench();
    const { Do, Done } = messagesOf(b);
    const runs: number[] = [];
    const work = () =>
      component(b.name("work"), { sends }, (c) =>
        c.handle(Do, async (m, ctx) => {
          runs.push(m.n);
          await new Promise((resolve) => setTimeout(resolve, m.n % 5));
          if (m.n % 2) await ctx.publish(Done, m);
        }),
      );
    const instances: Endpoint[] = [await b.start(work()), await b.start(work())];
    const copies = (n: number) => {
      const id = crypto.randomUUID();
      return ["one", "another"].map((sender) => ({
        stream: `in.${b.name("work")}-${sender}`,
        event: jsonEvent({ id, type: `${b.name("work")}.Do`, data: { n } }),
      }));
    };
    // Side by side, eight messages apart, and after all others.
    const all = Array.from({ length: 63 }, (_, n) => copies(n));
    const order = all.flatMap(([first, second], n) => [
      { at: n, copy: first! },
      { at: [n, n + 8, 1_000][n % 3]! + 0.5, copy: second! },
    ]);
    for (const { copy } of order.toSorted((x, y) => x.at - y.at)) {
      await b.client.appendToStream(copy.stream, copy.event);
    }
    await until("all copies are settled", async () => {
      const { stats } = await b.client.getPersistentSubscriptionToStreamInfo(
        `$ce-in.${b.name("work")}`,
        b.name("work"),
      );
      const isAllOut = Number(stats.lastKnownEventRevision) === 2 * all.length - 1;
      return isAllOut && stats.totalInFlightMessages === 0 && new Set(runs).size === all.length;
    });
    assert.equal(runs.length, all.length, "no message is handled twice");
    for (const { counts } of instances)
      assert.ok(counts(b.name("work")).handled + counts(b.name("work")).duplicates > 0, "took part");
  });
}

test("dedupe – 66. what another instance has handled before this one was started is known to it", async () => {
  await using b = await bench();
  const { Do } = messagesOf(b);
  const runs: number[] = [];
  const work = () => component(b.name("work"), (c) => c.handle(Do, (m) => void runs.push(m.n)));
  const first = await b.start(work());
  const id = await b.sender.send(Do, { n: 1 });
  await until("it is handled", () => runs.length === 1);
  await first.stop();
  const second = await b.start(work());
  await b.client.appendToStream(
    `in.${b.name("work")}-another`,
    jsonEvent({ id, type: `${b.name("work")}.Do`, data: { n: 1 } }),
  );
  await until("the copy is dropped", () => second.counts(b.name("work")).duplicates === 1);
  assert.deepEqual(runs, [1]);
});

test("receiving – 70. a lowered limit hoards nothing: an idle second instance gets the messages", async () => {
  await using b = await bench();
  const { Do } = messagesOf(b);
  const [others, one] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const done: number[] = [];
  let begun = 0;
  const first = await b.start(
    component(b.name("work"), { concurrency: 10, maxDeliveries: 1 }, (c) =>
      c.handle(Do, async (m) => {
        begun += 1;
        await (m.n === 0 ? one : others).promise;
        done.push(m.n);
      }),
    ),
  );
  for (let n = 0; n < 40; n += 1) await b.sender.send(Do, { n });
  await until("ten are in hand", () => begun === 10);
  first.setConcurrency(b.name("work"), 1);
  // One is still in hand, so no other may be begun by this instance.
  others.resolve();
  await until("the nine others are done", () => done.length === 9);
  const second = await b.start(
    component(b.name("work"), { concurrency: 10, maxDeliveries: 1 }, (c) => c.handle(Do, (m) => void done.push(m.n))),
  );
  await until("all others are handled by the idle one", () => done.length === 39);
  one.resolve();
  await until("and the last by the first", () => done.length === 40);
  assert.equal(new Set(done).size, 40);
  assert.equal(first.counts(b.name("work")).parked + second.counts(b.name("work")).parked, 0);
});

test("receiving – 70. messages that wait behind slow handlers are left to an idle instance, although no limit was lowered", async () => {
  await using b = await bench();
  const { Do } = messagesOf(b);
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  let busy = 0;
  await b.start(
    component(b.name("work"), { concurrency: 2 }, (c) => c.handle(Do, async () => ((busy += 1), released))),
  );
  for (let n = 0; n < 6; n += 1) await b.sender.send(Do, { n });
  await until("two are in hand", () => busy === 2);
  const idle: number[] = [];
  await b.start(component(b.name("work"), { concurrency: 2 }, (c) => c.handle(Do, (m) => void idle.push(m.n))));
  await until("the others are handled by the idle one", () => idle.length === 4);
  release();
});

test("dedupe – 66. what one instance has handled is not handled by the other when the group hands it out anew, however shortly before", async () => {
  await using b = await bench();
  const { Do } = messagesOf(b);
  const runs: number[] = [];
  const work = (messageTimeout: number) =>
    component(b.name("work"), { messageTimeout }, (c) => c.handle(Do, ({ n }) => void runs.push(n)));
  const [first, second] = [await b.start(work(30_000)), await b.start(work(30_000))];
  let sent = 0;
  // Changed settings end all connections of a group, and it goes on from its checkpoint.
  for (let change = 1; change <= 8; change += 1) {
    await Promise.all(Array.from({ length: 40 }, () => b.sender.send(Do, { n: sent++ })));
    await deploy([work(30_000 + change)], { connectionString: b.connectionString });
  }
  await until("all are settled", async () => {
    const { stats } = await b.client.getPersistentSubscriptionToStreamInfo(`$ce-in.${b.name("work")}`, b.name("work"));
    const isAllOut = Number(stats.lastKnownEventRevision) === sent - 1;
    return isAllOut && stats.totalInFlightMessages === 0 && new Set(runs).size === sent;
  });
  assert.deepEqual(
    runs.toSorted((x, y) => x - y),
    Array.from({ length: sent }, (_, n) => n),
  );
  for (const { counts } of [first, second]) assert.ok(counts(b.name("work")).handled > 0, "took part");
});

test("dedupe – what one instance has failed with is tried again by the other in its time, though nothing else is handled", async () => {
  await using b = await bench();
  const { Do } = messagesOf(b);
  const runs: string[] = [];
  const options = { messageTimeout: 3_600_000, immediateRetries: 0, delayedRetries: 20, timeIncrease: 10 };
  // Whoever fails has failed for good: the other one succeeds.
  const work = (instance: string) =>
    component(b.name("work"), options, (c) =>
      c.handle(Do, () => {
        runs.push(instance);
        if (new Set(runs).size === 1) throw new Error("The other one can do it.");
      }),
    );
  const instances = [await b.start(work("one")), await b.start(work("another"))];
  await b.sender.send(Do, { n: 1 });
  await until("it is handled", () => instances.some(({ counts }) => counts(b.name("work")).handled === 1));
});

test("dedupe – what an instance had in hand when it was killed, and another one has failed with, is tried again in its time", async () => {
  await using b = await bench();
  const { Do } = messagesOf(b);
  let runs = 0;
  const options = { messageTimeout: 3_600_000, immediateRetries: 0, delayedRetries: 2, timeIncrease: 10 };
  const work = component(b.name("work"), options, (c) =>
    c.handle(Do, () => {
      runs += 1;
      if (runs < 3) throw new Error("Not yet.");
    }),
  );
  await deploy([work], { connectionString: b.connectionString });
  const id = await b.sender.send(Do, { n: 1 });
  const [queued] = await until("it is in the queue", async () => {
    const links = await read(b.client, `$ce-in.${b.name("work")}`);
    return links.length > 0 && links;
  });
  // What a killed instance leaves.
  const note = { instance: "killed", begun: [[id, queued!.link!.id]] };
  await b.client.appendToStream(`handled.${b.name("work")}`, jsonEvent({ type: "sluice.Handled", data: note }));
  const other = await b.start(work);
  await until("it is handled", () => other.counts(b.name("work")).handled === 1);
});

test("dedupe – of three instances with copies of one message two wait until the third has handled it, and give nothing back meanwhile", async () => {
  await using b = await bench();
  const { Do } = messagesOf(b);
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const runs: number[] = [];
  const work = () =>
    component(b.name("work"), (c) =>
      c.handle(Do, async ({ n }) => {
        runs.push(n);
        if (n === 0) await released;
      }),
    );
  for (let instance = 0; instance < 3; instance += 1) await b.start(work());
  const id = crypto.randomUUID();
  for (const sender of ["one", "two", "three"]) {
    await b.client.appendToStream(
      `in.${b.name("work")}-${sender}`,
      jsonEvent({ id, type: `${b.name("work")}.Do`, data: { n: 0 } }),
    );
  }
  // The instances have things to tell each other meanwhile.
  for (let n = 1; n <= 10; n += 1) {
    const sent = await b.sender.send(Do, { n });
    await until("it is told that it is handled", async () =>
      (await read(b.client, `handled.${b.name("work")}`)).some(({ event }) =>
        (event?.data as { handled?: string[] } | undefined)?.handled?.includes(sent),
      ),
    );
  }
  release();
  const stats = await until("all are settled", async () => {
    const info = await b.client.getPersistentSubscriptionToStreamInfo(`$ce-in.${b.name("work")}`, b.name("work"));
    return Number(info.stats.lastKnownEventRevision) === 12 && info.stats.totalInFlightMessages === 0 && info.stats;
  });
  assert.equal(runs.filter((n) => n === 0).length, 1);
  assert.equal(Number(stats.totalItems), 13, "each was handed out once");
});

test("dedupe – 66. a message that one instance is long about is not handled by the other, however many others that one handles meanwhile", async () => {
  await using b = await bench();
  const { Do } = messagesOf(b);
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const runs: number[] = [];
  const work = () =>
    component(b.name("work"), { concurrency: 1 }, (c) =>
      c.handle(Do, async ({ n }) => {
        runs.push(n);
        if (n === 0) await released;
      }),
    );
  const instances = [await b.start(work()), await b.start(work())];
  const id = await b.sender.send(Do, { n: 0 });
  await until("one of them is about it", () => runs.length === 1);
  const OTHERS = 1_200;
  await Promise.all(Array.from({ length: OTHERS }, (_, n) => b.sender.send(Do, { n: n + 1 })));
  await until("the other has handled all others", () => runs.length === OTHERS + 1);
  await b.client.appendToStream(
    `in.${b.name("work")}-another`,
    jsonEvent({ id, type: `${b.name("work")}.Do`, data: { n: 0 } }),
  );
  const isBegunTwice = async (): Promise<boolean> => {
    const notes = await read(b.client, `handled.${b.name("work")}`);
    const begun = notes.flatMap(
      ({ event }) => (event?.data as { begun?: [string, string][] } | undefined)?.begun ?? [],
    );
    return begun.filter(([message]) => message === id).length === 2;
  };
  await until("the copy has reached one of them", async () => runs.length > OTHERS + 1 || (await isBegunTwice()));
  release();
  await until("both are settled", () => {
    const counts = instances.map((instance) => instance.counts(b.name("work")));
    return counts.reduce((sum, { handled, duplicates }) => sum + handled + duplicates, 0) === OTHERS + 2;
  });
  assert.equal(runs.length, OTHERS + 1);
});

test("dedupe – a copy that waits for what an instance had in hand when it was killed is handled when the server hands that out anew", async () => {
  await using b = await bench();
  const { Do } = messagesOf(b);
  const name = b.name("work");
  const runs: number[] = [];
  const work = component(name, { messageTimeout: 3_600_000 }, (c) => c.handle(Do, ({ n }) => void runs.push(n)));
  await deploy([work], { connectionString: b.connectionString });
  // What an instance does that takes a message and is killed.
  const killed = b.client.subscribeToPersistentSubscriptionToStream(`$ce-in.${name}`, name, { bufferSize: 1 });
  const inHand = new Promise<string>((resolve) => killed.once("data", ({ link }) => resolve(link!.id)));
  const id = await b.sender.send(Do, { n: 1 });
  const note = { instance: "killed", begun: [[id, await inHand]] };
  await b.client.appendToStream(`handled.${name}`, jsonEvent({ type: "sluice.Handled", data: note }));
  const other = await b.start(work);
  await b.client.appendToStream(`in.${name}-another`, jsonEvent({ id, type: `${name}.Do`, data: { n: 1 } }));
  await until("the copy waits", async () => {
    const notes = await read(b.client, `handled.${name}`);
    return notes.some(({ event }) => (event?.data as { released?: string[] } | undefined)?.released?.includes(id));
  });
  await killed.unsubscribe();
  await until("both are settled", () => {
    const { handled, duplicates } = other.counts(name);
    return handled === 1 && duplicates <= 1 && runs.length === 1;
  });
  await until("nothing is left in the queue", async () => {
    const { stats } = await b.client.getPersistentSubscriptionToStreamInfo(`$ce-in.${name}`, name);
    return Number(stats.lastKnownEventRevision) === 1 && stats.totalInFlightMessages === 0;
  });
  assert.deepEqual(runs, [1]);
});
