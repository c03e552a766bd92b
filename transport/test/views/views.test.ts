import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import {
  type CheckpointStore,
  command,
  component,
  type Endpoint,
  event,
  fileCheckpoints,
  memoryCheckpoints,
  view,
  ViewFailed,
  type ViewOptions,
} from "../../src/index.ts";
import { type Bench, bench, published, read, until } from "../endpoint/harness.ts";

/** The messages of one test. */
const messagesOf = ({ name }: Bench) => ({
  Do: command(`${name("work")}.Do`, { to: name("work") })<{ n: number }>(),
  Done: event(`${name("work")}.Done`)<{ n: number }>(),
  Other: event(`${name("work")}.Other`)<{ n: number }>(),
});

/** A published event that is no JSON, as a foreign program may write it. */
const malformed = (type: string) => ({
  id: crypto.randomUUID(),
  type,
  contentType: "application/json" as const,
  data: "not json" as unknown as Record<string, unknown>,
  metadata: {},
});

/** The numbers done; a fold of 13 throws. */
const numbersOf = ({ Done }: ReturnType<typeof messagesOf>, options: ViewOptions = {}, folded: number[] = []) =>
  view(
    "numbers",
    () => new Set<number>(),
    options,
    (v) =>
      v.on(Done, (numbers, { n }) => {
        folded.push(n);
        if (n === 13) throw new Error("13 is no number of ours");
        numbers.add(n);
      }),
  );

test("views – 74. a malformed event or a throwing fold stops that view alone, and is told", async () => {
  await using b = await bench();
  const { Do, Done, Other } = messagesOf(b);
  const failing = numbersOf(messagesOf(b));
  const others = view(
    "others",
    () => new Set<number>(),
    (v) => v.on(Other, (rows, { n }) => void rows.add(n)),
  );
  const unreadable = view(
    "unreadable",
    () => 0,
    (v) => v.on(event(`${b.name("work")}.Broken`)<{ n: number }>(), (rows) => rows + 1),
  );
  await b.sender.publish(Done, { n: 13 });
  await b.client.appendToStream(`out-${b.name("foreign")}`, malformed(`${b.name("work")}.Broken`));
  const done: number[] = [];
  const endpoint = await b.start(
    component(b.name("work"), (c) => {
      c.handle(Do, (m) => void done.push(m.n));
      c.view(failing);
      c.view(others);
      c.view(unreadable);
    }),
  );
  await b.sender.send(Do, { n: 1 });
  await until("the component handles", () => done.length === 1);
  await assert.rejects(
    endpoint.view(failing).ready(),
    (error) => error instanceof ViewFailed && error.view === "numbers",
  );
  await assert.rejects(
    endpoint.view(failing).until(() => false),
    ViewFailed,
  );
  assert.throws(() => endpoint.view(failing).state, ViewFailed);
  await assert.rejects(
    endpoint.view(unreadable).ready(),
    (error) => error instanceof ViewFailed && error.type === `${b.name("work")}.Broken`,
  );
  await b.sender.publish(Other, { n: 2 });
  await endpoint.view(others).until((rows) => rows.has(2));
  const told = b.seen.filter((seen) => seen.kind === "view failed");
  assert.deepEqual(
    told
      .map(({ component, view, type, action }) => ({ component, view, type, action }))
      .toSorted((x, y) => x.view.localeCompare(y.view)),
    [
      { component: b.name("work"), view: "numbers", type: `${b.name("work")}.Done`, action: "stop" },
      { component: b.name("work"), view: "unreadable", type: `${b.name("work")}.Broken`, action: "stop" },
    ],
  );
  assert.match(String(told.find(({ view }) => view === "numbers")?.error.cause), /13 is no number/);
});

test("views – 74. a view that skips goes on behind what it cannot fold, and tells it", async () => {
  await using b = await bench();
  const { Done } = messagesOf(b);
  const numbers = numbersOf(messagesOf(b), { onFailure: "skip" });
  for (const n of [1, 13, 2]) await b.sender.publish(Done, { n });
  await b.client.appendToStream(`out-${b.name("foreign")}`, malformed(`${b.name("work")}.Done`));
  const endpoint = await b.start(component(b.name("work"), (c) => c.view(numbers)));
  assert.deepEqual(await endpoint.view(numbers).ready(), new Set([1, 2]));
  await b.sender.publish(Done, { n: 3 });
  await endpoint.view(numbers).until((rows) => rows.has(3));
  const told = b.seen.flatMap((seen) => (seen.kind === "view failed" ? [[seen.view, seen.type, seen.action]] : []));
  assert.deepEqual(told, [
    ["numbers", `${b.name("work")}.Done`, "skip"],
    ["numbers", `${b.name("work")}.Done`, "skip"],
  ]);
});

test("views – 74. no view is waited for at a start, and ready() waits until history is folded", async () => {
  await using b = await bench();
  const { Done } = messagesOf(b);
  await b.sender.publish(Done, { n: 1 });
  const mayFold = Promise.withResolvers<void>();
  const slow = view(
    "slow",
    () => new Set<number>(),
    {
      checkpoints: { load: () => mayFold.promise.then(() => undefined), save: async () => {} },
    },
    (v) => v.on(Done, (rows, { n }) => void rows.add(n)),
  );
  const endpoint = await b.start(component(b.name("work"), (c) => c.view(slow)));
  await assert.rejects(endpoint.view(slow).ready({ signal: AbortSignal.abort(new Error("not yet")) }), /not yet/);
  mayFold.resolve();
  assert.deepEqual(await endpoint.view(slow).ready(), new Set([1]));
});

async function folder(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "sluice-views-"));
  t.after(() => rm(directory, { recursive: true }));
  return join(directory, "made", "by the store");
}

test("views – a checkpoint in memory or in a file: a start folds only what is new, and what comes twice once", async (t) => {
  const directory = await folder(t);
  for (const checkpoints of [memoryCheckpoints(), fileCheckpoints(directory)]) {
    await using b = await bench();
    const { Done } = messagesOf(b);
    const folded: number[] = [];
    const run = async (use: (endpoint: Endpoint) => Promise<unknown>): Promise<void> => {
      const endpoint = await b.start(component(b.name("work"), (c) => c.view(numbers)));
      await use(endpoint);
      await endpoint.stop();
    };
    const numbers = numbersOf(messagesOf(b), { checkpoints }, folded);
    for (const n of [1, 2]) await b.sender.publish(Done, { n });
    await published(b.client, Done.type, 2);
    await run(async (endpoint) => assert.deepEqual(await endpoint.view(numbers).ready(), new Set([1, 2])));
    const [first] = await read(b.client, `out-${b.name("test")}.direct`);
    await b.client.appendToStream(`out-${b.name("again")}`, {
      id: first!.event!.id,
      type: `${b.name("work")}.Done`,
      contentType: "application/json",
      data: { n: 1 },
      metadata: {},
    });
    await b.sender.publish(Done, { n: 3 });
    await run((endpoint) => endpoint.view(numbers).until((rows) => rows.has(3)));
    assert.deepEqual(folded, [1, 2, 3]);
    assert.deepEqual(
      b.seen.filter(({ kind }) => kind === "checkpoint failed"),
      [],
    );
  }
  assert.deepEqual(await readdir(directory), ["numbers.checkpoint"]);
});

test("views – a checkpoint of another fold, another version, another server, or one that is broken is not used", async () => {
  const checkpoints = memoryCheckpoints();
  const states: unknown[] = [];
  const folded: number[] = [];
  const run = async (options: ViewOptions, factor: 1 | 2, before?: () => Promise<void>): Promise<void> => {
    await using b = await bench();
    const { Done } = messagesOf(b);
    for (const n of [1, 2]) await b.sender.publish(Done, { n });
    await published(b.client, Done.type, 2);
    await before?.();
    const once = (sum: number, { n }: { n: number }) => (folded.push(n), sum + n);
    const twice = (sum: number, { n }: { n: number }) => (folded.push(n), sum + 2 * n);
    const sums = view(
      "sums",
      () => 0,
      { checkpoints, ...options },
      (v) => v.on(Done, factor === 1 ? once : twice),
    );
    const start = async (): Promise<void> => {
      const endpoint = await b.start(component(b.name("work"), (c) => c.view(sums)));
      states.push(await endpoint.view(sums).ready());
      await endpoint.stop();
    };
    await start();
    await start();
    const failures = b.seen.filter(({ kind }) => kind === "checkpoint failed").length;
    assert.equal(failures, before === undefined ? 0 : 1);
  };
  await run({}, 1);
  await run({}, 1);
  await run({}, 2);
  await run({ version: 2 }, 2);
  await run({ version: 2 }, 2, () => checkpoints.save("sums", Buffer.from("broken")));
  assert.deepEqual(states, [3, 3, 3, 3, 6, 6, 6, 6, 6, 6]);
  assert.equal(folded.length, 10, "the second start of each run folds nothing");
});

test("views – a checkpoint that cannot be saved is told, and changes nothing else", async () => {
  await using b = await bench();
  const { Done } = messagesOf(b);
  const numbers = numbersOf(messagesOf(b), {
    checkpointInterval: 0,
    checkpoints: { load: async () => undefined, save: () => Promise.reject(new Error("the disk is full")) },
  });
  const endpoint = await b.start(component(b.name("work"), (c) => c.view(numbers)));
  for (const n of [1, 2]) await b.sender.publish(Done, { n });
  await endpoint.view(numbers).until((rows) => rows.has(2));
  const failures = b.seen.flatMap((seen) => (seen.kind === "checkpoint failed" ? [String(seen.error)] : []));
  assert.ok(failures.length > 0 && failures.every((text) => /disk is full/.test(text)));
});

test("views – rows of a database and their checkpoint are one transaction: each event is in them once, also where a commit was lost", async () => {
  await using b = await bench();
  const { Done } = messagesOf(b);
  /** Rows that nobody knows the origin of. */
  let committed: { readonly rows: readonly number[]; readonly checkpoint?: Uint8Array } = { rows: [99] };
  let rows: number[] = [];
  let isLost = false;
  let resets = 0;
  const checkpoints: CheckpointStore = {
    load: async () => {
      rows = [...committed.rows];
      return committed.checkpoint;
    },
    save: async (_, checkpoint) => {
      if (isLost) throw new Error("the process died");
      committed = { rows: [...rows], checkpoint };
    },
    reset: async () => {
      resets += 1;
      if (resets === 1) throw new Error("the database is locked");
      rows = [];
    },
  };
  const kept = view(
    "kept",
    () => 0,
    { checkpoints, checkpointInterval: 20 },
    (v) => v.on(Done, (_, { n }) => (rows.push(n), n)),
  );
  const start = () => b.start(component(b.name("work"), (c) => c.view(kept)));
  for (const n of [1, 2]) await b.sender.publish(Done, { n });
  await published(b.client, Done.type, 2);
  const first = await start();
  await until("what was folded last is committed, though nothing follows", () => committed.rows.length === 2);
  isLost = true;
  await b.sender.publish(Done, { n: 3 });
  await first.view(kept).until((last) => last === 3);
  await first.stop();
  assert.deepEqual(
    [rows, committed.rows],
    [
      [1, 2, 3],
      [1, 2],
    ],
  );
  isLost = false;
  const second = await start();
  await second.view(kept).until((last) => last === 3);
  await second.stop();
  assert.deepEqual(committed.rows, [1, 2, 3]);
  assert.equal(resets, 2);
});
