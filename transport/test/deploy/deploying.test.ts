import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import type { EventStoreDBClient } from "@eventstore/db-client";
import {
  aggregate,
  command,
  component,
  deploy,
  event,
  history,
  NotRetirable,
  plan,
  prune,
  type QueueUse,
  repair,
  retire,
  type EventDefinition,
} from "../../src/index.ts";
import { filterName, routerName } from "../../src/topology/stream-names.ts";
import { type Bench, bench, read, until } from "../endpoint/harness.ts";

/** The messages of one test. */
const messagesOf = ({ name }: Bench) => ({
  A: event(`${name("pub")}.A`)<{ n: number }>(),
  B: event(`${name("pub")}.B`)<{ n: number }>(),
});

const readerOf =
  ({ name }: Bench) =>
  (got: number[] = [], ...on: readonly EventDefinition<{ n: number }>[]) =>
    component(
      name("reader"),
      // What has lost its handler does not come again and again.
      { unknownTypeRetries: 0 },
      (c) => {
        for (const definition of on) c.handle(definition, (m) => void got.push(m.n));
      },
    );
const optionsOf = (b: Bench) => ({ connectionString: b.connectionString });
const numbers = (to: number): readonly number[] => Array.from({ length: to }, (_, n) => n);
const sorted = (got: readonly number[]): readonly number[] => got.toSorted((x, y) => x - y);
const statusOf = async (client: EventStoreDBClient, name: string): Promise<string> =>
  (await client.getProjectionStatus(name)).status;
/** What of a type was linked into the queue of the reader, by all generations of its filter. */
async function linked(b: Bench, type: string): Promise<readonly number[]> {
  const events = await read(b.client, `$ce-in.${b.name("reader")}`);
  return events.flatMap(({ event }) => (event?.type === type ? [(event.data as { n: number }).n] : []));
}

/** Whatever it is, an event of somebody else in a stream that a projection writes faults that projection. */
async function faults(b: Bench, stream: string, name: string, publish: () => Promise<unknown>): Promise<void> {
  const foreign = { id: crypto.randomUUID(), type: "foreign", contentType: "application/json", data: {} } as const;
  await b.client.appendToStream(stream, { ...foreign, metadata: undefined });
  await publish();
  await until("it has faulted", async () => (await statusOf(b.client, name)).startsWith("Faulted"));
}

test("deploy – 59. a type is added while 2,000 events flow and the old version restarts beside it: nothing is lost or repeated, nothing is taken back", async () => {
  await using b = await bench();
  const { A, B } = messagesOf(b);
  const reader = readerOf(b);
  const total = 2_000;
  const gotA: number[] = [];
  let old = await b.start(reader(gotA, A));
  let sent = 0;
  const flow = (async () => {
    while (sent < total) {
      const batch = numbers(25).map((n) => sent + n);
      await Promise.all(batch.map((n) => b.sender.publish(n % 2 === 0 ? A : B, { n })));
      sent += 25;
    }
  })();
  await until("it flows", () => sent > 300);
  await deploy([reader([], A, B)], optionsOf(b));
  const from = sent + 50;
  for (let restart = 0; restart < 2; restart += 1) {
    await old.stop();
    old = await b.start(reader(gotA, A));
  }
  await flow;
  await until("all A are handled", () => gotA.length >= total / 2);
  const evens = numbers(total).filter((n) => n % 2 === 0);
  assert.deepEqual(sorted(gotA), evens, "each once");
  const dueB = numbers(total).filter((n) => n % 2 === 1 && n >= from);
  const gotB = await until("all B are in the queue", async () => {
    const all = await linked(b, `${b.name("pub")}.B`);
    return all.filter((n) => n >= from).length >= dueB.length && all;
  });
  assert.deepEqual(sorted(gotB.filter((n) => n >= from)), dueB, "each once");
  assert.deepEqual(gotB, [...new Set(gotB)]);
  assert.deepEqual(sorted(await linked(b, `${b.name("pub")}.A`)), evens);
});

test("deploy – 63. kill -9 between any two changes of a deployment: what was delivered before is delivered within seconds of a running instance, and the next start completes it", async () => {
  await using b = await bench();
  const { A } = messagesOf(b);
  const reader = readerOf(b);
  const got: number[] = [];
  await b.start(reader(got, A));
  let sent = 0;
  let stood = 0;
  // The changes: begun, filter stopped, updated, enabled, completed. After each of them, and before the next one.
  for (let at = 2; at <= 5; at += 1) {
    const wanted = JSON.stringify({ [`${b.name("pub")}.A`]: "now", [`${b.name("pub")}.More${at}`]: "now" });
    const child = spawn(
      process.execPath,
      [
        "--conditions=sluice-source",
        join(import.meta.dirname, "deployer-process.ts"),
        b.connectionString,
        b.name("reader"),
        wanted,
        String(at),
        "before",
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    child.stdout.on("data", (said: Buffer) => {
      if (String(said).includes("it stands still")) stood += 1;
    });
    const [, signal] = await once(child, "close");
    assert.equal(signal, "SIGKILL");
    await b.sender.publish(A, { n: sent });
    sent += 1;
    await until("it is handled", () => got.length === sent);
    await deploy([reader([], A)], optionsOf(b));
    assert.equal(await statusOf(b.client, filterName(b.name("reader"))), "Running");
    const [last] = await history(b.name("reader"), optionsOf(b));
    assert.equal(last!.outcome, "completed");
    assert.equal(last!.by.length, 2, "another one has taken it over");
  }
  assert.ok(stood >= 2, "some were killed while the filter stood still");
  assert.deepEqual(got, numbers(sent));
});

test("repair – 64. a filter that faults is noticed within seconds, named with its reason, and repaired by one command; nothing is lost, nothing handled twice", async () => {
  await using b = await bench();
  const { A } = messagesOf(b);
  const reader = readerOf(b);
  const got: number[] = [];
  const endpoint = await b.start(reader(got, A));
  for (let round = 0; round < 2; round += 1) {
    const name = filterName(b.name("reader"), round + 1);
    for (const n of numbers(10)) await b.sender.publish(A, { n: round * 20 + n });
    await until("they are handled", () => got.length === round * 20 + 10);
    const stream = round === 0 ? `in.${b.name("reader")}-subscriptions` : `in.${b.name("reader")}-subscriptions.2`;
    await faults(b, stream, name, () => b.sender.publish(A, { n: round * 20 + 10 }));
    for (const n of numbers(9)) await b.sender.publish(A, { n: round * 20 + 11 + n });
    const told = await until("it is told", () =>
      b.seen.find((seen) => seen.kind === "projection failed" && seen.projection === name),
    );
    assert.ok(
      told.kind === "projection failed" && told.why === "faulted" && told.reason.includes("outside"),
      told.kind,
    );
    const { steps, problems } = await repair(b.name("reader"), optionsOf(b));
    assert.deepEqual(
      steps.map((step) => [step.name, step.action]),
      [
        [filterName(b.name("reader"), round + 2), "created"],
        [name, "removed"],
      ],
    );
    assert.deepEqual(problems, []);
    await until("all are handled", () => got.length === round * 20 + 20);
    await until("that is told, too", () =>
      b.seen.some((seen) => seen.kind === "projection recovered" && seen.projection === name),
    );
  }
  assert.deepEqual(got, numbers(40));
  assert.equal(endpoint.counts(b.name("reader")).duplicates, 0);
  assert.deepEqual((await repair(b.name("reader"), optionsOf(b))).steps, [], "a second time there is nothing to do");
});

test("repair – 64. the remedy for an edited projection works: repair, or delete and deploy again; what it passed over is delivered", async () => {
  await using b = await bench();
  const { A, B } = messagesOf(b);
  const reader = readerOf(b);
  const got: number[] = [];
  await b.start(reader(got, A, B));
  let sent = 0;
  const publish = async (): Promise<void> => {
    for (const definition of [A, B, A, B]) await b.sender.publish(definition, { n: (sent += 1) });
  };
  await publish();
  await until("they are handled", () => got.length === sent);
  for (const remedy of ["repair", "delete"] as const) {
    const name = filterName(b.name("reader"), remedy === "repair" ? 1 : 2);
    const texts = await read(b.client, `$projections-${name}`);
    const { query } = texts.at(-1)!.event!.data as { query: string };
    await b.client.updateProjection(
      name,
      query.replace(new RegExp(`^ {2}"${B.type}".*$`, "m"), `  "${b.name("pub")}.Other"() {}`),
      {
        emitEnabled: true,
      },
    );
    await publish();
    assert.deepEqual(
      (await plan([reader([], A, B)], optionsOf(b)))[0]!.problems.map(({ projection, why }) => [projection, why]),
      [[name, "edited"]],
    );
    if (remedy === "repair") await repair(b.name("reader"), optionsOf(b));
    else {
      await b.client.disableProjection(name);
      await until("it is stopped", async () => (await statusOf(b.client, name)) === "Stopped");
      await b.client.deleteProjection(name);
      await until("it is gone", async () => !(await b.client.listProjections()).some((its) => its.name === name));
      await deploy([reader([], A, B)], optionsOf(b));
    }
    await publish();
    await until("all are handled", () => got.length === sent);
  }
  assert.deepEqual(
    sorted(got),
    numbers(sent).map((n) => n + 1),
    "each once",
  );
});

test("repair – 64. a router that faults is repaired: what was sent and published meanwhile arrives, once", async () => {
  await using b = await bench();
  const { A } = messagesOf(b);
  const reader = readerOf(b);
  const Do = command(`${b.name("shop")}.Do`, { to: b.name("shop") })<{ n: number }>();
  const Ship = command(`${b.name("store")}.Ship`, { to: b.name("store") })<{ n: number }>();
  const got: number[] = [];
  const shipped: number[] = [];
  await b.start(
    component(b.name("shop"), (c) =>
      c.handle(Do, async (m, ctx) => {
        await ctx.publish(A, m);
        await ctx.send(Ship, m);
      }),
    ),
    component(b.name("store"), (c) => c.handle(Ship, (m) => void shipped.push(m.n))),
    reader(got, A),
  );
  for (const n of numbers(10)) await b.sender.send(Do, { n });
  await until("they are handled", () => got.length === 10 && shipped.length === 10);
  await faults(b, `out-${b.name("shop")}`, routerName(b.name("shop")), () => b.sender.send(Do, { n: 10 }));
  for (const n of numbers(9)) await b.sender.send(Do, { n: 11 + n });
  const told = await until("it is told", () => b.seen.find((seen) => seen.kind === "projection failed"));
  assert.ok(
    told.kind === "projection failed" &&
      told.component === b.name("shop") &&
      told.projection === routerName(b.name("shop")),
  );
  await repair(b.name("shop"), optionsOf(b));
  await until("all have arrived", () => got.length >= 20 && shipped.length >= 20);
  assert.deepEqual(sorted(got), numbers(20));
  assert.deepEqual(sorted(shipped), numbers(20));
  assert.equal(await statusOf(b.client, routerName(b.name("shop"), 2)), "Running");
});

test("publish – 33. a subscription to a base type gets what extends it, to two unrelated bases once, and a namespace all its events", async () => {
  await using b = await bench();
  const { A } = messagesOf(b);
  const Placed = event(`${b.name("sales")}.Placed`, { isBase: true })<{ n: number }>();
  const Noted = event(`${b.name("audit")}.Noted`, { isBase: true })<{ n: number }>();
  const Big = event(`${b.name("sales")}.Big`, { extends: [Placed, Noted] })<{ n: number; approvedBy: string }>();
  assert.throws(() => event(`${b.name("sales")}.Huge`, { extends: [Big] }), /isBase/);
  const got: string[] = [];
  const take = (label: string) => (m: { n: number }) => void got.push(`${label} ${m.n}`);
  const both = await b.start(
    component(b.name("both"), (c) => {
      c.handle(Placed, take("placed"));
      c.handle(Noted, take("noted"));
    }),
    component(b.name("space"), (c) => c.handle(event(`${b.name("sales")}.*`)<{ n: number }>(), take("space"))),
    component(b.name("exact"), (c) => c.handle(event(`${b.name("sales")}.Placed`)<{ n: number }>(), take("exact"))),
  );
  await b.sender.publish(Placed, { n: 1 });
  await b.sender.publish(Big, { n: 2, approvedBy: "ann" });
  await b.sender.publish(A, { n: 3 });
  await b.sender.publish(Placed, { n: 4 });
  await until("they are handled", () => got.filter((line) => line.endsWith("4")).length === 3);
  assert.deepEqual(
    got.toSorted(),
    ["exact 1", "exact 4", "noted 2", "placed 1", "placed 2", "placed 4", "space 1", "space 2", "space 4"].toSorted(),
  );
  assert.equal(both.counts(b.name("both")).handled, 3, "the event that extends both came once");
  await assert.rejects(b.sender.publish(event(`${b.name("sales")}.*`)<{ n: number }>(), { n: 1 }), /one type/);
});

test("deploy – 73. an aggregate declared over a category with history publishes none of it, unless asked; what it decides then is published", async () => {
  await using b = await bench();
  const reader = readerOf(b);
  const Made = event(`${b.name("item")}.Made`)<{ n: number }>();
  const Make = command(`${b.name("maker")}.Make`, { to: b.name("maker") })<{ n: number }>();
  const old = { type: `${b.name("item")}.Made`, contentType: "application/json", metadata: undefined } as const;
  for (const category of [b.name("item"), b.name("thing")]) {
    for (const n of numbers(3)) {
      await b.client.appendToStream(`${category}-${n}`, { ...old, id: crypto.randomUUID(), data: { n } });
    }
  }
  await until("they are in the category", async () => (await read(b.client, `$ce-${b.name("thing")}`)).length === 3);
  const got: number[] = [];
  const of = (category: string, from?: "start") =>
    aggregate(category, {}, from === undefined ? {} : { from }, (a) =>
      a.decide(
        Make,
        (m) => `${m.n}`,
        (_, m) => Made(m),
      ),
    );
  await deploy([reader([], Made)], optionsOf(b));
  await b.start(
    component(b.name("maker"), (c) => c.aggregate(of(b.name("item")))),
    reader(got, Made),
  );
  await b.sender.send(Make, { n: 7 });
  await until("it is published", () => got.includes(7));
  assert.deepEqual(got, [7]);
  await b.start(component(b.name("maker2"), (c) => c.aggregate(of2(b.name("thing")))));
  await until("all of its history is published", () => got.length >= 4);
  assert.deepEqual(sorted(got), [0, 1, 2, 7]);

  function of2(category: string) {
    return aggregate(category, {}, { from: "start" }, () => {});
  }
});

test("deploy – plan says what deploy adds and prune takes away; prune and retire take it, and deployed again it goes on", async () => {
  await using b = await bench();
  const { A, B } = messagesOf(b);
  const reader = readerOf(b);
  const options = optionsOf(b);
  const got: number[] = [];
  const thing = aggregate(b.name("thing"), {}, () => {});
  const wide = component(b.name("reader"), (c) => {
    c.handle(A, (m) => void got.push(m.n));
    c.handle(B, () => {}, { from: "start" });
    c.aggregate(thing);
  });
  const brief = async (of: typeof wide) => {
    const [planned] = await plan([of], options);
    return [planned!.steps, planned!.removals].map((steps) => steps.map(({ name, action }) => `${action} ${name}`));
  };
  assert.deepEqual(await brief(reader([], A)), [
    [
      `create $ce-in.${b.name("reader")}::${b.name("reader")}`,
      `create sluice.filter.${b.name("reader")}`,
      `create sluice.router.${b.name("reader")}`,
    ],
    [],
  ]);
  await deploy([reader([], A)], options);
  await b.sender.publish(B, { n: 1 });
  assert.deepEqual(await brief(reader([], A)), [[], []]);
  assert.deepEqual(await brief(wide), [
    [
      `update sluice.filter.${b.name("reader")}`,
      `create sluice.backfill.${b.name("reader")}.1`,
      `create sluice.router.${b.name("thing")}`,
    ],
    [],
  ]);
  await deploy([wide], options);
  assert.deepEqual(await brief(wide), [[], [`remove sluice.backfill.${b.name("reader")}.1`]]);
  assert.deepEqual(await brief(reader([], A)), [
    [],
    [
      `remove sluice.router.${b.name("thing")}`,
      `remove sluice.backfill.${b.name("reader")}.1`,
      `update sluice.filter.${b.name("reader")}`,
    ],
  ]);
  const pruned = await prune([reader([], A)], options);
  assert.deepEqual(
    pruned.steps.filter(({ action }) => action !== "unchanged").map(({ name, action }) => `${action} ${name}`),
    [
      `removed sluice.router.${b.name("thing")}`,
      `removed sluice.backfill.${b.name("reader")}.1`,
      `updated sluice.filter.${b.name("reader")}`,
    ],
  );
  assert.deepEqual(await brief(reader([], A)), [[], []]);
  assert.deepEqual((await prune([reader([], A)], options)).steps, []);

  const endpoint = await b.start(reader(got, A));
  await b.sender.publish(A, { n: 2 });
  await until("it is handled", () => got.length === 1);
  await assert.rejects(
    retire(b.name("reader"), { ...options, settleWithin: 0 }),
    (error: unknown) => error instanceof NotRetirable && error.consumers > 0,
  );
  const group = () => b.client.getPersistentSubscriptionToStreamInfo(`$ce-in.${b.name("reader")}`, b.name("reader"));
  // B came by its backfill, and has no handler any more; A was handled.
  await until("both are settled and recorded", async () => (await group()).stats.lastCheckpointedEventRevision === 1n);
  await endpoint.stop();
  await until("nobody receives", async () => (await group()).connections.length === 0);
  await b.sender.publish(A, { n: 3 });
  await until("it waits", async () => (await linked(b, `${b.name("pub")}.A`)).length === 2);
  await assert.rejects(
    retire(b.name("reader"), { ...options, settleWithin: 200 }),
    (error: unknown) => error instanceof NotRetirable && error.waiting === 1,
  );
  await retire(b.name("reader"), { ...options, abandon: true });
  const left = (await b.client.listProjections())
    .map(({ name }) => name)
    .filter((name) => name.startsWith("sluice.") && name.includes(b.run));
  assert.deepEqual(left, []);
  assert.deepEqual((await retire(b.name("reader"), options)).steps, []);
  await b.start(reader(got, A));
  await b.sender.publish(A, { n: 4 });
  await until("it is handled", () => got.includes(4));
  assert.deepEqual(got, [2, 3, 4], "what was handled before does not come again; what was abandoned does");
  assert.deepEqual(
    (await history(b.name("reader"), options)).map(({ change, outcome }) => `${change.kind} ${outcome}`),
    ["deploy completed", "retire completed", "prune completed", "deploy completed", "deploy completed"],
  );
});

test("deploy – retired right after it has stopped: it waits for the server to record what was settled, and tells so", async () => {
  await using b = await bench();
  const { A } = messagesOf(b);
  const reader = readerOf(b);
  const options = optionsOf(b);
  const got: number[] = [];
  const endpoint = await b.start(reader(got, A));
  for (const n of numbers(30)) await b.sender.publish(A, { n });
  await until("all are handled", () => got.length === 30);
  await endpoint.stop();
  const told: QueueUse[] = [];
  await retire(b.name("reader"), { ...options, onWaiting: (use) => void told.push(use) });
  // Nothing is told where the server was quicker.
  assert.ok(
    told.every(({ consumers, waiting }) => consumers + waiting > 0),
    "it is told what is waited for",
  );
  const again = await b.start(reader(got, A));
  await b.sender.publish(A, { n: 30 });
  await until("what comes after is handled", () => got.includes(30));
  assert.deepEqual(got, numbers(31), "and nothing of before again");
  assert.equal(again.counts(b.name("reader")).duplicates, 0);
});

test("deploy – is told of each step, and can be ended between two: what was delivered goes on", async () => {
  await using b = await bench();
  const { A, B } = messagesOf(b);
  const reader = readerOf(b);
  const options = optionsOf(b);
  await deploy([reader([], A)], options);
  const ending = new AbortController();
  const told: string[] = [];
  const on = ({ name }: { name: string }): void => {
    told.push(name);
    ending.abort(new Error("enough"));
  };
  await assert.rejects(deploy([reader([], A, B)], { ...options, on, signal: ending.signal }), /enough/);
  assert.deepEqual(told, [`$ce-in.${b.name("reader")}::${b.name("reader")}`]);
  assert.equal(await statusOf(b.client, filterName(b.name("reader"))), "Running");
  const [last] = await history(b.name("reader"), options);
  assert.deepEqual([last!.outcome, last!.reason], ["failed", "enough"]);
  await deploy([reader([], A, B)], options);
});
