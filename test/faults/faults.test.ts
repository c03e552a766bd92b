import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import {
  CancelledError,
  DeadlineExceededError,
  EventStoreDBClient,
  jsonEvent,
  persistentSubscriptionToStreamSettingsFromDefaults,
  TimeoutError,
  UnavailableError,
  UnknownError,
} from "@eventstore/db-client";
import { until } from "../until.ts";
import { bench } from "./bench.ts";
import { startFaultProxy } from "./fault-proxy.ts";
import type { Fault } from "./fault.ts";

const event = (n: number) => jsonEvent({ type: "counted", data: { n } });
const LOGIN = { credentials: { username: "admin", password: "changeit" } };
const APPEND = /Streams\/(Batch)?Append$/;
const stored = async (client: EventStoreDBClient): Promise<unknown[]> => {
  const seen: unknown[] = [];
  for await (const { event } of client.readStream("numbers")) seen.push(event?.data);
  return seen;
};
const answer = (code: number, message: string): Fault => ({ kind: "answer", code, message });

// With a login the client makes a call for each append, without one it keeps one call open for all of them.
for (const [way, options] of Object.entries({ "in a call of its own": LOGIN, "in a batch": {} })) {
  test(`an answer – an append ${way} is told so and not stored; others are`, async () => {
    await using system = await bench();
    const { client, direct, proxy } = system;
    await client.appendToStream("numbers", event(0), options);
    proxy.script({ method: APPEND, times: 1, fault: answer(10, "100 % lost, naïvely") });
    await assert.rejects(
      client.appendToStream("numbers", event(1), options),
      (error) => error instanceof TimeoutError && error.message === "10 ABORTED: 100 % lost, naïvely",
    );
    await client.appendToStream("numbers", event(2), options);
    assert.deepEqual(await stored(direct), [{ n: 0 }, { n: 2 }]);
  });

  test(`an answer afterwards – an append ${way} is stored although the client is told otherwise`, async () => {
    await using system = await bench();
    const { client, direct, proxy } = system;
    await client.appendToStream("numbers", event(0), options);
    const fault: Fault = { kind: "answer afterwards", code: 10, message: "Operation timed out" };
    proxy.script({ method: APPEND, times: 1, fault });
    await assert.rejects(client.appendToStream("numbers", event(1), options), TimeoutError);
    assert.deepEqual(await stored(direct), [{ n: 0 }, { n: 1 }]);
    await client.appendToStream("numbers", event(2), options);
    assert.deepEqual(await stored(direct), [{ n: 0 }, { n: 1 }, { n: 2 }]);
  });

  test(`dropped – an append ${way} is stored and never answered`, async () => {
    await using system = await bench();
    const { client, direct, proxy } = system;
    await client.appendToStream("numbers", event(0), options);
    proxy.script({ method: APPEND, times: 1, fault: { kind: "drop" } });
    await assert.rejects(client.appendToStream("numbers", event(1), options), CancelledError);
    proxy.script({ method: APPEND, times: 1, fault: { kind: "drop", what: "connection" } });
    await assert.rejects(client.appendToStream("numbers", event(2), options), UnavailableError);
    assert.deepEqual(await stored(direct), [{ n: 0 }, { n: 1 }, { n: 2 }]);
    await client.appendToStream("numbers", event(3), options);
  });

  test(`frozen – an append ${way} comes through when the time has come`, async () => {
    await using system = await bench();
    const { client, direct, proxy } = system;
    await client.appendToStream("numbers", event(0), options);
    const thaw = Promise.withResolvers<void>();
    proxy.script({ method: APPEND, times: 1, fault: { kind: "freeze until", promise: thaw.promise } });
    const appended = client.appendToStream("numbers", event(1), options);
    await until(async () => (proxy.calls.at(-1)?.outcome === "freeze until" ? true : undefined));
    assert.deepEqual(await stored(direct), [{ n: 0 }]);
    thaw.resolve();
    await appended;
    assert.deepEqual(await stored(direct), [{ n: 0 }, { n: 1 }]);
  });
}

test("silence – a call ends by its own deadline and never reaches the server", async () => {
  await using system = await bench();
  const { client, direct, proxy } = system;
  await client.appendToStream("numbers", event(0), LOGIN);
  proxy.script({ method: "Append", fault: { kind: "silence" } });
  await assert.rejects(
    client.appendToStream("numbers", event(1), { ...LOGIN, deadline: 200 }),
    (error) => error instanceof DeadlineExceededError && error.code === 4,
  );
  assert.deepEqual(await stored(direct), [{ n: 0 }]);
});

test("silence – one append of a batch is swallowed, the next ones are not", async () => {
  await using system = await bench();
  const { client, direct, proxy } = system;
  await client.appendToStream("numbers", event(0));
  proxy.script({ method: "BatchAppend", times: 1, fault: { kind: "silence" } });
  const lost = client.appendToStream("numbers", event(1)).then(
    () => "answered",
    () => "given up",
  );
  await client.appendToStream("numbers", event(2));
  assert.deepEqual(await stored(direct), [{ n: 0 }, { n: 2 }]);
  assert.equal(proxy.endOpenCalls("BatchAppend", { code: 14, message: "over" }), 1);
  assert.equal(await lost, "given up");
});

test("delay – a call comes late", async () => {
  await using system = await bench();
  const { client, proxy } = system;
  proxy.script({ method: "Append", fault: { kind: "delay", milliseconds: 300 } });
  const before = performance.now();
  await client.appendToStream("numbers", event(0), LOGIN);
  assert.ok(performance.now() - before >= 299);
});

test("dropped – a subscription ends in place of the message after as many as asked for", async () => {
  await using system = await bench();
  const { client, direct, proxy } = system;
  const settings = persistentSubscriptionToStreamSettingsFromDefaults();
  await client.createPersistentSubscriptionToStream("numbers", "group", settings);
  // The confirmation is one of them.
  proxy.script({ method: "PersistentSubscriptions/Read", times: 1, fault: { kind: "drop", afterMessages: 3 } });
  const subscription = client.subscribeToPersistentSubscriptionToStream("numbers", "group");
  await once(subscription, "confirmation");
  for (const n of [0, 1]) {
    // The client throws away what it has not yet given out when a call fails: one after the other.
    const heard = once(subscription, "data");
    await direct.appendToStream("numbers", event(n));
    assert.deepEqual((await heard)[0].event.data, { n });
  }
  const failed = once(subscription, "error");
  await direct.appendToStream("numbers", event(2));
  assert.ok((await failed)[0] instanceof CancelledError);
});

test("rules – the first that matches and is not used up decides; by what the request says; until it is taken back", async () => {
  await using system = await bench();
  const { client, proxy } = system;
  const about = (name: string) => (request: Buffer) => request.includes(name);
  proxy.script({ method: APPEND, times: 1, when: about("numbers"), fault: answer(2, "first") });
  using second = proxy.script({ method: APPEND, when: about("numbers"), fault: answer(2, "second") });
  await client.appendToStream("letters", event(0), LOGIN);
  for (const message of ["2 UNKNOWN: first", "2 UNKNOWN: second", "2 UNKNOWN: second"]) {
    await assert.rejects(
      client.appendToStream("numbers", event(0), LOGIN),
      (error) => error instanceof UnknownError && error.message === message,
    );
  }
  second[Symbol.dispose]();
  await client.appendToStream("numbers", event(0), LOGIN);
  assert.deepEqual(
    proxy.calls.filter(({ method }) => APPEND.test(method)).map(({ outcome }) => outcome),
    ["forwarded", "answer", "answer", "answer", "forwarded"],
  );
});

test("open calls – a subscription is ended by a status in the middle", async () => {
  await using system = await bench();
  const { client, proxy } = system;
  const settings = persistentSubscriptionToStreamSettingsFromDefaults();
  await client.createPersistentSubscriptionToStream("numbers", "group", settings);
  const subscription = client.subscribeToPersistentSubscriptionToStream("numbers", "group");
  await once(subscription, "confirmation");
  const failed = once(subscription, "error");
  assert.equal(proxy.endOpenCalls("PersistentSubscriptions/Read", { code: 14, message: "Server Is Not Ready" }), 1);
  const [error] = await failed;
  assert.ok(error instanceof UnavailableError);
  assert.equal(error.message, "14 UNAVAILABLE: Server Is Not Ready");
});

test("connections – cut in the middle of a call, the client reads ECONNRESET, and goes on", async () => {
  await using system = await bench();
  const { client, direct, proxy } = system;
  await client.appendToStream("numbers", event(0));
  const subscription = client.subscribeToAll();
  await once(subscription, "confirmation");
  const failed = once(subscription, "error");
  proxy.cutConnections();
  const [error] = await failed;
  assert.ok(error instanceof UnavailableError);
  assert.match(error.message, /^14 UNAVAILABLE: (read ECONNRESET|Connection dropped)$/);
  await until(() => client.appendToStream("numbers", event(1)).catch(() => undefined));
  assert.deepEqual((await stored(direct)).at(-1), { n: 1 });
});

test("connections – refused while the proxy is away, taken when it is back", async () => {
  await using system = await bench();
  const { client, proxy } = system;
  await client.appendToStream("numbers", event(0), LOGIN);
  await proxy.goAway();
  const refused = await until(() =>
    client.appendToStream("numbers", event(1), LOGIN).then(
      () => assert.fail("nobody listens"),
      (error: Error) => (error.message.includes("ECONNREFUSED") ? error : undefined),
    ),
  );
  assert.ok(refused instanceof UnavailableError);
  await proxy.comeBack();
  await until(() => client.appendToStream("numbers", event(2), LOGIN).catch(() => undefined));
});

test("suspended – nothing passes, then everything does", async () => {
  await using system = await bench();
  const { client, direct, proxy } = system;
  await client.appendToStream("numbers", event(0), LOGIN);
  const suspension = proxy.suspended();
  await assert.rejects(client.appendToStream("numbers", event(1), { ...LOGIN, deadline: 200 }), DeadlineExceededError);
  const appended = client.appendToStream("numbers", event(2), LOGIN);
  assert.deepEqual(await stored(direct), [{ n: 0 }]);
  suspension[Symbol.dispose]();
  await appended;
});

test("another target – new calls go there", async () => {
  await using one = await bench();
  await using other = await bench();
  await one.client.appendToStream("numbers", event(0));
  const subscription = one.client.subscribeToStream("numbers", { fromRevision: "end" });
  await once(subscription, "confirmation");
  one.proxy.retarget(other.server.port);
  await one.client.appendToStream("numbers", event(1), LOGIN);
  assert.deepEqual(await stored(other.direct), [{ n: 1 }]);
  // What is under way stays where it is.
  const heard = once(subscription, "data");
  await one.direct.appendToStream("numbers", event(2));
  assert.deepEqual((await heard)[0].event.data, { n: 2 });
});

test("a server far away – each answer is on its way as long, and none is lost", async () => {
  const latency = 100;
  await using system = await bench();
  await using far = await startFaultProxy({ target: system.server.port, latency });
  const client = EventStoreDBClient.connectionString(far.connectionString);
  const before = performance.now();
  await client.appendToStream("numbers", event(0));
  assert.ok(performance.now() - before >= latency);
  await Promise.all(Array.from({ length: 20 }, (_, n) => client.appendToStream("numbers", event(n + 1))));
  assert.equal((await stored(system.direct)).length, 21);
  await client.dispose();
});
