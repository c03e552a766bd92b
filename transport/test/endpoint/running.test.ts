import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonEvent } from "@eventstore/db-client";
import { command, component, event, type EndpointEvent, startEndpoint } from "../../src/index.ts";
import { type Bench, bench, read, until } from "./harness.ts";

/** The messages of one test. */
const messagesOf = ({ name }: Bench) => ({
  Do: command(`${name("work")}.Do`, { to: name("work") })<{ n: number }>(),
  Done: event(`${name("work")}.Done`)<{ n: number }>(),
});

/** Handlers that wait until they are let go. */
function gate() {
  const waiting: (() => void)[] = [];
  return {
    waiting,
    enter: () => new Promise<void>((resolve) => waiting.push(resolve)),
    open: () => {
      for (const go of waiting.splice(0)) go();
    },
  };
}

test("receiving – 3.–6. the concurrency limit holds, and changes take effect while running; the last value wins", async () => {
  await using b = await bench();
  const { Do } = messagesOf(b);
  const door = gate();
  let running = 0;
  let most = 0;
  const done: number[] = [];
  const endpoint = await b.start(
    component(b.name("work"), { concurrency: 2 }, (c) =>
      c.handle(Do, async (m) => {
        running += 1;
        most = Math.max(most, running);
        await door.enter();
        running -= 1;
        done.push(m.n);
      }),
    ),
  );
  for (let n = 0; n < 30; n += 1) await b.sender.send(Do, { n });
  await until("2 run", () => running === 2);
  endpoint.setConcurrency(b.name("work"), 12);
  await until("12 run", () => running === 12);
  assert.equal(most, 12);
  endpoint.setConcurrency(b.name("work"), 20);
  endpoint.setConcurrency(b.name("work"), 3);
  // Those that the limit of 20 let in meanwhile go through, too; then it is 3.
  await until("3 run", () => {
    if (running > 3) door.open();
    return running === 3;
  });
  most = 0;
  while (done.length < 30) {
    door.open();
    await until("others run, or all are done", () => running > 0 || done.length === 30);
  }
  assert.ok(most <= 3);
  assert.deepEqual(
    done.toSorted((x, y) => x - y),
    Array.from({ length: 30 }, (_, n) => n),
  );
  for (const limit of [0, -1, 1.5, Number.NaN])
    assert.throws(() => endpoint.setConcurrency(b.name("work"), limit), RangeError);
});

test("receiving – 7. stop waits for handlers in flight, and their signal is not aborted; 9. what was sent meanwhile is received after a start", async () => {
  await using b = await bench();
  const { Do, Done } = messagesOf(b);
  const door = gate();
  const signals: AbortSignal[] = [];
  const done: number[] = [];
  const work = component(b.name("work"), { concurrency: 1 }, (c) =>
    c.handle(Do, async (m, ctx) => {
      signals.push(ctx.signal);
      await door.enter();
      await ctx.publish(Done, m);
      done.push(m.n);
    }),
  );
  const first = await b.start(work);
  await b.sender.send(Do, { n: 1 });
  await until("it is in flight", () => door.waiting.length === 1);
  let stopped = false;
  const stopping = first.stop().then(() => (stopped = true));
  await b.sender.send(Do, { n: 2 });
  assert.equal(stopped, false);
  door.open();
  await stopping;
  assert.equal(signals[0]!.aborted, false);
  assert.deepEqual(done, [1]);
  assert.equal(door.waiting.length, 0, "no other is begun");

  const again = await b.start(work);
  await until("the second is in flight", () => door.waiting.length === 1);
  door.open();
  await until("it is done", () => done.length === 2);
  assert.deepEqual(done, [1, 2], "the first was settled and does not come again");
  await until("its event is stored", async () => (await read(b.client, `intermediate.${b.name("work")}`)).length === 2);
  await again.stop();
});

test("receiving – 8. stop with an expired deadline aborts the signal; nothing of it leaves, and the message comes again later", async () => {
  await using b = await bench();
  const { Do, Done } = messagesOf(b);
  let attempts = 0;
  const aborted = Promise.withResolvers<void>();
  const done: number[] = [];
  const work = component(b.name("work"), (c) =>
    c.handle(Do, async (m, ctx) => {
      attempts += 1;
      await ctx.publish(Done, m);
      if (attempts > 1) return void done.push(m.n);
      ctx.signal.addEventListener("abort", () => aborted.resolve(), { once: true });
      await aborted.promise;
    }),
  );
  const first = await b.start(work);
  await b.sender.send(Do, { n: 1 });
  await until("it is in flight", () => attempts === 1);
  await first.stop({ deadline: 50 });
  await aborted.promise;
  assert.deepEqual(await read(b.client, `intermediate.${b.name("work")}`), []);
  await b.start(work);
  await until("it has come again", () => done.length === 1);
});

test("stop – a caller's signal ends the waiting at once", async () => {
  await using b = await bench();
  const { Do } = messagesOf(b);
  let began = false;
  const endpoint = await b.start(
    component(b.name("work"), (c) =>
      c.handle(Do, async (_, { signal }) => {
        began = true;
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      }),
    ),
  );
  await b.sender.send(Do, { n: 1 });
  await until("it is in flight", () => began);
  const deadline = new AbortController();
  const stopping = endpoint.stop({ deadline: 60_000, signal: deadline.signal });
  deadline.abort();
  await stopping;
  assert.equal(endpoint.stop(), endpoint.stop(), "stopping twice is stopping once");
});

test("receiving – 20. the subscription dropped by an update of the group: goes on by itself", async () => {
  await using b = await bench();
  const { Do, Done } = messagesOf(b);
  const done: number[] = [];
  const work = (messageTimeout: number) =>
    component(b.name("work"), { messageTimeout }, (c) =>
      c.handle(Do, async (m, ctx) => {
        await ctx.publish(Done, m);
        done.push(m.n);
      }),
    );
  const endpoint = await b.start(work(30_000));
  await b.sender.send(Do, { n: 1 });
  await until("the first is done", () => done.length === 1);
  // A second instance with a longer time limit updates the group, which drops the first and forgets what was acknowledged since the
  // last checkpoint: the first message may come again, and is known by what it sent.
  await b.start(work(40_000));
  await until("the first was dropped", () => b.seen.some(({ kind }) => kind === "dropped"));
  await until("and is back", () => b.seen.filter(({ kind }) => kind === "connected").length >= 3);
  for (let n = 2; n <= 40; n += 1) await b.sender.send(Do, { n });
  await until("all are done", () => done.length >= 40);
  assert.deepEqual(
    done.toSorted((x, y) => x - y),
    Array.from({ length: 40 }, (_, n) => n + 1),
  );
  assert.equal(endpoint.counts(b.name("work")).drops, 1);
});

test("sending – 26. the order of one handler's messages is kept per destination", async () => {
  await using b = await bench();
  const { Do, Done } = messagesOf(b);
  const got: number[] = [];
  await b.start(
    component(b.name("work"), (c) =>
      c.handle(Do, async (_, ctx) => {
        for (let n = 0; n < 50; n += 1) void ctx.publish(Done, { n });
      }),
    ),
    component(b.name("sink"), { concurrency: 1 }, (c) => c.handle(Done, (m) => void got.push(m.n))),
  );
  await b.sender.send(Do, { n: 0 });
  await until("all have come", () => got.length === 50);
  assert.deepEqual(
    got,
    Array.from({ length: 50 }, (_, n) => n),
  );
});

test("endpoint – an observer that throws changes nothing for the messages", async (t) => {
  await using b = await bench();
  const { Do } = messagesOf(b);
  const warnings: Error[] = [];
  const warn = (warning: Error) => void warnings.push(warning);
  process.on("warning", warn);
  t.after(() => process.off("warning", warn));
  const done: number[] = [];
  const endpoint = await startEndpoint([component(b.name("work"), (c) => c.handle(Do, (m) => void done.push(m.n)))], {
    connectionString: b.connectionString,
    on: (event: EndpointEvent) => {
      throw new Error(`no display for ${event.kind}`);
    },
  });
  t.after(() => endpoint.stop());
  await b.sender.send(Do, { n: 1 });
  await b.sender.send(Do, { n: 2 });
  await until("both are done", () => done.length === 2);
  await until("it is told", () => warnings.length > 0);
  assert.equal(endpoint.counts(b.name("work")).parked, 0);
});

test("dedupe – what the outbox shows as handled is not handled again, whoever handled it", async () => {
  await using b = await bench();
  const { Do } = messagesOf(b);
  const id = await b.sender.send(Do, { n: 1 });
  // As an instance leaves it that stored what it sent and was killed before it could acknowledge. The id is another one, so that
  // no memory of the server helps.
  await b.client.appendToStream(
    `intermediate.${b.name("work")}`,
    jsonEvent({ type: `${b.name("work")}.Done`, data: { n: 1 }, metadata: { $causationId: id } }),
  );
  const done: number[] = [];
  const endpoint = await b.start(component(b.name("work"), (c) => c.handle(Do, (m) => void done.push(m.n))));
  await b.sender.send(Do, { n: 2 });
  await until("the other is done", () => done.length > 0);
  await until("the first is dropped", () => endpoint.counts(b.name("work")).duplicates === 1);
  assert.deepEqual(done, [2]);
});

test("stop – no acknowledgement is lost on the way out: nothing comes again", async () => {
  await using b = await bench();
  const { Do } = messagesOf(b);
  const count = 200;
  const door = gate();
  const done: number[] = [];
  const work = component(b.name("work"), { concurrency: count }, (c) =>
    c.handle(Do, async (m) => {
      await door.enter();
      done.push(m.n);
    }),
  );
  const first = await b.start(work);
  for (let n = 0; n < count; n += 1) await b.sender.send(Do, { n });
  await until("all are in flight", () => door.waiting.length === count);
  door.open();
  await first.stop();
  assert.equal(done.length, count);
  const second = await b.start(work);
  await b.sender.send(Do, { n: count });
  await until("the next is in flight", () => door.waiting.length > 0);
  door.open();
  await until("it is done", () => second.counts(b.name("work")).handled > 0);
  assert.deepEqual(done.slice(count), [count]);
});
