import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type ActionProgress,
  command,
  component,
  type HandlerContext,
  InvalidBody,
  InvalidHeader,
  NotParked,
  openParked,
  Unrecoverable,
} from "../../src/index.ts";
import { type Bench, bench, parked as reasonsOf, read, until } from "../endpoint/harness.ts";
import { virtualClock } from "../schedule/virtual-clock.ts";

/** The messages of one test. */
const messagesOf = ({ name }: Bench) => ({
  Do: command(`${name("work")}.Do`, { to: name("work") })<{ n: number }>(),
});
const BY = { by: "ann" };

/** A component whose handler fails for the numbers in `broken`, odd ones in another place than even ones. */
function working(b: Bench, done: [number, HandlerContext][], broken: Set<number>) {
  const { Do } = messagesOf(b);
  const odd = (n: number): void => {
    throw new RangeError(`odd ${n}`);
  };
  const even = (n: number): void => {
    throw new TypeError(`even ${n}`);
  };
  return component(b.name("work"), { immediateRetries: 0, delayedRetries: 0 }, (c) =>
    c.handle(Do, ({ n }, ctx) => {
      if (broken.has(n)) (n % 2 === 1 ? odd : even)(n);
      done.push([n, ctx]);
    }),
  );
}

/** Counts up to `count` are sent, and all of them are parked. */
async function park(b: Bench, count: number) {
  const { Do } = messagesOf(b);
  const done: [number, HandlerContext][] = [];
  const broken = new Set(Array.from({ length: count }, (_, n) => n));
  const endpoint = await b.start(working(b, done, broken));
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) {
    ids.push(await b.sender.send(Do, { n }, { headers: { n }, timeToBeReceived: 60_000 }));
    // In the order they are sent.
    await reasonsOf(b.client, b.name("work"), n + 1);
  }
  const messages = openParked(b.name("work"), { connectionString: b.connectionString });
  return { done, broken, endpoint, ids, messages };
}

test("parked – listed in pages with group, failures, headers and exactly the body's bytes; counted by group", async () => {
  await using b = await bench();
  const { ids, messages } = await park(b, 5);
  try {
    const groups = await messages.groups();
    assert.deepEqual(
      groups.map(({ failureGroup, count }) => [failureGroup.replace(/:\d+/, ""), count]),
      [
        ["TypeError at even (parked.test.ts)", 3],
        ["RangeError at odd (parked.test.ts)", 2],
      ],
    );
    const first = await messages.list({ limit: 3 });
    const second = await messages.list({ limit: 3, from: first.next });
    assert.equal(second.next, undefined);
    const all = [...first.messages, ...second.messages];
    assert.deepEqual(
      all.map(({ message }) => message!.id),
      ids,
    );
    assert.deepEqual(
      all.map(({ message }) => message!.headers["n"]),
      [0, 1, 2, 3, 4],
    );
    assert.deepEqual(
      all.map(({ message }) => JSON.parse(Buffer.from(message!.body).toString())),
      [0, 1, 2, 3, 4].map((n) => ({ n })),
    );
    assert.deepEqual(
      all.map(({ exception, attempts, replays }) => [exception.message, attempts, replays]).slice(0, 2),
      [
        ["even 0", 1, 0],
        ["odd 1", 1, 0],
      ],
    );
    const [newest] = all.slice(-1);
    assert.ok(newest!.firstFailedAt <= newest!.lastFailedAt && newest!.firstFailedAt >= all[0]!.firstFailedAt);
    const ofGroup = await messages.list({ failureGroup: groups[1]!.failureGroup });
    assert.deepEqual(
      ofGroup.messages.map(({ message }) => message!.id),
      [ids[1], ids[3]],
    );
  } finally {
    await messages.close();
  }
});

test("failures – 44. retried from parked: one, a group, all; handled as new, history kept in headers, and no longer listed", async () => {
  await using b = await bench();
  const { done, broken, ids, messages } = await park(b, 6);
  try {
    broken.clear();
    const [first] = (await messages.list({ limit: 1 })).messages;
    await messages.retry({ ids: [first!.id] }, BY);
    await until("the one is handled", () => done.length === 1);
    const [group] = (await messages.groups()).toSorted((x, y) => y.failureGroup.localeCompare(x.failureGroup));
    assert.match(group!.failureGroup, /^TypeError/);
    assert.equal(group!.count, 2);
    assert.deepEqual(await messages.retry({ failureGroup: group!.failureGroup }, BY), { total: 2, done: 2, gone: 0 });
    await until("the group is handled", () => done.length === 3);
    assert.deepEqual(
      done.map(([n]) => n),
      [0, 2, 4],
    );
    const told: ActionProgress[] = [];
    await messages.retry("all", { ...BY, onProgress: (progress) => void told.push(progress) });
    await until("all are handled", () => done.length === 6);
    assert.deepEqual(told, [
      { total: 3, done: 0, gone: 0 },
      { total: 3, done: 3, gone: 0 },
    ]);
    assert.deepEqual(await messages.groups(), []);
    assert.deepEqual((await messages.list()).messages, []);
    // Nothing is left to be retried, and nothing comes again.
    assert.deepEqual(await messages.retry("all", BY), { total: 0, done: 0, gone: 0 });
    for (const [n, context] of done) {
      assert.equal(context.messageId, ids[n]);
      assert.deepEqual(context.headers, { n });
      assert.equal(context.delayedRetries, 0);
      assert.ok(context.isRedelivery);
    }
    const [copy] = await read(b.client, `in.${b.name("work")}-retries`);
    const headers = copy!.event!.metadata as Record<string, unknown>;
    assert.equal(headers["sluice.replays"], 1);
    assert.equal(headers["sluice.lastFailure"], "TypeError: even 0");
    assert.equal(Date.parse(String(headers["sluice.firstFailedAt"])), first!.firstFailedAt.getTime());
    const [record] = await read(b.client, `parked.${b.name("work")}`);
    assert.deepEqual((record!.event!.data as { parked: unknown; by: unknown }).by, "ann");
  } finally {
    await messages.close();
  }
});

test("failures – 44. what fails again is parked anew, with the number of replays and its first failure", async () => {
  await using b = await bench();
  const { messages } = await park(b, 1);
  try {
    const [before] = (await messages.list()).messages;
    await messages.retry("all", BY);
    await reasonsOf(b.client, b.name("work"), 2);
    const { messages: after } = await messages.list();
    assert.equal(after.length, 1);
    assert.notEqual(after[0]!.id, before!.id);
    assert.equal(after[0]!.replays, 1);
    assert.equal(after[0]!.message!.id, before!.message!.id);
    assert.deepEqual(after[0]!.firstFailedAt, before!.firstFailedAt);
    await messages.retry("all", BY);
    await reasonsOf(b.client, b.name("work"), 3);
    assert.equal((await messages.list()).messages[0]!.replays, 2);
  } finally {
    await messages.close();
  }
});

test("time – 40. an error copy does not expire: retried from parked it is handled, however late", async () => {
  const clock = virtualClock(Date.UTC(2026, 0, 1, 12));
  await using b = await bench({ clock });
  const { done, broken, endpoint, messages } = await park(b, 1);
  try {
    clock.turn(24 * 3_600_000);
    broken.clear();
    await messages.retry("all", BY);
    await until("it is handled", () => done.length === 1);
    assert.equal(endpoint.counts(b.name("work")).expired, 0);
  } finally {
    await messages.close();
  }
});

test("failures – 45. edited and retried: the original stays, another message is handled, its history in headers", async () => {
  await using b = await bench();
  const { done, ids, messages } = await park(b, 2);
  try {
    const [first] = (await messages.list()).messages;
    const edit = (change: Parameters<typeof messages.edit>[1]) => messages.edit(first!.id, change, BY);
    await assert.rejects(edit({ body: Object("text") }), InvalidBody);
    await assert.rejects(edit({ headers: { "sluice.replays": 7 } }), InvalidHeader);
    const id = await edit({ body: { n: 17 }, headers: { why: "corrected", n: undefined } });
    await until("it is handled", () => done.length === 1);
    const [n, context] = done[0]!;
    assert.equal(n, 17);
    assert.equal(context.messageId, id);
    assert.notEqual(id, ids[0]);
    assert.equal(context.correlationId, ids[0]);
    assert.deepEqual(context.headers, { why: "corrected" });
    const [copy] = await read(b.client, `in.${b.name("work")}-retries`);
    assert.equal((copy!.event!.metadata as Record<string, unknown>)["sluice.editOf"], ids[0]);
    const [original] = await read(b.client, `in.${b.name("work")}-${b.name("test")}`);
    assert.deepEqual(original!.event!.data, { n: 0 });
    assert.deepEqual(
      (await messages.list()).messages.map(({ message }) => message!.id),
      [ids[1]],
    );
    await assert.rejects(edit({ body: { n: 18 } }), NotParked);
    await assert.rejects(messages.edit("no id", {}, BY), NotParked);
  } finally {
    await messages.close();
  }
});

test("parked – archived with who and when: no longer listed, never handled; a message that is gone is told, and can be archived", async () => {
  await using b = await bench();
  const { broken, done, messages } = await park(b, 3);
  try {
    const { messages: all } = await messages.list();
    assert.deepEqual(await messages.archive({ ids: [all[0]!.id] }, BY), { total: 1, done: 1, gone: 0 });
    const [{ event } = { event: undefined }] = await read(b.client, `parked.${b.name("work")}`);
    const { parked, by, at } = event!.data as { parked: unknown; by: string; at: string };
    assert.deepEqual([parked, by, Number.isNaN(Date.parse(at))], [[all[0]!.id], "ann", false]);
    broken.clear();
    await b.client.deleteStream(`in.${b.name("work")}-${b.name("test")}`);
    const { messages: rest } = await messages.list();
    assert.deepEqual(
      rest.map(({ message }) => message),
      [undefined, undefined],
    );
    assert.deepEqual(await messages.retry("all", BY), { total: 2, done: 2, gone: 2 });
    assert.equal((await messages.list()).messages.length, 2);
    await messages.archive("all", BY);
    assert.deepEqual((await messages.list()).messages, []);
    assert.deepEqual(done, []);
  } finally {
    await messages.close();
  }
});

test("parked – what was parked by the server or with an unknown reason is listed, too", async () => {
  await using b = await bench();
  const { messages } = await park(b, 1);
  try {
    const stream = `$persistentsubscription-$ce-in.${b.name("work")}::${b.name("work")}-parked`;
    for (const reason of ["Reached retry count of 10", "Client explicitly NAK'ed message.\n{ no JSON", undefined]) {
      await b.client.appendToStream(stream, {
        id: crypto.randomUUID(),
        type: "$>",
        contentType: "application/octet-stream",
        data: Buffer.from(`0@$ce-in.${b.name("work")}`),
        metadata: { added: new Date().toISOString(), ...(reason === undefined ? {} : { reason }) },
      });
    }
    const groups = (await messages.groups()).map(({ failureGroup }) => failureGroup);
    assert.ok(
      groups.includes("Reached retry count of 10") && groups.includes("Parked without a reason"),
      groups.join(),
    );
    assert.equal((await messages.list()).messages.length, 4);
  } finally {
    await messages.close();
  }
});

test("parked – a signal ends an action between two batches; what is done stays done, and the next call goes on", async () => {
  await using b = await bench();
  const { Do } = messagesOf(b);
  const done: [number, HandlerContext][] = [];
  const broken = new Set(Array.from({ length: 60 }, (_, n) => n));
  await b.start(
    component(b.name("work"), (c) =>
      c.handle(Do, ({ n }, ctx) => {
        if (broken.has(n)) throw new Unrecoverable("not yet");
        done.push([n, ctx]);
      }),
    ),
  );
  await Promise.all([...broken].map((n) => b.sender.send(Do, { n })));
  await reasonsOf(b.client, b.name("work"), 60);
  broken.clear();
  const messages = openParked(b.name("work"), { connectionString: b.connectionString });
  try {
    const stop = new AbortController();
    const onProgress = (progress: ActionProgress): void => void (progress.done > 0 && stop.abort());
    await assert.rejects(messages.retry("all", { ...BY, signal: stop.signal, onProgress }), { name: "AbortError" });
    assert.deepEqual(await messages.retry("all", BY), { total: 10, done: 10, gone: 0 });
    await until("all are handled", () => done.length === 60);
    assert.equal((await read(b.client, `in.${b.name("work")}-retries`)).length, 60);
  } finally {
    await messages.close();
  }
});

test("parked – what the error policy sends of a failure after a replay is another message than that of the same failure before", async () => {
  await using b = await bench();
  const { Do } = messagesOf(b);
  const Alarm = command(`${b.name("desk")}.Alarm`, { to: b.name("desk") })<{ replays: unknown }>();
  const alarms: unknown[] = [];
  const desk = component(b.name("desk"), (c) => c.handle(Alarm, ({ replays }) => void alarms.push(replays)));
  const work = component(
    b.name("work"),
    {
      recover: async ({ message, send }) => {
        await send(Alarm, { replays: message.headers["sluice.replays"] ?? 0 });
        return { action: "park" };
      },
    },
    (c) => {
      c.handle(Do, () => {
        throw new Error("It fails.");
      });
    },
  );
  const endpoint = await b.start(desk, work);
  await b.sender.send(Do, { n: 1 });
  await reasonsOf(b.client, b.name("work"), 1);
  const messages = openParked(b.name("work"), { connectionString: b.connectionString });
  try {
    await messages.retry("all", BY);
    await until("it is parked again", () => endpoint.counts(b.name("work")).parked === 2);
    await until("both alarms have come", () => alarms.length === 2);
    assert.deepEqual(alarms, [0, 1]);
  } finally {
    await messages.close();
  }
});
