import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonEvent } from "@eventstore/db-client";
import { command, component, event, Unrecoverable } from "../../src/index.ts";
import { type Bench, bench, parked, read, until } from "./harness.ts";

/** The messages of one test. */
const messagesOf = ({ name }: Bench) => ({
  Do: command(`${name("work")}.Do`, { to: name("work") })<{ n: number }>(),
  Done: event(`${name("work")}.Done`)<{ n: number }>(),
});

test("failures – 41. immediate retries n, then parked with everything needed to understand it; 24. what it sent does not leave", async () => {
  await using b = await bench();
  const { Do, Done } = messagesOf(b);
  const attempts: number[] = [];
  const endpoint = await b.start(
    component(b.name("work"), { immediateRetries: 2, delayedRetries: 0 }, (c) =>
      c.handle(Do, async (m, ctx) => {
        await ctx.publish(Done, m);
        if (m.n !== 1) return;
        attempts.push(ctx.attempt);
        throw new TypeError("the press is stuck");
      }),
    ),
  );
  const id = await b.sender.send(Do, { n: 1 }, { headers: { shift: "night" } });
  await b.sender.send(Do, { n: 2 });
  const [reason] = await parked(b.client, b.name("work"), 1);
  assert.deepEqual(attempts, [1, 2, 3]);
  assert.equal(reason!.component, b.name("work"));
  assert.equal(reason!.attempts, 3);
  assert.equal(reason!.exception.name, "TypeError");
  assert.equal(reason!.exception.message, "the press is stuck");
  assert.equal(reason!.message.messageId, id);
  assert.deepEqual(reason!.message.headers, { shift: "night" });
  // 47. A poison message does not hold up others.
  const left = await until("the other's event has left", async () => {
    const events = await read(b.client, `intermediate.${b.name("work")}`);
    return events.length > 0 && events;
  });
  assert.deepEqual(
    left.map(({ event }) => event!.data),
    [{ n: 2 }],
  );
  assert.equal(endpoint.counts(b.name("work")).failures, 3);
});

test("failures – 43. an unrecoverable error is parked at once", async () => {
  await using b = await bench();
  const { Do } = messagesOf(b);
  let attempts = 0;
  await b.start(
    component(b.name("work"), (c) =>
      c.handle(Do, () => {
        attempts += 1;
        throw new Unrecoverable("this order was never placed");
      }),
    ),
  );
  await b.sender.send(Do, { n: 1 });
  const [reason] = await parked(b.client, b.name("work"), 1);
  assert.equal(reason!.exception.message, "this order was never placed");
  assert.equal(attempts, 1);
});

test("failures – 44. replayed from parked, a message is handled as new", async () => {
  await using b = await bench();
  const { Do } = messagesOf(b);
  let broken = true;
  const done: number[] = [];
  await b.start(
    component(b.name("work"), (c) =>
      c.handle(Do, (m) => {
        if (broken) throw new Unrecoverable("not yet");
        done.push(m.n);
      }),
    ),
  );
  await b.sender.send(Do, { n: 1 });
  await parked(b.client, b.name("work"), 1);
  broken = false;
  await b.client.replayParkedMessagesToStream(`$ce-in.${b.name("work")}`, b.name("work"));
  await until("it is done", () => done.length === 1);
});

test("receiving – 21. bad JSON, an unknown type and a refused body are parked with the reason at once; the next is handled", async () => {
  await using b = await bench();
  const { Do } = messagesOf(b);
  const done: number[] = [];
  const Checked = command(`${b.name("work")}.Checked`, { to: b.name("work") })({
    "~standard": {
      version: 1,
      vendor: "test",
      types: undefined as { readonly input: { n: number }; readonly output: { n: number } } | undefined,
      validate: (value: unknown) =>
        typeof (value as { n: unknown }).n === "number"
          ? { value: value as { n: number } }
          : { issues: [{ message: "must be a number", path: ["n"] }] },
    },
  });
  await b.start(
    component(b.name("work"), { unknownTypeRetries: 0 }, (c) => {
      c.handle(Do, (m) => void done.push(m.n));
      c.handle(Checked, () => assert.fail("it is not handled"));
    }),
  );
  await b.client.appendToStream(
    `in.${b.name("work")}-foreign`,
    jsonEvent({ type: `${b.name("work")}.Do`, data: "{ no JSON" }),
  );
  await b.client.appendToStream(
    `in.${b.name("work")}-foreign`,
    jsonEvent({ type: `${b.name("work")}.Unheard`, data: { n: 1 } }),
  );
  await b.client.appendToStream(
    `in.${b.name("work")}-foreign`,
    jsonEvent({ type: `${b.name("work")}.Checked`, data: { n: "one" } }),
  );
  await b.client.appendToStream(
    `in.${b.name("work")}-foreign`,
    jsonEvent({ type: `${b.name("work")}.Do`, data: { n: 4 } }),
  );
  const reasons = await parked(b.client, b.name("work"), 3);
  assert.deepEqual(reasons.map((reason) => [reason.exception.name, reason.attempts]).toSorted(), [
    ["SchemaRefused", 1],
    ["UnknownMessageType", 1],
    ["UnreadableMessage", 1],
  ]);
  await until("the next is handled", () => done.length === 1);
  assert.deepEqual(done, [4]);
});

test("receiving – 22. a link to an event that is gone is recorded and settled", async () => {
  await using b = await bench();
  const { Do } = messagesOf(b);
  const done: number[] = [];
  const component_ = () => component(b.name("work"), (c) => c.handle(Do, (m) => void done.push(m.n)));
  for (const n of [1, 2, 3]) await b.sender.send(Do, { n });
  await until("they wait", async () => (await read(b.client, `$ce-in.${b.name("work")}`)).length === 3);
  await b.client.setStreamMetadata(`in.${b.name("work")}-${b.name("test")}`, { truncateBefore: 2 });
  const endpoint = await b.start(component_());
  await until("the last is done", () => done.length === 1);
  await until("the others are settled", () => endpoint.counts(b.name("work")).dangling === 2);
  assert.deepEqual(done, [3]);
  // A stream that is deleted while the component runs leaves its own trace in the queue, which is no message either.
  await b.client.deleteStream(`in.${b.name("work")}-${b.name("test")}`);
  await b.sender.send(Do, { n: 4 });
  await until("what comes after is done", () => done.includes(4));
  assert.equal(endpoint.counts(b.name("work")).parked, 0);
});

test("failures – 45. a link back into the queue brings a parked message again, as the same message", async () => {
  await using b = await bench();
  const { Do } = messagesOf(b);
  let broken = true;
  const done: string[] = [];
  await b.start(
    component(b.name("work"), (c) =>
      c.handle(Do, (_, ctx) => {
        if (broken) throw new Unrecoverable("not yet");
        done.push(ctx.messageId);
      }),
    ),
  );
  const id = await b.sender.send(Do, { n: 1 });
  await parked(b.client, b.name("work"), 1);
  broken = false;
  await b.client.appendToStream(`in.${b.name("work")}-retries`, [
    {
      id: crypto.randomUUID(),
      type: "$>",
      contentType: "application/octet-stream",
      data: Buffer.from(`0@in.${b.name("work")}-${b.name("test")}`),
      metadata: {},
    },
  ]);
  await until("it is done", () => done.length === 1);
  assert.deepEqual(done, [id]);
});

test("failures – 62. whatever a handler throws is parked with a readable reason, and the process lives", async () => {
  await using b = await bench();
  const { Do } = messagesOf(b);
  const thrown: readonly unknown[] = [
    undefined,
    Object.assign(new Error("own"), { message: undefined }),
    Object.assign(new Error("own"), { message: { detail: "stuck" } }),
    Object.assign(new Error("own"), { name: 5n }),
    Object.defineProperty(new Error("own"), "message", {
      get() {
        throw new Error("no look");
      },
    }),
    new Proxy(new Error("own"), {
      get() {
        throw new Error("no look");
      },
      getPrototypeOf() {
        throw new Error("no look");
      },
    }),
  ];
  const done: number[] = [];
  await b.start(
    component(b.name("work"), { immediateRetries: 0, delayedRetries: 0 }, (c) =>
      c.handle(Do, ({ n }) => {
        if (n < thrown.length) throw thrown[n];
        done.push(n);
      }),
    ),
  );
  for (let n = 0; n <= thrown.length; n += 1) await b.sender.send(Do, { n });
  const reasons = await parked(b.client, b.name("work"), thrown.length);
  for (const { exception } of reasons) assert.notEqual(exception.message, "");
  await until("the next is handled", () => done.length === 1);
});

test("failures – a message being handled is never parked beside its handling, neither by its instance nor by the server", async () => {
  await using b = await bench();
  const { Do } = messagesOf(b);
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const begun: number[] = [];
  const endpoint = await b.start(
    component(b.name("work"), { messageTimeout: 200, maxDeliveries: 1 }, (c) =>
      c.handle(Do, async ({ n }) => {
        begun.push(n);
        if (n === 1) await released;
      }),
    ),
  );
  await b.sender.send(Do, { n: 1 });
  await until("it is handled", () => begun.length === 1);
  // Each time its time is up the server hands it out again; its own limit was ten times beyond the receiver's.
  await until("the server has handed it out 14 times", async () => {
    const { connections } = await b.client.getPersistentSubscriptionToStreamInfo(
      `$ce-in.${b.name("work")}`,
      b.name("work"),
    );
    return connections.reduce((sum, { totalItems }) => sum + Number(totalItems), 0) >= 14;
  });
  release();
  await until("it is handled", () => endpoint.counts(b.name("work")).handled === 1);
  await b.sender.send(Do, { n: 2 });
  await until("the next is handled", () => endpoint.counts(b.name("work")).handled === 2);
  assert.deepEqual(begun, [1, 2]);
  assert.equal(endpoint.counts(b.name("work")).parked, 0);
  assert.deepEqual(
    await read(b.client, `$persistentsubscription-$ce-in.${b.name("work")}::${b.name("work")}-parked`),
    [],
  );
});
