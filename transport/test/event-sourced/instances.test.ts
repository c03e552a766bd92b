import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { EventStoreDBClient } from "@eventstore/db-client";
import fc from "fast-check";
import { jsonSerializer } from "../../src/messages/json-serializer.ts";
import { OutgoingPipeline } from "../../src/pipeline/outgoing-pipeline.ts";
import { Appender } from "../../src/dispatch/appender.ts";
import type { Instance } from "../../src/event-sourced/instance.ts";
import { InstanceCache } from "../../src/event-sourced/instance-cache.ts";
import { Instances } from "../../src/event-sourced/instances.ts";
import { type Aggregate, aggregate, command, event, FoldFailed, ServerUnreachable } from "../../src/index.ts";
import { messageContextOf } from "../../src/messages/headers.ts";
import { bodyOf, type ResolvedEvent } from "../../src/store/event.ts";
import { Store } from "../../src/store/store.ts";
import { snapshotStream } from "../../src/topology/stream-names.ts";
import { until } from "../endpoint/harness.ts";
import { namesOf, newRun } from "../names.ts";
import { hasOwnServer, serverUnderTest } from "../server-under-test.ts";

const RUN = newRun();
/** Each test has a category of its own in this run of the file. */
const name = namesOf(RUN);
const Add = command("counting.Add", { to: "counting" })<{ to: string; n: number }>();
const Added = event("counting.Added")<{ n: number; sum: number }>();

/** Each sum is that of the stream, so a decision on a state that was not the stream's shows. */
const counter = (category: string, options: { snapshot?: number } = {}) =>
  aggregate(name("counter" + category), { sum: 0, numbers: [] as readonly number[] }, options, (a) => {
    a.decide(
      Add,
      (m) => m.to,
      (state, { n }) => (n < 0 ? [] : Added({ n, sum: state.sum + n })),
    );
    a.evolve(Added, (state, { n, sum }) => ({ sum, numbers: [...state.numbers.slice(-20), n] }));
  });

/** A process: a memory of its own, over a store whose calls are counted and can be made to fail. */
function processOn(connectionString: string, room = 1e9) {
  const store = new Store(connectionString);
  const counted = { events: 0, reads: 0, appends: 0 };
  let fault: "before" | "after" | undefined;
  const count = <Page extends readonly ResolvedEvent[]>(page: Page): Page => {
    counted.reads += 1;
    counted.events += page.length;
    return page;
  };
  const faulty = Object.assign(Object.create(store) as Store, {
    read: async (...args: Parameters<Store["read"]>) => count(await store.read(...args)),
    async *pages(...args: Parameters<Store["pages"]>) {
      for await (const page of store.pages(...args)) yield count(page);
    },
    append: async (...args: Parameters<Store["append"]>) => {
      if (args[0].startsWith("counter")) counted.appends += 1;
      const now = args[0].startsWith("counter") ? fault : undefined;
      if (now !== undefined) fault = undefined;
      if (now === "before") throw new ServerUnreachable("nowhere", {});
      const appended = await store.append(...args);
      if (now === "after") throw new ServerUnreachable("nowhere", {});
      return appended;
    },
  });
  const cache = new InstanceCache<Instance<unknown>>(room);
  const instances = new Instances({
    access: async () => undefined,
    store: faulty,
    appender: new Appender(faulty),
    cache,
    random: Math.random,
    pipeline: new OutgoingPipeline(),
    serializer: jsonSerializer,
  });
  return {
    connectionString,
    store,
    counted,
    failNext: (when: "before" | "after") => void (fault = when),
    async handle<State>(source: Aggregate<State>, id: string, to: string, n: number, mayRepeat = false): Promise<void> {
      const handling = messageContextOf(id, Add.type, {});
      const origin = { source: "counting", handling, sentAt: new Date() };
      const { signal } = new AbortController();
      await instances.handle(source, source.entries[0]!, { to, n }, origin, { mayRepeat: () => mayRepeat, signal });
    },
  };
}

async function server(t: TestContext) {
  const server = await serverUnderTest();
  const processes: { store: Store }[] = [];
  t.after(async () => {
    await Promise.all(processes.map(({ store }) => store.dispose()));
    await server[Symbol.asyncDispose]();
  });
  return (room?: number) => {
    const process = processOn(server.connectionString, room);
    processes.push(process);
    return process;
  };
}

const uuid = (n: number): string => `${RUN.slice(0, 8)}-0000-4000-8000-${String(n).padStart(12, "0")}`;

async function bodiesOf(store: Store, stream: string): Promise<{ n: number; sum: number }[]> {
  const bodies: { n: number; sum: number }[] = [];
  for await (const page of store.pages(stream, { size: 500 }))
    for (const { event } of page) bodies.push(bodyOf(event!) as { n: number; sum: number });
  return bodies;
}

/** As `count` commands handled before leave it. */
async function fill(store: Store, stream: string, count: number): Promise<void> {
  let sum = 0;
  for (let from = 0; from < count; from += 500) {
    const events = Array.from({ length: Math.min(500, count - from) }, (_, index) => {
      sum += from + index;
      return {
        id: crypto.randomUUID(),
        type: Added.type,
        isJson: true,
        data: Buffer.from(JSON.stringify({ n: from + index, sum })),
        metadata: Buffer.from(JSON.stringify({ $causationId: uuid(from + index) })),
      };
    });
    await store.append(stream, events);
  }
}

test("aggregate – 49. a process reads a stream once, and after that only what others have appended", async (t) => {
  const start = await server(t);
  const source = counter("A");
  const [one, other] = [start(), start()];
  await fill(one.store, `${name("counterA")}-1`, 3_000);
  await one.handle(source, uuid(5_000), "1", 1);
  assert.equal(one.counted.events, 3_000);
  for (let n = 1; n <= 20; n += 1) await one.handle(source, uuid(5_000 + n), "1", 1);
  assert.equal(one.counted.events, 3_000, "nothing is read again");
  await other.handle(source, uuid(6_000), "1", 1);
  await one.handle(source, uuid(6_001), "1", 1);
  assert.equal(one.counted.events, 3_001, "the one event of the other");
  const bodies = await bodiesOf(one.store, `${name("counterA")}-1`);
  assert.equal(bodies.length, 3_023);
  assert.equal(bodies.at(-1)!.sum, (2_999 * 3_000) / 2 + 23);
});

test("aggregate – 55. a long stream folds from a snapshot; one of another fold is not used; its stream is of no category", async (t) => {
  const start = await server(t);
  const source = counter("B", { snapshot: 100 });
  const first = start();
  await fill(first.store, `${name("counterB")}-x-1`, 1_000);
  await first.handle(source, uuid(5_000), "x-1", 1);
  const snapshots = snapshotStream(`${name("counterB")}-x-1`);
  assert.doesNotMatch(snapshots, /-/);
  await until("there is a snapshot", async () => (await first.store.read(snapshots, { limit: 1 })).length === 1);
  const later = start();
  await later.handle(source, uuid(5_001), "x-1", 1);
  assert.equal(later.counted.events, 1, "the snapshot alone");
  await start().handle(source, uuid(500), "x-1", 9);
  await start().handle(source, uuid(5_000), "x-1", 9);
  assert.equal(
    (await bodiesOf(first.store, `${name("counterB")}-x-1`)).length,
    1_002,
    "what was handled before the snapshot is known",
  );
  const changed = aggregate(name("counterB"), { sum: 0, numbers: [] as readonly number[] }, { snapshot: 100 }, (a) => {
    a.decide(
      Add,
      (m) => m.to,
      (state, { n }) => Added({ n, sum: 2 * state.sum + n }),
    );
    a.evolve(Added, (state, { sum }) => ({ ...state, sum: 2 * sum }));
  });
  const other = start();
  await other.handle(changed, uuid(5_002), "x-1", 1);
  assert.equal(other.counted.events, 1_003, "the snapshot, and all events");
});

test("aggregate – 52. whatever repeats, dies, forgets and snapshots: each message has its effect exactly once, on the stream's state", async (t) => {
  const start = await server(t);
  let run = 0;
  const step = fc.record({
    process: fc.nat(2),
    message: fc.nat(25),
    instance: fc.nat(1),
    fault: fc.option(fc.constantFrom("before" as const, "after" as const, "restart" as const), { freq: 4 }),
    mayRepeat: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 60 }),
      fc.constantFrom(0, 2_000, 1e9),
      fc.option(fc.integer({ min: 1, max: 5 })),
      async (steps, room, every) => {
        run += 1;
        const category = `R${run}`;
        const source = counter(category, every === null ? {} : { snapshot: every });
        const processes = [start(room), start(room), start(room)];
        const sent = new Set<string>();
        for (const { process, message, instance, fault, mayRepeat } of steps) {
          if (fault === "restart") processes[process] = start(room);
          const it = processes[process]!;
          const again = mayRepeat || sent.has(`${instance}/${message}`);
          if (fault === "before" || fault === "after") it.failNext(fault);
          const attempt = (repeat: boolean) =>
            it.handle(source, uuid(1 + 100 * instance + message), String(instance), message, repeat);
          // A repeat under the same id need not be known as one: a sender may send it twice.
          await attempt(mayRepeat).catch(async (error: unknown) => {
            if (!(error instanceof ServerUnreachable)) throw error;
            await attempt(again);
          });
          sent.add(`${instance}/${message}`);
        }
        for (const instance of [0, 1]) {
          const bodies = await bodiesOf(processes[0]!.store, `${name("counter" + category)}-${instance}`);
          const wanted = [...sent].filter((key) => key.startsWith(`${instance}/`)).map((key) => Number(key.slice(2)));
          assert.deepEqual(
            bodies.map(({ n }) => n),
            wanted,
            "each once, in the order they were handled",
          );
          let sum = 0;
          for (const body of bodies) assert.equal(body.sum, (sum += body.n));
        }
      },
    ),
    { numRuns: Number(process.env["SLUICE_RUNS"] ?? (hasOwnServer ? 25 : 10)) },
  );
});

test("aggregate – 49. processes that contend for one instance: each decision on the stream's state, none lost", async (t) => {
  const start = await server(t);
  const source = counter("C");
  const processes = [start(), start(), start()];
  await Promise.all(
    processes.flatMap((process, index) =>
      Array.from({ length: 40 }, (_, n) => process.handle(source, uuid(1 + 100 * index + n), "1", n)),
    ),
  );
  const bodies = await bodiesOf(processes[0]!.store, `${name("counterC")}-1`);
  assert.equal(bodies.length, 120);
  assert.equal(bodies.at(-1)!.sum, 3 * ((39 * 40) / 2));
});

test("aggregate – 49. what waits for one instance is stored together: each decided on those before it, one that throws fails alone", async (t) => {
  const start = await server(t);
  const source = aggregate(name("counterG"), { sum: 0, numbers: [] as readonly number[] }, (a) => {
    a.decide(
      Add,
      (m) => m.to,
      (state, { n }) => {
        if (n === 13 && state.sum > 0) throw new Error(`${state.sum} and 13`);
        return n % 5 === 4 ? [] : Added({ n, sum: state.sum + n });
      },
    );
    a.evolve(Added, (state, { n, sum }) => ({ sum, numbers: [...state.numbers, n] }));
  });
  const one = start();
  const numbers = Array.from({ length: 40 }, (_, n) => n);
  const results = await Promise.allSettled(numbers.map((n) => one.handle(source, uuid(1 + n), "1", n)));
  const sumBefore = numbers.filter((n) => n < 13 && n % 5 !== 4).reduce((sum, n) => sum + n, 0);
  for (const [n, result] of results.entries()) {
    if (n !== 13) assert.equal(result.status, "fulfilled", `${n}`);
    else assert.match(String(result.status === "rejected" && result.reason), new RegExp(`${sumBefore} and 13`));
  }
  const bodies = await bodiesOf(one.store, `${name("counterG")}-1`);
  assert.deepEqual(
    bodies.map(({ n }) => n),
    numbers.filter((n) => n !== 13 && n % 5 !== 4),
  );
  let sum = 0;
  for (const body of bodies) assert.equal(body.sum, (sum += body.n));
  assert.ok(one.counted.appends <= 3, `${one.counted.appends} appends for 40 messages`);
});

test("aggregate – 52. processes that contend, messages that come twice, answers that are lost: each has its effect once, on the stream's state", async (t) => {
  const start = await server(t);
  let run = 0;
  const message = fc.record({
    id: fc.nat(20),
    process: fc.nat(1),
    fault: fc.option(fc.constantFrom("before" as const, "after" as const), { freq: 5 }),
    later: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(message, { minLength: 5, maxLength: 40 }), async (messages) => {
      run += 1;
      const source = counter(`H${run}`);
      const processes = [start(), start()];
      const known = new Set<number>();
      await Promise.all(
        messages.map(async ({ id, process, fault, later }, index) => {
          if (later) await new Promise((resolve) => setImmediate(resolve));
          const it = processes[process]!;
          if (fault !== null) it.failNext(fault);
          const isRepeat = messages.findIndex((other) => other.id === id) < index;
          for (let mayRepeat = isRepeat; ; mayRepeat = true) {
            try {
              await it.handle(source, uuid(1 + id), "1", id, mayRepeat);
              known.add(id);
              return;
            } catch (error) {
              if (!(error instanceof ServerUnreachable)) throw error;
            }
          }
        }),
      );
      const bodies = await bodiesOf(processes[0]!.store, `${name(`counterH${run}`)}-1`);
      assert.deepEqual(
        bodies.map(({ n }) => n).toSorted((x, y) => x - y),
        [...known].toSorted((x, y) => x - y),
        "each once",
      );
      let sum = 0;
      for (const body of bodies) assert.equal(body.sum, (sum += body.n));
    }),
    { numRuns: Number(process.env["SLUICE_RUNS"] ?? (hasOwnServer ? 25 : 10)) },
  );
});

test("aggregate – a decision for nothing, on what is remembered, is made again on what the stream holds", async (t) => {
  const start = await server(t);
  const source = aggregate(name("counterD"), 0, (a) => {
    a.decide(
      Add,
      (m) => m.to,
      (sum, { n }) => (n === 0 && sum < 2 ? [] : Added({ n, sum: sum + n })),
    );
    a.evolve(Added, (_, { sum }) => sum);
  });
  const [one, other] = [start(), start()];
  await one.handle(source, uuid(1), "1", 1);
  await other.handle(source, uuid(2), "1", 1);
  await one.handle(source, uuid(3), "1", 0);
  assert.deepEqual(
    (await bodiesOf(one.store, `${name("counterD")}-1`)).map(({ n }) => n),
    [1, 1, 0],
  );
});

test("aggregate – a stream that was deleted begins anew", async (t) => {
  const start = await server(t);
  const source = counter("E");
  const one = start();
  const client = EventStoreDBClient.connectionString(one.connectionString);
  t.after(() => client.dispose());
  await one.handle(source, uuid(1), "1", 1);
  await one.handle(source, uuid(2), "1", 1);
  await client.deleteStream(`${name("counterE")}-1`);
  await start().handle(source, uuid(3), "1", 5);
  await one.handle(source, uuid(4), "1", 7);
  assert.deepEqual((await bodiesOf(one.store, `${name("counterE")}-1`)).length, 2);
});

test("aggregate – an event that is no JSON, or whose evolve throws, is told with stream and revision", async (t) => {
  const start = await server(t);
  const source = aggregate(name("counterF"), 0, (a) => {
    a.decide(
      Add,
      (m) => m.to,
      (sum, { n }) => Added({ n, sum: sum + n }),
    );
    a.evolve(Added, (_, { n, sum }) => {
      if (n === 13) throw new Error("13 is no number of ours");
      return sum;
    });
  });
  const one = start();
  await one.handle(source, uuid(1), "1", 1);
  await one.handle(source, uuid(2), "1", 13);
  const isFoldFailed = (revision: bigint, cause: RegExp) => (error: unknown) =>
    error instanceof FoldFailed && error.revision === revision && cause.test(`${error.message} ${String(error.cause)}`);
  for (const process of [one, start()])
    await assert.rejects(process.handle(source, uuid(3), "1", 1), isFoldFailed(1n, /counterF_\w+-1.*13 is no number/));
  const broken = { id: crypto.randomUUID(), isJson: true, data: Buffer.from("{"), metadata: new Uint8Array() };
  await one.store.append(`${name("counterF")}-2`, [{ ...broken, type: "counting.Other" }]);
  await one.handle(source, uuid(4), "2", 1);
  await one.store.append(`${name("counterF")}-2`, [{ ...broken, id: crypto.randomUUID(), type: Added.type }]);
  await assert.rejects(one.handle(source, uuid(5), "2", 1), isFoldFailed(2n, /cannot be read/));
});
