import assert from "node:assert/strict";
import { test } from "node:test";
import {
  aggregate,
  cancelDeferred,
  command,
  component,
  defer,
  type DeferredMessage,
  event,
  InvalidTiming,
  processManager,
  type SendMode,
  Unrecoverable,
} from "../../src/index.ts";
import { given } from "../../src/testing/index.ts";
import { type Bench, bench, read, until } from "../endpoint/harness.ts";
import { virtualClock } from "./virtual-clock.ts";

/** The messages of one test. */
const messagesOf = ({ name }: Bench) => ({
  Remind: command(`${name("work")}.Remind`, { to: name("work") })<{ n: number }>(),
  Place: command(`${name("sales")}.Place`, { to: name("sales") })<{ id: string }>(),
  Placed: event(`${name("sales")}.Placed`)<{ id: string }>(),
  CancelOrder: command(`${name("sales")}.CancelOrder`, { to: name("sales") })<{ id: string }>(),
  Canceled: event(`${name("sales")}.Canceled`)<{ id: string }>(),
});
const byId = ({ id }: { id: string }): string => id;
/** In the middle of a minute. */
const NOON = Date.UTC(2026, 0, 1, 12, 0, 30);
const MINUTE = 60_000;

test("time – 39. deferred: not before its time, soon after, in this minute and in later ones; into the past: at once", async () => {
  const clock = virtualClock(NOON);
  await using b = await bench({ clock });
  const { Remind } = messagesOf(b);
  const got: [number, number][] = [];
  await b.start(component(b.name("work"), (c) => c.handle(Remind, ({ n }) => void got.push([n, clock.now() - NOON]))));
  const delays = [1, 500, 29_999, 30_000, 31_000, 5 * MINUTE, 5 * MINUTE + 1];
  for (const delayFor of delays) await b.sender.send(Remind, { n: delayFor }, { delayFor });
  await b.sender.send(Remind, { n: 0 }, { deliverAt: new Date(NOON - 1) });
  await b.sender.send(Remind, { n: -5 }, { delayFor: -5 });
  await until("what was due before has come", () => got.length === 2);
  assert.deepEqual(got.map(([n]) => n).toSorted(), [-5, 0]);
  await until(
    "they are stored",
    async () => (await read(b.client, `$ce-later.${b.name("work")}`)).length === delays.length,
  );
  for (const [index, delay] of delays.entries()) {
    await until("it waits for the next", () => clock.timers === 1);
    // A millisecond before, nothing comes.
    clock.turn(NOON + delay - clock.now() - 1);
    await until("it waits again", () => clock.timers === 1);
    assert.equal(got.length, index + 2);
    clock.turn(1);
    await until(`the one of ${delay} has come`, () => got.length === index + 3);
  }
  assert.deepEqual(
    got.slice(2),
    delays.map((delay) => [delay, delay]),
  );
});

test("time – 39. deferred: survives restarts of all processes; minutes that nobody was there for are made up for at the next start", async () => {
  const clock = virtualClock(NOON);
  await using b = await bench({ clock });
  const { Remind } = messagesOf(b);
  const got: number[] = [];
  const work = component(b.name("work"), (c) => c.handle(Remind, ({ n }) => void got.push(n)));
  const first = await b.start(work);
  for (let n = 0; n < 40; n += 1) await b.sender.send(Remind, { n }, { delayFor: 1 + n * 45_000 });
  await until("they are heard of", () => clock.timers === 1);
  clock.turn(3 * 45_000 + 1);
  await until("the first have come", () => got.length === 4);
  await first.stop();
  clock.turn(19 * 45_000);
  // Sent while nobody runs, for a minute that passes while nobody runs.
  await b.sender.send(Remind, { n: 100 }, { delayFor: 10 });
  clock.turn(2 * MINUTE);
  const second = await b.start(work);
  await until("what was missed has come", () => got.length === 4 + 19 + 2 + 1);
  await second.stop();
  const third = await b.start(work);
  await until("it runs", () => clock.timers === 1);
  clock.turn(24 * 60 * MINUTE);
  await until("all have come", () => got.length === 41);
  await third.stop();
  assert.deepEqual(
    got.toSorted((x, y) => x - y),
    [...Array.from({ length: 40 }, (_, n) => n), 100],
  );
  const links = await read(b.client, `in.${b.name("work")}-deferred`);
  assert.equal(links.length, 41, "each was linked once");
});

test("time – deferred to a component that was never there: it comes when the component is", async () => {
  const clock = virtualClock(NOON);
  await using b = await bench({ clock });
  const { Remind } = messagesOf(b);
  const got: number[] = [];
  for (const n of [1, 2, 3]) await b.sender.send(Remind, { n }, { delayFor: n * 90_000 });
  clock.turn(200_000);
  await b.start(component(b.name("work"), (c) => c.handle(Remind, ({ n }) => void got.push(n))));
  await until("what is due has come", () => got.length === 2);
  await until("it waits for the third", () => clock.timers === 1);
  clock.turn(100_000);
  await until("the third has come", () => got.length === 3);
  assert.deepEqual(got, [1, 2, 3]);
});

test("time – 39. of three instances one brings what is due, each message once, though all of them look", async () => {
  const clock = virtualClock(NOON);
  await using b = await bench({ clock });
  const { Remind } = messagesOf(b);
  const got: number[] = [];
  const work = component(b.name("work"), (c) => c.handle(Remind, ({ n }) => void got.push(n)));
  for (let n = 0; n < 3; n += 1) await b.start(work);
  const count = 300;
  const sends = Array.from({ length: count }, (_, n) =>
    b.sender.send(Remind, { n }, { delayFor: 1_000 + (n % 7) * 20_000 }),
  );
  await Promise.all(sends);
  await until("all wait", () => clock.timers === 3);
  for (let n = 0; n < 8; n += 1) {
    clock.turn(20_000);
    await until("they wait again", () => clock.timers === 3 || got.length === count);
  }
  await until("all have come", () => got.length === count);
  assert.equal((await read(b.client, `in.${b.name("work")}-deferred`)).length, count);
});

test("time – 39. canceled: it does not come, also when canceled twice, or by a handle that was stored as JSON", async () => {
  const clock = virtualClock(NOON);
  await using b = await bench({ clock });
  const { Remind } = messagesOf(b);
  const got: number[] = [];
  const endpoint = await b.start(component(b.name("work"), (c) => c.handle(Remind, ({ n }) => void got.push(n))));
  const soon = await b.sender.send(Remind, { n: 1 }, { delayFor: 1_000 });
  const later = await b.sender.send(Remind, { n: 2 }, { deliverAt: new Date(NOON + 5 * MINUTE) });
  await b.sender.send(Remind, { n: 3 }, { delayFor: 1_000 });
  await b.sender.send(Remind, { n: 4 }, { delayFor: 5 * MINUTE });
  await b.sender.cancel(soon);
  await b.sender.cancel(soon);
  const stored = JSON.parse(JSON.stringify(later)) as { id: string; to: string; deliverAt: string };
  await b.sender.cancel({ ...stored, deliverAt: new Date(stored.deliverAt) });
  await until("it waits", () => clock.timers === 1);
  clock.turn(6 * MINUTE);
  await until("the others have come", () => got.length === 2);
  clock.turn(6 * MINUTE);
  // What comes after shows that nothing else was before it.
  await b.sender.send(Remind, { n: 5 });
  await until("the last has come", () => got.includes(5));
  assert.deepEqual(got, [3, 4, 5]);
  assert.equal(endpoint.counts(b.name("work")).handled, 3);
});

test("time – 39. a handler defers, in both modes; 24. what it deferred does not leave when it fails; events cannot be deferred", async () => {
  const clock = virtualClock(NOON);
  await using b = await bench({ clock });
  const { Remind, Place, Placed } = messagesOf(b);
  const got: [number, number][] = [];
  const refused: unknown[] = [];
  const endpoint = await b.start(
    component(b.name("sales"), { delayedRetries: 0 }, (c) =>
      c.handle(Place, async ({ id }, ctx) => {
        await ctx.send(Remind, { n: 1 }, { delayFor: 60_000 });
        await ctx.send(Remind, { n: 2 }, { delayFor: 70_000, mode: "direct" });
        const options: object = { delayFor: 1 };
        await ctx.publish(Placed, { id }, options).catch((error: unknown) => refused.push(error));
        if (id === "fails" && ctx.attempt === 1) throw new Error("once");
      }),
    ),
    component(b.name("work"), (c) => c.handle(Remind, ({ n }) => void got.push([n, clock.now() - NOON]))),
  );
  await b.sender.send(Place, { id: "fails" });
  await until("it is handled", () => endpoint.counts(b.name("sales")).handled === 1);
  await until("they are heard of", async () => (await read(b.client, `$ce-later.${b.name("work")}`)).length >= 2);
  assert.equal((await read(b.client, `intermediate.${b.name("sales")}`)).length, 1);
  assert.ok(refused.length === 2 && refused.every((error) => error instanceof InvalidTiming));
  for (const turn of [60_000, 10_000]) {
    await until("it waits", () => clock.timers === 1);
    clock.turn(turn);
    await until("one has come", () => got.length === (turn === 60_000 ? 1 : 2));
  }
  assert.deepEqual(got, [
    [1, 60_000],
    [2, 70_000],
  ]);
});

test("time – 51. a process manager's timeout leaves in one append with its events, and comes to itself in its time", async () => {
  const clock = virtualClock(NOON);
  await using b = await bench({ clock });
  const { Place, Placed, CancelOrder, Canceled } = messagesOf(b);
  const order = processManager(b.name("order"), { placed: false }, (p) => {
    p.startedBy(
      Place,
      ({ id }) => id,
      (_, m) => [Placed(m), defer(CancelOrder(m), { delayFor: 30 * MINUTE })],
    );
    p.timeout(
      CancelOrder,
      ({ id }) => id,
      (state, m) => (state.placed ? [Canceled(m)] : []),
    );
    p.evolve(Placed, () => ({ placed: true }));
    p.completedBy(Canceled);
  });
  await b.start(component(b.name("sales"), (c) => c.processManager(order)));
  await b.sender.send(Place, { id: "17" });
  await until(
    "it waits",
    async () => (await read(b.client, `$ce-later.${b.name("sales")}`)).length === 1 && clock.timers === 1,
  );
  const types = async (): Promise<unknown[]> =>
    (await read(b.client, `${b.name("order")}-17`)).map(({ event: e }) => e!.type);
  clock.turn(30 * MINUTE - 1);
  await until("it waits again", () => clock.timers === 1);
  assert.deepEqual(await types(), [`${b.name("sales")}.Placed`, `${b.name("sales")}.CancelOrder`]);
  clock.turn(1);
  await until("the timeout has come", async () => (await types()).length === 3);
  assert.deepEqual(await types(), [
    `${b.name("sales")}.Placed`,
    `${b.name("sales")}.CancelOrder`,
    `${b.name("sales")}.Canceled`,
  ]);
  const links = await read(b.client, `in.${b.name("sales")}-deferred`);
  assert.equal(
    links[0]!.event!.streamId,
    `${b.name("order")}-17`,
    "the timeout is the event in the process manager's stream itself",
  );
});

test("time – 39. a process manager's timeouts are canceled when it completes, if asked; one that comes to a completed one is ignored", async () => {
  const clock = virtualClock(NOON);
  await using b = await bench({ clock });
  const { Place, Placed, CancelOrder, Canceled } = messagesOf(b);
  const Cancel = command(`${b.name("sales")}.Cancel`, { to: b.name("sales") })<{ id: string }>();
  const Nag = command(`${b.name("sales")}.Nag`, { to: b.name("sales") })<{ id: string }>();
  const Nagged = event(`${b.name("sales")}.Nagged`)<{ id: string }>();
  const order = processManager(b.name("order"), {}, (p) => {
    p.startedBy(Place, byId, (_, m) => [
      Placed(m),
      defer(CancelOrder(m), { delayFor: 30 * MINUTE }),
      defer(CancelOrder(m), { delayFor: 5 * MINUTE }),
      defer(Nag(m), { delayFor: 40 * MINUTE }),
    ]);
    p.on(Cancel, byId, (_, m) => Canceled(m));
    p.timeout(CancelOrder, byId, (_, m) => Canceled(m), { cancelWhenCompleted: true });
    p.timeout(Nag, byId, (_, m) => Nagged(m));
    p.completedBy(Canceled);
  });
  const endpoint = await b.start(component(b.name("sales"), (c) => c.processManager(order)));
  await b.sender.send(Place, { id: "17" });
  await b.sender.send(Place, { id: "18" });
  // In minutes that are read only when they come.
  const stored = (count: number) =>
    until("they are stored", async () => (await read(b.client, `$ce-later.${b.name("sales")}`)).length === count);
  await stored(6);
  await b.sender.send(Cancel, { id: "17" });
  await stored(8);
  await until("it waits", () => clock.timers === 1);
  clock.turn(5 * MINUTE);
  await until("the first of 18 has come", () => endpoint.counts(b.name("sales")).handled === 4);
  await stored(9);
  await until("it waits", () => clock.timers === 1);
  clock.turn(40 * MINUTE);
  await until("the rest has come", () => endpoint.counts(b.name("sales")).handled === 6);
  const types = async (id: string) => (await read(b.client, `${b.name("order")}-${id}`)).map(({ event: e }) => e!.type);
  const [sent, canceled] = [
    [`${b.name("sales")}.CancelOrder`, `${b.name("sales")}.CancelOrder`, `${b.name("sales")}.Nag`],
    "sluice.Cancelled",
  ];
  assert.deepEqual(await types("17"), [
    `${b.name("sales")}.Placed`,
    ...sent,
    `${b.name("sales")}.Canceled`,
    canceled,
    canceled,
  ]);
  assert.deepEqual(await types("18"), [`${b.name("sales")}.Placed`, ...sent, `${b.name("sales")}.Canceled`, canceled]);
  const links = await read(b.client, `in.${b.name("sales")}-deferred`);
  assert.deepEqual(links.map(({ event: e }) => e!.type).toSorted(), [
    `${b.name("sales")}.CancelOrder`,
    `${b.name("sales")}.Nag`,
    `${b.name("sales")}.Nag`,
  ]);
  assert.equal(endpoint.counts(b.name("sales")).failures, 0);
});

test("time – 39. a handler cancels what it has deferred, in both modes; 24. what a failing one cancels in its outbox still comes", async () => {
  const clock = virtualClock(NOON);
  await using b = await bench({ clock });
  const { Remind, Place } = messagesOf(b);
  const Call = command(`${b.name("sales")}.Call`, { to: b.name("sales") })<{ of: string; fails: boolean }>();
  const got: number[] = [];
  const deferred = new Map<string, (readonly DeferredMessage[])[]>();
  const endpoint = await b.start(
    component(b.name("sales"), { concurrency: 1 }, (c) => {
      c.handle(Place, async ({ id }, ctx) => {
        const mode: SendMode = id === "direct" ? "direct" : "transactional";
        const ns = id === "direct" ? [1, 2] : [3, 4];
        const sent: DeferredMessage[] = [];
        for (const n of ns) sent.push(await ctx.send(Remind, { n }, { delayFor: 5 * MINUTE, mode }));
        deferred.set(id, [...(deferred.get(id) ?? []), sent]);
        if (ctx.attempt === 1) throw new Error("It fails at first.");
      });
      c.handle(Call, async ({ of, fails }, ctx) => {
        const [one, other] = deferred.get(of)![0]!;
        await ctx.cancel(one!, { mode: "direct" });
        await ctx.cancel(other!);
        if (fails) throw new Unrecoverable("What is in its outbox does not leave.");
      });
    }),
    component(b.name("work"), (c) => c.handle(Remind, ({ n }) => void got.push(n))),
  );
  const stored = (count: number) =>
    until("they are stored", async () => (await read(b.client, `$ce-later.${b.name("work")}`)).length === count);
  for (const id of ["direct", "transactional"]) await b.sender.send(Place, { id });
  await stored(4);
  for (const [first, again] of deferred.values()) assert.deepEqual(again, first, "the same at each attempt");
  await b.sender.send(Call, { of: "direct", fails: false });
  await b.sender.send(Call, { of: "transactional", fails: true });
  await until("one has failed", () => endpoint.counts(b.name("sales")).parked === 1);
  await stored(7);
  await until("it waits", () => clock.timers === 1);
  clock.turn(6 * MINUTE);
  await b.sender.send(Remind, { n: 5 }, { delayFor: 5 * MINUTE });
  await stored(8);
  await until("it waits", () => clock.timers === 1 && got.length === 1);
  clock.turn(6 * MINUTE);
  await until("the last has come", () => got.includes(5));
  assert.deepEqual(got, [4, 5]);
});

test("time – 39. an aggregate cancels what its instance has deferred of a type, in the append of its events, and nobody else's", async () => {
  const clock = virtualClock(NOON);
  await using b = await bench({ clock });
  const { Remind, Place, Placed, CancelOrder, Canceled } = messagesOf(b);
  const got: number[] = [];
  const order = aggregate(b.name("order"), {}, (a) => {
    const n = ({ id }: { id: string }) => ({ n: Number(id) });
    a.decide(Place, byId, (_, m) => [Placed(m), defer(Remind(n(m)), { delayFor: 5 * MINUTE })]);
    a.decide(CancelOrder, byId, (_, m) => [Canceled(m), cancelDeferred(Remind)]);
  });
  await b.start(
    component(b.name("sales"), (c) => c.aggregate(order)),
    component(b.name("work"), (c) => c.handle(Remind, ({ n }) => void got.push(n))),
  );
  const stored = (count: number) =>
    until("they are stored", async () => (await read(b.client, `$ce-later.${b.name("work")}`)).length === count);
  for (const id of ["1", "1", "2"]) await b.sender.send(Place, { id });
  await stored(3);
  // The second time nothing waits.
  for (let times = 0; times < 2; times += 1) await b.sender.send(CancelOrder, { id: "1" });
  await until("it is canceled twice", async () => (await read(b.client, `${b.name("order")}-1`)).length === 8);
  await stored(5);
  await until("it waits", () => clock.timers === 1);
  clock.turn(6 * MINUTE);
  await until("the other's has come", () => got.length > 0);
  assert.deepEqual(got, [2]);
  assert.deepEqual((await read(b.client, `${b.name("order")}-1`)).map(({ event: e }) => e!.type).slice(4), [
    `${b.name("sales")}.Canceled`,
    "sluice.Cancelled",
    "sluice.Cancelled",
    `${b.name("sales")}.Canceled`,
  ]);
  given(order)
    .when(CancelOrder({ id: "1" }))
    .then(Canceled({ id: "1" }), cancelDeferred(Remind));
});

test("time – 40. what comes too late is dropped and counted, also when it is retried; in time it is handled", async () => {
  const clock = virtualClock(NOON);
  await using b = await bench({ clock });
  const { Remind } = messagesOf(b);
  const got: number[] = [];
  const work = component(b.name("work"), { immediateRetries: 0, timeIncrease: 10_000 }, (c) =>
    c.handle(Remind, ({ n }, { delayedRetries }) => {
      if (n === 3 && delayedRetries === 0) throw new Error("not yet");
      got.push(n);
    }),
  );
  await b.sender.send(Remind, { n: 1 }, { timeToBeReceived: 1_000 });
  clock.turn(1_001);
  await b.sender.send(Remind, { n: 2 }, { timeToBeReceived: 1_000 });
  await b.sender.send(Remind, { n: 3 }, { timeToBeReceived: 5_000 });
  await b.sender.send(Remind, { n: 4 }, { timeToBeReceived: 1_000, delayFor: 40_000 });
  const endpoint = await b.start(work);
  await until("the second is handled", () => endpoint.counts(b.name("work")).delayed === 1 && got.length === 1);
  await until("it waits", () => clock.timers === 1);
  clock.turn(12_001);
  await until("the retry has expired", () => endpoint.counts(b.name("work")).expired === 2);
  await until("it waits again", () => clock.timers === 1);
  clock.turn(40_000 - 12_001);
  await until("the deferred one is handled", () => got.length === 2);
  assert.deepEqual(got, [2, 4]);
  assert.deepEqual(endpoint.counts(b.name("work")).parked, 0);
  assert.equal(b.seen.filter(({ kind }) => kind === "expired").length, 2);
});

test("time – a component for which nothing waits sets no timer; one for which much waits sets one", async () => {
  const clock = virtualClock(NOON);
  await using b = await bench({ clock });
  const { Remind } = messagesOf(b);
  await b.start(
    component(b.name("work"), (c) => c.handle(Remind, () => {})),
    component(b.name("idle"), (c) =>
      c.handle(command(`${b.name("idle")}.Do`, { to: b.name("idle") })<{ n: number }>(), () => {}),
    ),
  );
  const sends = Array.from({ length: 50 }, (_, n) => b.sender.send(Remind, { n }, { delayFor: (n + 1) * 10_000 }));
  await Promise.all(sends);
  await until("it waits", () => clock.timers === 1);
  clock.turn(60 * MINUTE);
  await until("all were brought", async () => (await read(b.client, `in.${b.name("work")}-deferred`)).length === 50);
  await until("nothing waits", () => clock.timers === 0);
});
