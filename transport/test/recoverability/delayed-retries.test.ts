import assert from "node:assert/strict";
import { test } from "node:test";
import { command, component, event, type FailedMessage, type HandlerContext } from "../../src/index.ts";
import { type Bench, bench, parked, read, until } from "../endpoint/harness.ts";
import { virtualClock } from "../schedule/virtual-clock.ts";

/** The messages of one test. */
const messagesOf = ({ name }: Bench) => ({
  Do: command(`${name("work")}.Do`, { to: name("work") })<{ n: number }>(),
  Bytes: command(`${name("work")}.Bytes`, { to: name("work") })<Uint8Array>(),
});

test("failures – 41. immediate retries n, delayed retries m, then parked with all of it told; 13. a delayed retry counts immediate ones anew and keeps the number of delayed ones; 56. ids stay", async () => {
  await using b = await bench();
  const { Do } = messagesOf(b);
  const attempts: [number, number][] = [];
  const contexts: HandlerContext[] = [];
  const endpoint = await b.start(
    component(b.name("work"), { immediateRetries: 1, delayedRetries: 2, timeIncrease: 20 }, (c) =>
      c.handle(Do, (_, ctx) => {
        attempts.push([ctx.delayedRetries, ctx.attempt]);
        contexts.push(ctx);
        throw new TypeError("the press is stuck");
      }),
    ),
  );
  const before = Date.now();
  const id = await b.sender.send(Do, { n: 1 }, { headers: { shift: "Nachtschicht „Ω“" }, correlationId: "order 17" });
  const [reason] = await parked(b.client, b.name("work"), 1);
  assert.deepEqual(attempts, [
    [0, 1],
    [0, 2],
    [1, 1],
    [1, 2],
    [2, 1],
    [2, 2],
  ]);
  for (const { messageId, correlationId, headers, sentAt, source } of contexts) {
    assert.deepEqual(
      { messageId, correlationId, headers, sentAt, source },
      {
        messageId: id,
        correlationId: "order 17",
        headers: { shift: "Nachtschicht „Ω“" },
        sentAt: contexts[0]!.sentAt,
        source: b.name("test"),
      },
    );
  }
  assert.deepEqual(
    contexts.map(({ isRedelivery }) => isRedelivery),
    [false, true, true, true, true, true],
  );
  assert.equal(reason!.attempts, 2);
  assert.equal(reason!.delayedRetries, 2);
  assert.equal(reason!.replays, 0);
  assert.equal(reason!.message.messageId, id);
  assert.match(reason!.failureGroup, /^TypeError at .*delayed-retries\.test\.ts:\d+/);
  const [first, last] = [Date.parse(reason!.firstFailedAt), Date.parse(reason!.lastFailedAt)];
  assert.ok(before <= first && first + 60 <= last, `${first} to ${last}`);
  assert.equal(endpoint.counts(b.name("work")).delayed, 2);
  assert.equal(endpoint.counts(b.name("work")).failures, 6);
  const retried = await read(b.client, `in.${b.name("work")}-retries`);
  assert.deepEqual(
    retried.map(({ event }) => (event!.metadata as Record<string, unknown>)["sluice.lastFailure"]),
    ["TypeError: the press is stuck", "TypeError: the press is stuck"],
  );
});

test("failures – a message that waits for a delayed retry comes back with exactly its body's bytes, and is handled", async () => {
  await using b = await bench();
  const { Bytes } = messagesOf(b);
  const body = Uint8Array.from({ length: 256 }, (_, n) => n);
  const got: Uint8Array[] = [];
  const endpoint = await b.start(
    component(b.name("work"), { immediateRetries: 0, timeIncrease: 1 }, (c) =>
      c.handle(Bytes, (bytes, { delayedRetries }) => {
        if (delayedRetries === 0) throw new Error("not yet");
        got.push(bytes);
      }),
    ),
  );
  await b.sender.send(Bytes, body);
  await until("it is handled", () => got.length === 1);
  assert.deepEqual(got[0], body);
  assert.equal(endpoint.counts(b.name("work")).parked, 0);
});

test("failures – 47. what waits for a delayed retry holds up nobody, costs one timer, and comes in its time, not before", async () => {
  const clock = virtualClock(Date.UTC(2026, 0, 1, 12, 0, 50));
  await using b = await bench({ clock });
  const { Do } = messagesOf(b);
  const done: number[] = [];
  const endpoint = await b.start(
    component(b.name("work"), { concurrency: 1, immediateRetries: 0, timeIncrease: 30_000 }, (c) =>
      c.handle(Do, ({ n }, { delayedRetries }) => {
        if (n < 20 && delayedRetries === 0) throw new Error("not yet");
        done.push(n);
      }),
    ),
  );
  for (let n = 0; n <= 20; n += 1) await b.sender.send(Do, { n });
  await until("the last is handled", () => done.length === 1);
  assert.equal(endpoint.counts(b.name("work")).delayed, 20);
  await until("its minute is known", () => clock.timers === 1);
  clock.turn(29_999);
  await until("the minute was read", () => clock.timers === 1);
  assert.deepEqual(done, [20]);
  // Chance adds a fifth at most.
  clock.turn(6_001);
  await until("all are handled", () => done.length === 21);
  assert.deepEqual(
    done.slice(1).toSorted((x, y) => x - y),
    Array.from({ length: 20 }, (_, n) => n),
  );
});

test("failures – 42. a custom policy decides per exception: discard, handled, park, retry, retry after, or the default", async () => {
  await using b = await bench();
  const { Do } = messagesOf(b);
  const attempts = new Map<number, number>();
  const asked: FailedMessage[] = [];
  const endpoint = await b.start(
    component(
      b.name("work"),
      {
        immediateRetries: 0,
        delayedRetries: 0,
        recover: (failed) => {
          asked.push(failed);
          switch ((failed.error as Error).message) {
            case "1":
              return { action: "discard" };
            case "2":
              return { action: "handled" };
            case "3":
              return { action: "park" };
            case "4":
              return failed.immediateFailures < 5 ? { action: "retry" } : { action: "discard" };
            case "5":
              return { action: "retry after", milliseconds: 5 };
            default:
              return undefined;
          }
        },
      },
      (c) =>
        c.handle(Do, ({ n }, { delayedRetries }) => {
          attempts.set(n, (attempts.get(n) ?? 0) + 1);
          if (n === 5 && delayedRetries === 1) return;
          throw new RangeError(String(n));
        }),
    ),
  );
  for (let n = 1; n <= 6; n += 1) await b.sender.send(Do, { n }, { headers: { n } });
  const reasons = await parked(b.client, b.name("work"), 2);
  await until(
    "all are settled",
    () => endpoint.counts(b.name("work")).handled === 1 && endpoint.counts(b.name("work")).discarded === 2,
  );
  assert.deepEqual(reasons.map(({ exception }) => exception.message).toSorted(), ["3", "6"]);
  assert.deepEqual([...attempts.values()], [1, 1, 1, 5, 2, 1]);
  const first = asked.find(({ error }) => (error as Error).message === "1")!;
  assert.equal(first.receiveAddress, b.name("work"));
  assert.equal(first.message.headers["n"], 1);
  assert.deepEqual(JSON.parse(Buffer.from(first.message.body).toString()), { n: 1 });
});

test("failures – 16. when the policy itself throws it is told with that exception, and the message is delivered again", async () => {
  await using b = await bench();
  const { Do } = messagesOf(b);
  let broken = 2;
  const done: number[] = [];
  await b.start(
    component(
      b.name("work"),
      {
        recover: () => {
          broken -= 1;
          throw new SyntaxError("the policy is wrong");
        },
      },
      (c) =>
        c.handle(Do, ({ n }) => {
          if (broken > 0) throw new Error("fails");
          done.push(n);
        }),
    ),
  );
  await b.sender.send(Do, { n: 1 });
  await until("it is handled", () => done.length === 1);
  const told = b.seen.filter((event) => event.kind === "critical");
  assert.deepEqual(
    told.map(({ error }) => (error as Error).message),
    ["the policy is wrong", "the policy is wrong"],
  );
});

test("failures – 17. what the policy sends leaves at once, once for each attempt, although it does not wait for it", async () => {
  await using b = await bench();
  const { Do } = messagesOf(b);
  const Failed = event(`${b.name("work")}.Failed`)<{ n: number; attempt: number }>();
  const Undo = command(`${b.name("undo")}.Undo`, { to: b.name("undo") })<{ n: number }>();
  const told: string[] = [];
  const endpoint = await b.start(
    component(
      b.name("work"),
      {
        recover: async ({ immediateFailures: attempt, send, publish }) => {
          void publish(Failed, { n: 1, attempt });
          if (attempt === 1) return { action: "retry" };
          await send(Undo, { n: 1 });
          return { action: "handled" };
        },
      },
      (c) =>
        c.handle(Do, () => {
          throw new Error("fails");
        }),
    ),
    component(b.name("undo"), (c) => {
      c.handle(Undo, ({ n }, { causationId }) => void told.push(`undo ${n} because of ${causationId}`));
      c.handle(Failed, ({ attempt }) => void told.push(`failed ${attempt}`));
    }),
  );
  const id = await b.sender.send(Do, { n: 1 });
  await until("all is told", () => told.length === 3);
  assert.deepEqual(told.toSorted(), ["failed 1", "failed 2", `undo 1 because of ${id}`]);
  assert.equal(endpoint.counts(b.name("work")).handledByPolicy, 1);
});
