import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { test } from "node:test";
import fc from "fast-check";
import { ServerUnreachable } from "../../src/store/server-unreachable.ts";
import { defaultResult } from "../../src/recoverability/policy.ts";
import { jsonSerializer } from "../../src/messages/json-serializer.ts";
import { toReceivedMessage } from "../../src/receive/received-message.ts";
import { Receiver } from "../../src/receive/receiver.ts";
import type { ReceiverOptions } from "../../src/receive/receiver-options.ts";
import type { Report } from "../../src/receive/report.ts";
import { Solitude } from "../../src/receive/solitude.ts";
import { fakeDelivery } from "./fake-delivery.ts";

const unreachable = () => new ServerUnreachable("x", {});

/** A receiver with a clock of its own; what others have handled is as the test says. */
function receiver(
  options: Partial<ReceiverOptions> & { readonly handledElsewhere?: () => Promise<readonly string[]> } = {},
) {
  const reports: Report[] = [];
  const clock = { now: 0 };
  const handled = new Set<string>();
  const attempts: string[] = [];
  const wanted: number[] = [];
  const { handledElsewhere = async () => [], ...others } = options;
  const subject = new Receiver(
    {
      component: "C",
      concurrency: 3,
      messageTimeout: 1_000,
      maxDeliveries: 5,
      handle: async () => {},
      onError: (failure) =>
        defaultResult(failure, { immediateRetries: 2, delayedRetries: 0, timeIncrease: 0, unknownTypeRetries: 0 }, 0),
      delay: async () => {},
      handled: {
        has: (id) => handled.has(id),
        add: (id) => void handled.add(id),
        begin: () => undefined,
        end: () => {},
        settled: async () => {},
        isTakenOver: () => false,
        letGo: async () => {},
        refresh: async () => (await handledElsewhere()).forEach((id) => handled.add(id)),
      },
      isRefused: async () => false,
      attempts: {
        unended: async (id) => {
          const unended = attempts.filter((of) => of === id).length;
          return { all: unended, alone: unended };
        },
        begin: async (id) => void attempts.push(id),
        end: async (id) => void attempts.splice(0, Infinity, ...attempts.filter((of) => of !== id)),
      },
      solitude: new Solitude(),
      report: (report) => void reports.push(report),
      want: (slots) => void wanted.push(slots),
      ...others,
    },
    { now: () => clock.now, random: () => 0, date: () => new Date(0) },
  );
  return { subject, reports, clock, attempts, wanted, handled };
}

const kinds = (reports: readonly Report[]) => reports.map(({ kind }) => kind);

async function until(holds: () => boolean): Promise<void> {
  for (let turns = 0; !holds(); turns += 1) {
    assert.ok(turns < 100_000, "it never comes to pass");
    await turn();
  }
}

/** Where timers of the machine's own clock are waited for, too. */
async function untilSoon(holds: () => boolean): Promise<void> {
  const end = performance.now() + 20_000;
  for (; !holds(); await new Promise((resolve) => setTimeout(resolve, 5)))
    assert.ok(performance.now() < end, "it never comes to pass");
}

/** The second copy of "1" came between the acknowledgement of the first and the end of its handling, and was forgotten. */
const JOINS_AT_THE_END = [
  { id: "0", copies: 2, failures: 1, yields: 1, stores: 0, limit: null },
  { id: "2", copies: 1, failures: 0, yields: 0, stores: 0, limit: 1 },
  { id: "3", copies: 1, failures: 0, yields: 0, stores: 0, limit: null },
  { id: "4", copies: 2, failures: 0, yields: 0, stores: 0, limit: null },
  { id: "1", copies: 1, failures: 0, yields: 0, stores: 0, limit: 4 },
];

test("receiver – whatever fails and however often it is delivered, each message is handled once and settled after it", async () => {
  const plan = fc.record({
    id: fc.nat(8).map(String),
    copies: fc.integer({ min: 1, max: 3 }),
    failures: fc.nat(4),
    yields: fc.nat(3),
    // Turns of the event loop that it takes to store what its handler has sent, which may fail, too.
    stores: fc.nat(3),
    limit: fc.option(fc.integer({ min: 1, max: 5 })),
  });
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(plan, { selector: ({ id }) => id, maxLength: 9 }), async (plans) => {
      const done = new Map<string, number>();
      const attempts = new Map<string, number>();
      let running = 0;
      let highest = 3;
      let broken: string | undefined;
      const { subject } = receiver({
        handle: async ({ context }, attempt) => {
          running += 1;
          const { yields, failures, stores } = plans.find(({ id }) => id === context.messageId)!;
          if (running > highest) broken = `${running} at once`;
          const count = (attempts.get(context.messageId) ?? 0) + 1;
          attempts.set(context.messageId, count);
          if (attempt.number !== ((count - 1) % 3) + 1) broken = `attempt ${attempt.number} of ${count}`;
          for (let n = 0; n < yields; n += 1) await turn();
          running -= 1;
          if (stores > 0) attempt.storing();
          for (let n = 0; n < stores; n += 1) await turn();
          if (count <= failures) throw new Error("again");
          done.set(context.messageId, (done.get(context.messageId) ?? 0) + 1);
        },
      });
      const deliveries = plans.flatMap(({ id, copies }) =>
        Array.from({ length: copies }, (_, n) => fakeDelivery({ id, linkId: `${id}/${n}` })),
      );
      const limits = plans.map((p) => p.limit);
      for (const delivery of deliveries) {
        subject.deliver(delivery);
        const next = limits.shift();
        if (typeof next === "number") {
          subject.setLimits(next, undefined);
          highest = Math.max(highest, next);
        }
        if (deliveries.indexOf(delivery) % 2) await turn();
      }
      await until(() => deliveries.every(({ settled }) => settled.length > 0));
      assert.equal(broken, undefined);
      for (const { id, failures } of plans) {
        const of = deliveries.filter(({ event }) => event!.id === id);
        for (const { settled } of of) assert.equal(settled.length, 1, "settled once");
        const parked = of.filter(({ settled }) => settled[0]!.startsWith("park"));
        if (failures <= 2) {
          assert.equal(done.get(id), 1, "handled once");
          assert.equal(parked.length, 0);
        } else {
          // Each copy that comes after the first was parked is an attempt of its own.
          assert.ok(parked.length >= 1 || done.get(id) === 1);
        }
      }
    }),
    { numRuns: 200, examples: [[JOINS_AT_THE_END]] },
  );
});

test("receiver – a message is not acknowledged before all that it sent is stored", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { subject } = receiver({ handle: () => promise });
  const delivery = fakeDelivery({ id: "1" });
  subject.deliver(delivery);
  for (let n = 0; n < 50; n += 1) await turn();
  assert.deepEqual(delivery.settled, []);
  resolve();
  await until(() => delivery.settled.length > 0);
  assert.deepEqual(delivery.settled, ["ack"]);
});

test("receiving – 3. while what 2n handlers have sent is stored n others are handled, and no more; what cannot be stored waits for a slot", async () => {
  const storing: PromiseWithResolvers<void>[] = [];
  const handling: PromiseWithResolvers<void>[] = [];
  let running = 0;
  const { subject } = receiver({
    handle: async (_, attempt) => {
      running += 1;
      assert.ok(running <= 3, "no more than the limit are handled at once");
      handling.push(Promise.withResolvers());
      await handling.at(-1)!.promise;
      running -= 1;
      storing.push(Promise.withResolvers());
      attempt.storing();
      await storing.at(-1)!.promise;
    },
  });
  const deliveries = Array.from({ length: 12 }, (_, n) => fakeDelivery({ id: String(n) }));
  for (const delivery of deliveries) subject.deliver(delivery);
  for (const stored of [3, 6]) {
    await until(() => running === 3);
    for (const { resolve } of handling.splice(0)) resolve();
    await until(() => storing.length === stored && running === 3);
  }
  // Six are stored, and three more end: these keep their slots, and nothing else begins.
  for (const { resolve } of handling.splice(0)) resolve();
  await until(() => storing.length === 9);
  for (let n = 0; n < 20; n += 1) await turn();
  assert.equal(running, 0);
  storing.shift()!.reject(new Error("not stored"));
  for (let n = 0; n < 20; n += 1) await turn();
  assert.equal(running, 0);
  storing.pop()!.resolve();
  await until(() => running === 1);
  for (; deliveries.some(({ settled }) => settled.length === 0); await turn()) {
    for (const { resolve } of [...handling.splice(0), ...storing.splice(0)]) resolve();
  }
  assert.deepEqual([...new Set(deliveries.flatMap(({ settled }) => settled))], ["ack"]);
});

test("receiving – with a limit of 1 a message is begun when what the one before has sent is stored", async () => {
  const stored: string[] = [];
  const { subject } = receiver({
    concurrency: 1,
    handle: async ({ context }, attempt) => {
      assert.equal(stored.length, Number(context.messageId));
      attempt.storing();
      await turn();
      await turn();
      stored.push(context.messageId);
    },
  });
  const deliveries = Array.from({ length: 3 }, (_, n) => fakeDelivery({ id: String(n) }));
  for (const delivery of deliveries) subject.deliver(delivery);
  await until(() => deliveries.every(({ settled }) => settled.length > 0));
  assert.deepEqual(
    deliveries.flatMap(({ settled }) => settled),
    ["ack", "ack", "ack"],
  );
});

test("receiving – 3. with limit n, n messages are handled at once when more wait, and no more; 4. raised, 6. lowered takes effect", async () => {
  const gates: (() => void)[] = [];
  let running = 0;
  const { subject } = receiver({
    handle: async () => {
      running += 1;
      await new Promise<void>((resolve) => gates.push(resolve));
      running -= 1;
    },
  });
  const deliveries = Array.from({ length: 12 }, (_, n) => fakeDelivery({ id: String(n) }));
  for (const delivery of deliveries) subject.deliver(delivery);
  await until(() => running === 3);
  for (let n = 0; n < 20; n += 1) await turn();
  assert.equal(running, 3);
  subject.setLimits(5, undefined);
  await until(() => running === 5);
  subject.setLimits(1, undefined);
  while (gates.length > 0) gates.shift()!();
  await until(() => running === 1);
  for (let n = 0; n < 20; n += 1) await turn();
  assert.equal(running, 1);
  while (deliveries.some(({ settled }) => settled.length === 0)) {
    gates.shift()?.();
    await turn();
    assert.ok(running <= 1);
  }
});

test("receiving – 11. a message that goes on failing is parked with the exception, headers and number of attempts", async () => {
  const { subject, reports } = receiver({
    handle: async () => {
      throw new TypeError("no such order", { cause: new Error("the cause") });
    },
  });
  const delivery = fakeDelivery({ id: "1", metadata: { colour: "grün", $correlationId: "c" } });
  subject.deliver(delivery);
  await until(() => delivery.settled.length > 0);
  assert.deepEqual(kinds(reports), ["failed", "retried", "failed", "retried", "failed", "parked"]);
  const reason = JSON.parse(delivery.settled[0]!.slice("park ".length));
  assert.equal(reason.exception.name, "TypeError");
  assert.equal(reason.exception.message, "no such order");
  assert.match(reason.exception.stack, /the cause/);
  assert.equal(reason.attempts, 3);
  assert.equal(reason.message.headers.colour, "grün");
  assert.equal(reason.message.correlationId, "c");
});

test("receiving – 21. a message whose body cannot be read is parked with the reason at once, and the next one is handled", async () => {
  const handled: string[] = [];
  const { subject } = receiver({
    handle: async ({ event }) => void handled.push(toReceivedMessage(event, jsonSerializer).context.messageId),
  });
  const bad = ["{not json", "", 7, null].map((data, n) => fakeDelivery({ id: `bad ${n}`, data }));
  const good = fakeDelivery({ id: "good" });
  for (const delivery of [...bad, good]) subject.deliver(delivery);
  await until(() => [...bad, good].every(({ settled }) => settled.length > 0));
  for (const { settled } of bad) assert.match(settled[0]!, /^park .*UnreadableMessage/);
  assert.deepEqual(handled, ["good"]);
  assert.deepEqual(good.settled, ["ack"]);
});

test("receiving – 22. a link to an event that is gone is recorded and settled, never retried for ever", async () => {
  const { subject, reports } = receiver({ handle: async () => assert.fail("it is not handled") });
  const gone = [
    fakeDelivery({ id: "gone", dangling: true }),
    fakeDelivery({ id: "deleted", type: "$metadata" }),
    fakeDelivery({ id: "tombstoned", type: "$streamDeleted" }),
    fakeDelivery({ id: "unresolved", type: "$>", data: "x@y" }),
  ];
  for (const delivery of gone) subject.deliver(delivery);
  await until(() => gone.every(({ settled }) => settled.length > 0));
  assert.deepEqual(
    gone.map(({ settled }) => settled),
    [["ack"], ["ack"], ["ack"], ["ack"]],
  );
  assert.deepEqual(kinds(reports), ["dangling", "dangling", "dangling", "dangling"]);
});

test("receiving – a link to what the login may not read is parked, and comes again where the server does not say", async () => {
  const answers = [async () => true, () => Promise.reject(new Error("away"))];
  for (const [index, isRefused] of answers.entries()) {
    const { subject, reports } = receiver({ handle: async () => assert.fail("it is not handled"), isRefused });
    const delivery = fakeDelivery({ id: "hidden", dangling: true });
    subject.deliver(delivery);
    await until(() => delivery.settled.length > 0);
    assert.match(delivery.settled[0]!, index === 0 ? /^park .*OriginalRefused/ : /^give back$/);
    assert.deepEqual(kinds(reports), index === 0 ? ["parked"] : []);
  }
});

test("receiving – 46. a message whose attempts never ended is parked after the limit; 61. what was only handed out is not", async () => {
  const { subject, attempts } = receiver({
    handle: async ({ context }) => assert.ok(context.messageId !== "killer", "it is not handled"),
  });
  attempts.push(..."killer killer killer killer killer".split(" "));
  const [killer, innocent] = ["killer", "innocent"].map((id) => fakeDelivery({ id, retryCount: 17 }));
  subject.deliver(killer!);
  subject.deliver(innocent!);
  await until(() => killer!.settled.length + innocent!.settled.length === 2);
  assert.match(killer!.settled[0]!, /^park .*5 attempts to handle this message/);
  assert.deepEqual(innocent!.settled, ["ack"]);
});

test("dedupe – a redelivery that another instance has handled is dropped; what nobody can tell is given back", async () => {
  let elsewhere: () => Promise<readonly string[]> = async () => ["1"];
  const { subject, reports } = receiver({
    handle: async () => assert.fail("it is not handled"),
    handledElsewhere: () => elsewhere(),
  });
  const handled = fakeDelivery({ id: "1", retryCount: 1 });
  subject.deliver(handled);
  await until(() => handled.settled.length > 0);
  assert.deepEqual(handled.settled, ["ack"]);
  assert.deepEqual(kinds(reports), ["duplicate"]);
  elsewhere = async () => {
    throw unreachable();
  };
  const unknown = fakeDelivery({ id: "2", retryCount: 1 });
  subject.deliver(unknown);
  const slow = setInterval(() => {}, 1_000);
  await new Promise<void>((resolve) => {
    const look = (): void => (unknown.settled.length > 0 ? resolve() : void setImmediate(look));
    look();
  });
  clearInterval(slow);
  assert.deepEqual(unknown.settled, ["give back"]);
});

test("dedupe – after each connection the outbox is asked before anything is handled", async () => {
  const { promise, resolve } = Promise.withResolvers<readonly string[]>();
  const handled: string[] = [];
  const { subject } = receiver({
    handle: async ({ context }) => void handled.push(context.messageId),
    handledElsewhere: () => promise,
  });
  subject.connected();
  const [first, second] = [fakeDelivery({ id: "1" }), fakeDelivery({ id: "2" })];
  subject.deliver(first!);
  subject.deliver(second!);
  for (let n = 0; n < 20; n += 1) await turn();
  assert.deepEqual(handled, []);
  resolve(["1"]);
  await until(() => second!.settled.length > 0);
  assert.deepEqual(handled, ["2"]);
  assert.deepEqual(first!.settled, ["ack"]);
});

test("dedupe – a message delivered again while it is handled is settled with it, and not handled beside it", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let handled = 0;
  const { subject } = receiver({ handle: async () => ((handled += 1), promise) });
  const deliveries = [0, 1, 2].map((retryCount) => fakeDelivery({ id: "1", linkId: "same", retryCount }));
  for (const delivery of deliveries) subject.deliver(delivery);
  resolve();
  await until(() => deliveries.at(-1)!.settled.length > 0);
  assert.equal(handled, 1);
  // The server knows one delivery of a link: the last.
  assert.deepEqual(
    deliveries.map(({ settled }) => settled.length),
    [0, 0, 1],
  );
});

test("receiver – a delivery of a lost connection, or older than the message timeout, is not begun", async () => {
  const handled: string[] = [];
  const { subject, clock } = receiver({
    concurrency: 1,
    handle: async ({ context }) => void handled.push(context.messageId),
  });
  const [first, old, lost, last] = ["first", "old", "lost", "last"].map((id) =>
    fakeDelivery({ id, at: id === "old" ? 0 : 2_000 }),
  );
  clock.now = 2_000;
  for (const delivery of [first, old, lost, last]) subject.deliver(delivery!);
  lost!.disconnect();
  await until(() => last!.settled.length > 0);
  assert.deepEqual(handled, ["first", "last"]);
  assert.deepEqual(old!.settled, []);
});

test("receiver – a message whose time runs out before it is begun is no failed one: it is left to the next delivery", async () => {
  const { promise, resolve } = Promise.withResolvers<readonly string[]>();
  const handled: string[] = [];
  const { subject, clock, reports, attempts } = receiver({
    handle: async ({ context }) => void handled.push(context.messageId),
    handledElsewhere: () => promise,
  });
  const late = fakeDelivery({ id: "1", retryCount: 1 });
  subject.deliver(late);
  clock.now = 2_000;
  resolve([]);
  for (let n = 0; n < 20; n += 1) await turn();
  assert.deepEqual([handled, late.settled, kinds(reports), attempts], [[], [], [], []]);
  // Until the receiver has looked at the clock again, it takes what comes for as old as what it has in hand, and leaves it, too.
  const redeliveries: ReturnType<typeof fakeDelivery>[] = [];
  await until(() => {
    const again = fakeDelivery({ id: "1", retryCount: 2, at: 2_000 });
    redeliveries.push(again);
    subject.deliver(again);
    return redeliveries.some(({ settled }) => settled.length > 0);
  });
  assert.deepEqual(handled, ["1"]);
  assert.ok(redeliveries.flatMap(({ settled }) => settled).every((settlement) => settlement === "ack"));
});

test("receiving – 7. stop waits for handlers in flight and their signal is not aborted; 8. past the deadline it is", async () => {
  for (const late of [false, true]) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const signals: AbortSignal[] = [];
    const { subject } = receiver({ concurrency: 1, handle: async (_, { signal }) => (signals.push(signal), promise) });
    const [inFlight, waiting] = [fakeDelivery({ id: "1" }), fakeDelivery({ id: "2" })];
    subject.deliver(inFlight!);
    subject.deliver(waiting!);
    await until(() => signals.length === 1);
    const deadline = new AbortController();
    let stopped = false;
    const stopping = subject.stop(deadline.signal).then(() => (stopped = true));
    for (let n = 0; n < 20; n += 1) await turn();
    assert.equal(stopped, false);
    if (late) deadline.abort();
    else resolve();
    await stopping;
    assert.equal(signals[0]!.aborted, late);
    assert.deepEqual(inFlight!.settled, late ? [] : ["ack"]);
    assert.deepEqual(waiting!.settled, ["give back"], "what is not begun is left to others at once");
    resolve();
  }
});

test("receiving – 10. a handler failing during stop is settled", async () => {
  const { promise, reject } = Promise.withResolvers<void>();
  const { subject } = receiver({ handle: () => promise });
  const delivery = fakeDelivery({ id: "1" });
  subject.deliver(delivery);
  await turn();
  const stopping = subject.stop(new AbortController().signal);
  reject(new Error("x"));
  await stopping;
  assert.deepEqual(delivery.settled, ["give back"]);
});

test("receiving – 16. when the error policy itself throws, a critical error is told with the native id, and the message comes again", async () => {
  const broken = new Error("the policy is broken");
  const { subject, reports } = receiver({
    handle: async () => {
      throw new Error("x");
    },
    onError: () => {
      throw broken;
    },
  });
  const delivery = fakeDelivery({ id: "1" });
  subject.deliver(delivery);
  const slow = setInterval(() => {}, 1_000);
  await until(() => reports.length === 2);
  while (delivery.settled.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  clearInterval(slow);
  const [, critical] = reports;
  assert.ok(critical?.kind === "critical");
  assert.equal(critical.error, broken);
  assert.equal(critical.context.messageId, "1");
  assert.deepEqual(delivery.settled, ["give back"]);
});

test("receiving – 15. what a handler sets in the items is seen by the error policy and by the next attempt", async () => {
  const seen: unknown[] = [];
  const { subject } = receiver({
    handle: async (_, { items, number }) => {
      seen.push(items.get("n"));
      items.set("n", number);
      throw new Error("x");
    },
    onError: ({ items, immediateFailures }) => {
      seen.push(items.get("n"));
      return { action: immediateFailures < 2 ? "retry" : "discard" };
    },
  });
  const delivery = fakeDelivery({ id: "1" });
  subject.deliver(delivery);
  await until(() => delivery.settled.length > 0);
  assert.deepEqual(seen, [undefined, 1, 1, 2]);
  assert.deepEqual(delivery.settled, ["ack"]);
});

const ORIGINAL = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";

test("receiving – 13. retried after a while, immediate retries are counted anew and delayed ones go on", async () => {
  const attempts: string[] = [];
  const stored: number[] = [];
  const { subject, reports } = receiver({
    handle: async (_, { number, delayedRetries }) => {
      attempts.push(`${delayedRetries}/${number}`);
      throw new Error("x");
    },
    onError: ({ immediateFailures, delayedRetries }) => {
      if (immediateFailures < 2) return { action: "retry" };
      return delayedRetries < 1 ? { action: "retry after", milliseconds: 1 } : { action: "park" };
    },
    delay: async () => void stored.push(first.settled.length),
  });
  const first = fakeDelivery({ id: ORIGINAL });
  subject.deliver(first);
  await until(() => first.settled.length > 0);
  assert.deepEqual(first.settled, ["ack"]);
  assert.deepEqual(stored, [0], "stored before it was acknowledged");
  const headers = { "sluice.messageId": ORIGINAL, "sluice.delayedRetries": 1 };
  const second = fakeDelivery({ id: "2", metadata: headers });
  subject.deliver(second);
  await until(() => second.settled.length > 0);
  assert.deepEqual(attempts, ["0/1", "0/2", "1/1", "1/2"]);
  assert.equal(kinds(reports).filter((kind) => kind === "delayed").length, 1);
});

test("receiving – parked is told only where it has reached the server; otherwise the message comes again", async () => {
  const { promise, reject } = Promise.withResolvers<void>();
  let attempt = () => promise;
  const { subject, reports } = receiver({ handle: () => attempt(), onError: () => ({ action: "park" }) });
  const lost = fakeDelivery({ id: "1" });
  subject.deliver(lost);
  await turn();
  lost.disconnect();
  reject(new Error("x"));
  await until(() => reports.length > 0);
  for (let n = 0; n < 20; n += 1) await turn();
  assert.deepEqual(kinds(reports), ["failed"]);
  attempt = async () => {
    throw new Error("x");
  };
  const again = fakeDelivery({ id: "1", retryCount: 1 });
  subject.deliver(again);
  await until(() => again.settled.length > 0);
  assert.match(again.settled[0]!, /^park /);
  assert.deepEqual(kinds(reports), ["failed", "failed", "parked"]);
});

test("receiving – 75. while a server is away nothing else is begun, one message tries, and nothing counts as an attempt", async () => {
  let isAway = true;
  const begun: string[] = [];
  const numbers = new Set<number>();
  const { subject, reports } = receiver({
    concurrency: 2,
    handle: async ({ context }, { number }) => {
      begun.push(context.messageId);
      numbers.add(number);
      if (isAway) throw unreachable();
    },
  });
  const deliveries = Array.from({ length: 6 }, (_, n) => fakeDelivery({ id: String(n) }));
  for (const delivery of deliveries) subject.deliver(delivery);
  const slow = setInterval(() => {}, 1_000);
  while (begun.length < 5) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(new Set(begun), new Set(["0", "1"]), "the others wait");
  isAway = false;
  while (deliveries.some(({ settled }) => settled.length === 0)) await new Promise((resolve) => setTimeout(resolve, 5));
  clearInterval(slow);
  assert.deepEqual(
    deliveries.map(({ settled }) => settled),
    deliveries.map(() => ["ack"]),
  );
  assert.deepEqual([...numbers], [1]);
  assert.deepEqual(new Set(kinds(reports)), new Set(["paused", "resumed", "handled"]));
});

test("receiver – what is left to a delayed retry is acknowledged when the other instances know that they may handle its copy", async () => {
  const { promise: told, resolve: tell } = Promise.withResolvers<void>();
  const letGo: string[] = [];
  const { subject, reports } = receiver({
    handle: async () => {
      throw new Error("Not yet.");
    },
    onError: () => ({ action: "retry after", milliseconds: 10 }),
    handled: {
      has: () => false,
      add: () => {},
      begin: () => Promise.resolve(true),
      end: () => {},
      settled: async () => {},
      isTakenOver: () => false,
      letGo: async (id) => {
        letGo.push(id);
        await told;
      },
      refresh: async () => {},
    },
  });
  const delivery = fakeDelivery({ id: "1" });
  subject.deliver(delivery);
  await until(() => letGo.length > 0);
  for (let n = 0; n < 10; n += 1) await turn();
  assert.deepEqual([delivery.settled, kinds(reports)], [[], ["failed"]]);
  tell();
  await until(() => delivery.settled.length > 0);
  assert.deepEqual([letGo, delivery.settled], [["1"], ["ack"]]);
});

test("receiving – 75. what is given back untried leaves it to the next one to try whether a server is there", async () => {
  let refreshes = 0;
  const handled = new Set<string>();
  const { subject } = receiver({
    concurrency: 1,
    handled: {
      has: (id) => handled.has(id),
      add: (id) => void handled.add(id),
      begin: (id) => (id === "copy" ? Promise.resolve(false) : undefined),
      end: () => {},
      settled: async () => {},
      isTakenOver: () => false,
      letGo: async () => {},
      async refresh() {
        refreshes += 1;
        if (refreshes === 1) throw unreachable();
      },
    },
  });
  const deliveries = ["first", "copy", "next"].map((id) => fakeDelivery({ id }));
  for (const delivery of deliveries) subject.deliver(delivery);
  await untilSoon(() => deliveries.every(({ settled }) => settled.length > 0));
  assert.deepEqual(
    deliveries.map(({ settled }) => settled),
    [["give back"], ["give back"], ["ack"]],
  );
});

test("receiving – 75. what cannot be stored while a server is away is handled again, although others hold all slots and wait, too", async () => {
  let isAway = true;
  let running = 0;
  const { subject } = receiver({
    concurrency: 2,
    handle: async (_, { storing }) => {
      running += 1;
      assert.ok(running <= 2);
      await turn();
      running -= 1;
      storing();
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (isAway) throw unreachable();
    },
  });
  const deliveries = Array.from({ length: 8 }, (_, n) => fakeDelivery({ id: String(n) }));
  for (const delivery of deliveries) subject.deliver(delivery);
  await new Promise((resolve) => setTimeout(resolve, 200));
  isAway = false;
  await untilSoon(() => deliveries.every(({ settled }) => settled.length > 0));
  assert.deepEqual([...new Set(deliveries.flatMap(({ settled }) => settled))], ["ack"]);
});

test("receiving – 61. what cannot be stored lets those be alone that hold all slots, and is handled again after them", async () => {
  const storing = Promise.withResolvers<void>();
  let attemptsOfFirst = 0;
  const { subject, attempts } = receiver({
    concurrency: 2,
    handle: async ({ context }, attempt) => {
      if (context.messageId !== "first") return;
      attemptsOfFirst += 1;
      if (attemptsOfFirst > 1) return;
      attempt.storing();
      await storing.promise;
    },
  });
  attempts.push("suspicious", "dangerous");
  const first = fakeDelivery({ id: "first" });
  const others = ["suspicious", "dangerous"].map((id) => fakeDelivery({ id, retryCount: 1 }));
  for (const delivery of [first, ...others]) subject.deliver(delivery);
  // Both of them hold a slot by then, and wait until the first is not inside any more.
  for (let n = 0; n < 50; n += 1) await turn();
  assert.deepEqual(
    others.flatMap(({ settled }) => settled),
    [],
  );
  storing.reject(new Error("not stored"));
  await untilSoon(() => [first, ...others].every(({ settled }) => settled.length > 0));
  assert.deepEqual(
    [first, ...others].flatMap(({ settled }) => settled),
    ["ack", "ack", "ack"],
  );
  assert.equal(attemptsOfFirst, 2);
});

test("receiving – what is settled and has its end still noted down leaves nobody alone: no fewer are handed out", async () => {
  const noted = Promise.withResolvers<void>();
  const { subject, wanted } = receiver({
    handle: async () => {
      throw new Error("it fails");
    },
    attempts: { unended: async () => ({ all: 0, alone: 0 }), begin: async () => {}, end: () => noted.promise },
  });
  const deliveries = ["1", "2", "3"].map((id) => fakeDelivery({ id, retryCount: 1 }));
  for (const delivery of deliveries) subject.deliver(delivery);
  await until(() => deliveries.every(({ settled }) => settled[0]?.startsWith("park") === true));
  subject.setLimits(3, undefined);
  assert.deepEqual(wanted, []);
  noted.resolve();
});

test("receiving – 75. 61. however handlers, storing and those that want to be alone fall together while a server is away, all is handled in the end", async () => {
  const plan = fc.record({
    /** Times that it cannot be stored. */
    away: fc.nat(2),
    /** Times that its handler fails. */
    failures: fc.nat(1),
    stores: fc.nat(2),
    isSuspicious: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(plan, { minLength: 1, maxLength: 9 }),
      fc.integer({ min: 1, max: 3 }),
      async (plans, limit) => {
        const times = new Map<string, number>();
        let running = 0;
        let highest = 0;
        const { subject, attempts, wanted } = receiver({
          concurrency: limit,
          handle: async ({ context }, { storing }) => {
            const { away, failures, stores } = plans[Number(context.messageId)]!;
            const time = (times.get(context.messageId) ?? 0) + 1;
            times.set(context.messageId, time);
            highest = Math.max(highest, (running += 1));
            await turn();
            running -= 1;
            if (time <= failures) throw new Error("again");
            storing();
            for (let n = 0; n < stores; n += 1) await turn();
            if (time <= failures + away) throw unreachable();
          },
        });
        const deliveries = plans.map(({ isSuspicious }, n) => {
          if (isSuspicious) attempts.push(String(n));
          return fakeDelivery({ id: String(n), retryCount: isSuspicious ? 1 : 0 });
        });
        for (const delivery of deliveries) subject.deliver(delivery);
        await untilSoon(() => deliveries.every(({ settled }) => settled.length > 0));
        assert.deepEqual([...new Set(deliveries.flatMap(({ settled }) => settled))], ["ack"]);
        assert.ok(highest <= limit, `${highest} at once`);
        assert.deepEqual(wanted, [], "nobody is left alone, so no more are handed out");
      },
    ),
    { numRuns: 25 },
  );
});

test("receiving – 67. what ends after its time is told by what others have stored: nothing of it leaves where they have handled it", async () => {
  const sent: string[] = [];
  const late = Promise.withResolvers<void>();
  let elsewhere: readonly string[] = [];
  const { subject, reports, clock } = receiver({
    handledElsewhere: async () => elsewhere,
    handle: async ({ context }, { confirm, mayRepeat }) => {
      if (context.messageId !== "quick") await late.promise;
      await confirm();
      sent.push(`${context.messageId} ${mayRepeat() ? "alone" : "shared"}`);
    },
  });
  const deliveries = ["quick", "stolen", "slow"].map((id) => fakeDelivery({ id }));
  for (const delivery of deliveries) subject.deliver(delivery);
  await until(() => deliveries[0]!.settled.length > 0);
  clock.now = 1_000;
  elsewhere = ["stolen"];
  late.resolve();
  await until(() => deliveries.every(({ settled }) => settled.length > 0));
  assert.deepEqual(
    kinds(reports).filter((kind) => kind !== "timed out"),
    ["handled", "duplicate", "handled"],
  );
  assert.deepEqual(sent, ["quick shared", "slow alone"]);
});

test("receiving – 67. nothing leaves of what another instance has told meanwhile that it has handled, also in time", async () => {
  const sent: string[] = [];
  const late = Promise.withResolvers<void>();
  const { subject, reports, handled } = receiver({
    handle: async ({ context }, { confirm }) => {
      await late.promise;
      await confirm();
      sent.push(context.messageId);
    },
  });
  const deliveries = ["told", "own"].map((id) => fakeDelivery({ id }));
  for (const delivery of deliveries) subject.deliver(delivery);
  await turn();
  // The server has given it to this instance while another one was about it, which has ended.
  handled.add("told");
  late.resolve();
  await until(() => deliveries.every(({ settled }) => settled.length > 0));
  assert.deepEqual(kinds(reports), ["duplicate", "handled"]);
  assert.deepEqual(sent, ["own"]);
  assert.deepEqual(
    deliveries.map(({ settled }) => settled),
    [["ack"], ["ack"]],
  );
});

test("recoverability – a retry's copy that comes while its original is in hand is no delivery of it: it comes again", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let isBegun = false;
  const { subject } = receiver({
    handle: async () => {
      isBegun = true;
      await promise;
      throw new Error("x");
    },
    onError: () => ({ action: "retry after", milliseconds: 1 }),
  });
  const original = fakeDelivery({ id: ORIGINAL });
  const copy = fakeDelivery({ id: "2", metadata: { "sluice.messageId": ORIGINAL, "sluice.delayedRetries": 1 } });
  subject.deliver(original);
  await until(() => isBegun);
  subject.deliver(copy);
  resolve();
  await until(() => original.settled.length > 0 && copy.settled.length > 0);
  assert.deepEqual(original.settled, ["ack"]);
  assert.deepEqual(copy.settled, ["give back"]);
});
