import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { CompileHandler, Emission } from "../../../src/projections/handler.ts";
import { Projections } from "../../../src/projections/management/projections.ts";
import { WriteFailedError } from "../../../src/log/errors.ts";
import { EventStore } from "../../../src/streams/event-store.ts";
import { refusingStorage } from "../../log/refusing-storage.ts";
import { crashingStore } from "./crashing-store.ts";
import { foldHandler, out, type Fold } from "./fold-handler.ts";
import { jsonRecord, lines, newId, openStore, send, textOf } from "./test-store.ts";
import { until } from "../../until.ts";

const link = (stream: string, text: string): Emission => ({ stream, type: "$>", isJson: false, data: text });

/** Each emits what its events say, and what they were before: what is lost, doubled or out of order shows. */
const queries: Readonly<Record<string, Fold>> = {
  one: {
    definition: { streams: ["a"], producesResults: true },
    emit: (n, seen) => (n % 3 === 0 ? [] : [out(`target-${n % 2}`, n), out("count", seen.length)]),
  },
  several: {
    definition: { streams: ["a", "b", "c"] },
    emit: (n, seen) => [out("merged", n), ...(seen.length % 2 === 0 ? [link("links", `${n}@x`)] : [])],
  },
  category: { definition: { categories: ["cat"] }, emit: (n) => [out("of-category", n)] },
  typed: { definition: { allStreams: true, allEvents: false, events: ["T"] }, emit: (n) => [out("typed", n)] },
  partitioned: {
    definition: { streams: ["a"], byCustomPartitions: true, producesResults: true },
    partition: (n) => (n % 5 === 0 ? null : `p${n % 3}`),
    emit: (n, seen) => [out("partitioned", `${n}/${seen.length}`)],
  },
};

const compile: CompileHandler = async (query) => foldHandler(queries[query] ?? assert.fail(query));

/** Checkpoints come often, so that crashes fall into them. */
const settings = { checkpointHandledThreshold: 4, pendingEventsThreshold: 6, checkpointUnhandledBytesThreshold: 3000 };

function server(store: EventStore): Projections {
  return new Projections({
    store,
    compile,
    newId,
    now: Date.now,
    settings,
    onFault: (name, why) => faults.push(`${name}: ${why}`),
  });
}

let faults: string[] = [];

const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant("send" as const),
        stream: fc.constantFrom("a", "b", "c", "cat-1", "cat-2", "other"),
        count: fc.integer({ min: 1, max: 5 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("crash" as const),
        after: fc.integer({ min: 1, max: 60 }),
        lastOneArrives: fc.boolean(),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: "stop" as const }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constantFrom("abort" as const, "disable" as const),
        name: fc.constantFrom(...Object.keys(queries), "$by_category"),
      }),
    },
  ),
  { minLength: 3, maxLength: 14 },
);

test("exactly once – whenever the server crashes, stops or a projection is aborted", { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (plan) => {
      const store = openStore();
      faults = [];
      let number = 0;
      let running = server(store);
      await running.start();
      for (const name of Object.keys(queries)) {
        await running.create({ name, mode: "Continuous", query: name, emitEnabled: true, trackEmittedStreams: false });
      }
      for (const step of plan) {
        if (step.kind === "send") {
          await send(store, step.stream, ...Array.from({ length: step.count }, () => number++));
        } else if (step.kind === "crash") {
          await running.stop();
          const { store: doomed, crashed, kill } = crashingStore(store, step.after, step.lastOneArrives);
          const crashing = server(doomed);
          void crashing.start().catch(() => {});
          await send(store, "a", number++, number++);
          // It crashes while it works, or had too little to do for that.
          await Promise.race([crashed, new Promise((resolve) => setTimeout(resolve, 30))]);
          kill();
          await settled(store);
          running = server(store);
          await running.start();
        } else if (step.kind === "stop") {
          await running.stop();
          running = server(store);
          await running.start();
        } else {
          await running.disable(step.name, step.kind === "disable");
          await running.enable(step.name);
        }
      }
      await caughtUp(store, running);
      check(store, running);
      await running.stop();
      await store.close();
    }),
    { numRuns: 40 },
  );
});

const refusals = fc.array(
  fc.record({
    stream: fc.constantFrom("a", "b", "c", "cat-1", "cat-2", "other"),
    count: fc.integer({ min: 1, max: 5 }),
    /** See `Disk`. */
    takes: fc.integer({ min: 0, max: 4 }),
    refusesNext: fc.integer({ min: 0, max: 2 }),
    isDisabled: fc.boolean(),
  }),
  { minLength: 2, maxLength: 8 },
);

test(
  "exactly once – whenever the disk refuses what a projection had handled ahead of it",
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(refusals, async (plan) => {
        const { storage, disk } = refusingStorage("memory");
        const store = EventStore.on(storage, { now: Date.now, newId });
        faults = [];
        const projections = server(store);
        await projections.start();
        for (const name of Object.keys(queries)) {
          await projections.create({
            name,
            mode: "Continuous",
            query: name,
            emitEnabled: true,
            trackEmittedStreams: false,
          });
        }
        let number = 0;
        for (const { stream, count, takes, refusesNext, isDisabled } of plan) {
          Object.assign(disk, { takes, refusesNext });
          await persistently(() => send(store, stream, ...Array.from({ length: count }, (_, i) => number + i)));
          number += count;
          if (!isDisabled) continue;
          disk.refusesNext = 0;
          await persistently(() => projections.disable("several", true));
          await persistently(() => projections.enable("several"));
        }
        disk.refusesNext = 0;
        await caughtUp(store, projections);
        check(store, projections);
        await projections.stop();
        await store.close();
      }),
      { numRuns: 40 },
    );
  },
);

/** As whoever is told that a write failed does: once more. */
async function persistently(act: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof WriteFailedError)) throw error;
    }
  }
}

/** What the crashed server had on its way has arrived. */
async function settled(store: EventStore): Promise<void> {
  await store.append("settled", "any", [jsonRecord("Settled", {})]);
}

const numbers = (store: EventStore, stream: string): number[] =>
  lines(store, stream).map((line) => (JSON.parse(line.slice(line.indexOf("{"))) as { n: number }).n);

function expectedOf(name: string, store: EventStore): number[] {
  const all = store.readAll({ from: 0, direction: "forwards", maxCount: 100_000 }).records;
  const mine = {
    one: (stream: string) => stream === "a",
    several: (stream: string) => ["a", "b", "c"].includes(stream),
    category: (stream: string) => stream.startsWith("cat-"),
    typed: (stream: string) => !stream.startsWith("$"),
    partitioned: (stream: string) => stream === "a",
  }[name]!;
  return all
    .filter(({ stream, type }) => type === "T" && mine(stream))
    .map(({ data }) => (JSON.parse(textOf(data)) as { n: number }).n);
}

/** Everything there is has been handled and is written. */
async function caughtUp(store: EventStore, projections: Projections): Promise<void> {
  const handled = (name: string) => (JSON.parse(projections.state(name, "") ?? "[]") as unknown[]).length;
  const isThere = () =>
    faults.length > 0 ||
    (["one", "several", "category", "typed"].every((name) => handled(name) >= expectedOf(name, store).length) &&
      lines(store, "partitioned").length >= expectedOf("partitioned", store).filter((n) => n % 5 !== 0).length &&
      projections
        .list("Continuous")
        .every(({ writesInProgress, bufferedEvents }) => writesInProgress + bufferedEvents === 0));
  await until("everything is handled", isThere).catch(() => {});
  // What should not come has had its chance.
  await new Promise((resolve) => setTimeout(resolve, 5));
}

function check(store: EventStore, projections: Projections): void {
  assert.deepEqual(faults, []);
  const one = expectedOf("one", store);
  const emitted = one.filter((n) => n % 3 !== 0);
  assert.deepEqual(
    numbers(store, "target-0"),
    emitted.filter((n) => n % 2 === 0),
  );
  assert.deepEqual(
    numbers(store, "target-1"),
    emitted.filter((n) => n % 2 === 1),
  );
  assert.deepEqual(
    numbers(store, "count"),
    one.flatMap((n, i) => (n % 3 === 0 ? [] : [i + 1])),
  );
  assert.deepEqual(projections.state("one", ""), one.length === 0 ? null : JSON.stringify(one.map(String)));
  assert.deepEqual(numbers(store, "merged").toSorted(ascending), expectedOf("several", store).toSorted(ascending));
  for (const stream of ["a", "b", "c"]) {
    const own = new Set(numbers(store, stream));
    assert.deepEqual(
      numbers(store, "merged").filter((n) => own.has(n)),
      [...own],
      `${stream} in its order`,
    );
  }
  assert.equal(lines(store, "links").length, Math.floor(expectedOf("several", store).length / 2));
  assert.deepEqual(
    numbers(store, "of-category").toSorted(ascending),
    expectedOf("category", store).toSorted(ascending),
  );
  assert.deepEqual(numbers(store, "typed"), expectedOf("typed", store));
  const counts = new Map<number, number>();
  const partitioned = expectedOf("partitioned", store).filter((n) => n % 5 !== 0);
  const wanted = partitioned.map((n) => {
    counts.set(n % 3, (counts.get(n % 3) ?? 0) + 1);
    return `${n}/${counts.get(n % 3)}`;
  });
  assert.deepEqual(numbers(store, "partitioned"), wanted);
  for (const p of [0, 1, 2]) {
    const mine = partitioned.filter((n) => n % 3 === p).map(String);
    assert.deepEqual(projections.state("partitioned", `p${p}`), mine.length === 0 ? null : JSON.stringify(mine));
    assert.equal(lines(store, `$projections-partitioned-p${p}-result`).length, mine.length);
  }
  assert.equal(lines(store, "$projections-partitioned-result").length, partitioned.length);
  assert.equal(lines(store, "$projections-one-result").length, one.length);
}

const ascending = (a: number, b: number) => a - b;
