import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test, type TestContext } from "node:test";
import {
  type AllStreamSubscription,
  binaryEvent,
  END,
  eventTypeFilter,
  excludeSystemEvents,
  type Position,
  START,
  type StreamSubscription,
  streamNameFilter,
} from "@eventstore/db-client";
import { all, counted, countedUpTo, runningServer } from "../grpc/running-server.ts";
import { until } from "../until.ts";

/** Notes all that a subscription does, in short. */
function watch(t: TestContext, subscribed: StreamSubscription | AllStreamSubscription) {
  const log: string[] = [];
  // Both kinds say the same things; only their types do not.
  const subscription = subscribed as StreamSubscription;
  subscription.on("confirmation", () => log.push("confirmed"));
  subscription.on("caughtUp", () => log.push("caught up"));
  subscription.on("error", (error: unknown) => log.push(`error ${(error as { type?: string }).type}`));
  subscription.on("data", ({ event, link }) => {
    const target = event ? `${event.revision}@${event.streamId}` : "nothing";
    log.push(link ? `${link.revision}@${link.streamId} -> ${target}` : target);
  });
  t.after(() => subscription.unsubscribe());
  return {
    log,
    /** Waits for an entry. */
    async has(entry: string): Promise<void> {
      await until(`"${entry}" in ${JSON.stringify(log)}`, () => log.includes(entry));
    },
  };
}

const link = (to: string) => binaryEvent({ id: randomUUID(), type: "$>", data: Buffer.from(to) });

test("subscribing – first what is there, then caught up, then what comes", async (t) => {
  const { client } = await runningServer(t);
  await client.appendToStream("s", countedUpTo(100));
  const start = watch(t, client.subscribeToStream("s"));
  const later = watch(t, client.subscribeToStream("s", { fromRevision: 97n }));
  const end = watch(t, client.subscribeToStream("s", { fromRevision: END }));
  for (const each of [start, later, end]) await each.has("caught up");
  await client.appendToStream("s", counted(100));
  for (const each of [start, later, end]) await each.has("100@s");
  assert.deepEqual(start.log, ["confirmed", ...Array.from({ length: 100 }, (_, i) => `${i}@s`), "caught up", "100@s"]);
  assert.deepEqual(later.log, ["confirmed", "98@s", "99@s", "caught up", "100@s"]);
  assert.deepEqual(end.log, ["confirmed", "caught up", "100@s"]);
});

test("subscribing – to a stream that is not there yet, or not that far", async (t) => {
  const { client } = await runningServer(t);
  await client.appendToStream("there", countedUpTo(2));
  const missing = watch(t, client.subscribeToStream("missing"));
  const missingFromEnd = watch(t, client.subscribeToStream("missing", { fromRevision: END }));
  const future = watch(t, client.subscribeToStream("there", { fromRevision: 4n }));
  await missingFromEnd.has("caught up");
  await future.has("caught up");
  await missing.has("confirmed");
  assert.deepEqual(missing.log, ["confirmed"]);
  await client.appendToStream("missing", countedUpTo(2));
  await client.appendToStream("there", countedUpTo(6));
  await missing.has("caught up");
  await missingFromEnd.has("1@missing");
  await future.has("7@there");
  assert.deepEqual(missing.log, ["confirmed", "0@missing", "1@missing", "caught up"]);
  assert.deepEqual(missingFromEnd.log, ["confirmed", "caught up", "0@missing", "1@missing"]);
  assert.deepEqual(future.log, ["confirmed", "caught up", "5@there", "6@there", "7@there"]);
});

test("subscribing – a tombstone is delivered live, then ends the subscription", async (t) => {
  const { client } = await runningServer(t);
  await client.appendToStream("s", countedUpTo(2));
  const live = watch(t, client.subscribeToStream("s"));
  const waiting = watch(t, client.subscribeToStream("never"));
  await live.has("caught up");
  await waiting.has("confirmed");
  await client.tombstoneStream("s");
  await client.tombstoneStream("never");
  await live.has("error stream-deleted");
  await waiting.has("error stream-deleted");
  assert.deepEqual(live.log.slice(-2), ["9223372036854775807@s", "error stream-deleted"]);
  assert.deepEqual(waiting.log, ["confirmed", "error stream-deleted"]);
  const late = watch(t, client.subscribeToStream("s"));
  await late.has("error stream-deleted");
  assert.deepEqual(late.log, ["error stream-deleted"]);
  const fromEnd = watch(t, client.subscribeToStream("s", { fromRevision: END }));
  await fromEnd.has("caught up");
});

test("subscribing – what is truncated while one listens still comes", async (t) => {
  const { client } = await runningServer(t);
  await client.appendToStream("s", countedUpTo(3));
  const live = watch(t, client.subscribeToStream("s"));
  await live.has("caught up");
  await client.setStreamMetadata("s", { truncateBefore: 5 });
  await client.appendToStream("s", countedUpTo(4));
  await live.has("6@s");
  assert.deepEqual(live.log.slice(-4), ["3@s", "4@s", "5@s", "6@s"]);
});

test("subscribing – a soft delete does not show, the stream's next life does", async (t) => {
  const { client } = await runningServer(t);
  await client.appendToStream("s", countedUpTo(3));
  const live = watch(t, client.subscribeToStream("s"));
  await live.has("caught up");
  await client.deleteStream("s");
  const waiting = watch(t, client.subscribeToStream("s"));
  await waiting.has("confirmed");
  await client.appendToStream("s", counted(3));
  await live.has("3@s");
  await waiting.has("caught up");
  assert.deepEqual(waiting.log, ["confirmed", "3@s", "caught up"]);
});

test("subscribing – links are followed; one that makes no sense is an event in history and nothing live", async (t) => {
  const { client } = await runningServer(t);
  await client.appendToStream("s", countedUpTo(2));
  await client.appendToStream("l", [link("1@s"), link("9@s"), link("no link")]);
  const live = watch(t, client.subscribeToStream("l", { resolveLinkTos: true }));
  await live.has("caught up");
  await client.appendToStream("l", [link("0@s"), link("no link")]);
  await live.has("4@l -> nothing");
  assert.deepEqual(live.log, [
    "confirmed",
    "0@l -> 1@s",
    "1@l -> nothing",
    "2@l",
    "caught up",
    "3@l -> 0@s",
    "4@l -> nothing",
  ]);
});

test("subscribing – to $all strictly behind a position, or only to what comes", async (t) => {
  const { client } = await runningServer(t);
  await client.appendToStream("a", counted(0));
  const { position } = await client.appendToStream("b", counted(1));
  await client.appendToStream("a", counted(2));
  const filter = eventTypeFilter({ prefixes: ["Counted"] });
  const behind = watch(t, client.subscribeToAll({ fromPosition: position!, filter }));
  const start = watch(t, client.subscribeToAll({ fromPosition: START, filter }));
  // A prepare position of 0 is in front of the event at the commit position.
  const before = watch(t, client.subscribeToAll({ fromPosition: { ...position!, prepare: 0n }, filter }));
  const end = watch(t, client.subscribeToAll({ fromPosition: END, filter }));
  for (const each of [behind, before, start, end]) await each.has("caught up");
  assert.deepEqual(before.log, ["confirmed", "0@b", "1@a", "caught up"]);
  await client.appendToStream("b", counted(3));
  for (const each of [behind, start, end]) await each.has("1@b");
  assert.deepEqual(behind.log, ["confirmed", "1@a", "caught up", "1@b"]);
  assert.deepEqual(start.log, ["confirmed", "0@a", "0@b", "1@a", "caught up", "1@b"]);
  assert.deepEqual(end.log, ["confirmed", "caught up", "1@b"]);
});

test("subscribing – filters of $all look at the name or the type in the log", async (t) => {
  const { client } = await runningServer(t);
  await client.appendToStream("apple-1", counted(0));
  await client.appendToStream("pineapple-1", { ...counted(1), type: "Other" });
  await client.setStreamMetadata("apple-1", { owner: "me" });
  await client.appendToStream("links", link("0@apple-1"));
  const last = await client.appendToStream("apple-2", { ...counted(2), type: "Last" });
  assert.ok(last.success);
  const seen = async (filter: Parameters<typeof client.subscribeToAll>[0]) => {
    const watched = watch(t, client.subscribeToAll({ ...filter, fromPosition: START, resolveLinkTos: true }));
    await watched.has("caught up");
    // The server's own streams begin with "$"; metadata streams with "$$".
    return watched.log.slice(1, -1).filter((line) => !/@\$(?!\$)/.test(line));
  };
  assert.deepEqual(await seen({ filter: streamNameFilter({ prefixes: ["apple"] }) }), ["0@apple-1", "0@apple-2"]);
  assert.deepEqual(await seen({ filter: streamNameFilter({ prefixes: ["pine", "apple-2"] }) }), [
    "0@pineapple-1",
    "0@apple-2",
  ]);
  assert.deepEqual(await seen({ filter: streamNameFilter({ regex: "(?i)^APPLE-1$" }) }), ["0@apple-1"]);
  assert.deepEqual(await seen({ filter: eventTypeFilter({ regex: "^(Other|Last)$" }) }), [
    "0@pineapple-1",
    "0@apple-2",
  ]);
  assert.deepEqual(await seen({ filter: streamNameFilter({ prefixes: ["links"] }) }), ["0@links -> 0@apple-1"]);
  assert.deepEqual(await seen({ filter: excludeSystemEvents() }), ["0@apple-1", "0@pineapple-1", "0@apple-2"]);
});

test("subscribing – a filter that cannot be read is refused", async (t) => {
  const { client } = await runningServer(t);
  const refused = watch(t, client.subscribeToAll({ filter: streamNameFilter({ regex: "(" }) }));
  await refused.has("error unknown");
  assert.deepEqual(refused.log, ["error unknown"]);
});

test("subscribing – who goes on from any checkpoint misses nothing and sees nothing twice", async (t) => {
  const { client } = await runningServer(t);
  for (let i = 0; i < 12; i++) {
    await client.appendToStream("order-1", countedUpTo(3, i * 3));
    await client.appendToStream("other-1", countedUpTo(i % 5));
  }
  const every = Array.from({ length: 36 }, (_, n) => n);
  const checkpoints: { readonly position: Position; readonly before: readonly number[] }[] = [];
  const numbers: number[] = [];
  const take = (list: number[]) => (resolved: { event?: { data?: unknown } | undefined }) =>
    list.push((resolved.event!.data as { n: number }).n);
  const filter = (checkpointReached?: (_: unknown, position: Position) => void) =>
    streamNameFilter({
      prefixes: ["order"],
      maxSearchWindow: 3,
      ...(checkpointReached === undefined ? {} : { checkpointReached }),
    });
  const subscription = client.subscribeToAll({
    fromPosition: START,
    filter: filter((_, position) => checkpoints.push({ position, before: [...numbers] })),
  });
  subscription.on("data", take(numbers));
  await until("all are seen", () => numbers.length === 36);
  await client.appendToStream("other-1", countedUpTo(9));
  await until("live checkpoints", () => checkpoints.at(-1)?.before.length === 36);
  await subscription.unsubscribe();
  assert.deepEqual(numbers, every);
  assert.ok(checkpoints.length > 10);
  for (const [i, { position, before }] of checkpoints.entries()) {
    assert.ok(i === 0 || position.commit > checkpoints[i - 1]!.position.commit, "they grow");
    const after: number[] = [];
    const next = client.subscribeToAll({ fromPosition: position, filter: filter() });
    let isCaughtUp = false;
    next.on("data", take(after));
    next.on("caughtUp", () => {
      isCaughtUp = true;
    });
    await until("caught up", () => isCaughtUp);
    await next.unsubscribe();
    assert.deepEqual([...before, ...after], every);
  }
});

test("subscribing – checkpoints of one to which nothing matters lie in front of what comes next", async (t) => {
  const { client } = await runningServer(t);
  await client.appendToStream("other-1", countedUpTo(50));
  const positions: Position[] = [];
  const filter = streamNameFilter({
    prefixes: ["order"],
    maxSearchWindow: 5,
    checkpointReached: (_, position) => {
      positions.push(position);
    },
  });
  const idle = watch(t, client.subscribeToAll({ fromPosition: START, filter }));
  await idle.has("caught up");
  const before = positions.length;
  assert.ok(before >= 10);
  await client.appendToStream("other-1", countedUpTo(50));
  await until("live checkpoints", () => positions.length >= before + 10);
  assert.ok(positions.every(({ prepare }) => prepare === 0n));
  const all = client.subscribeToAll({
    fromPosition: positions.at(-1)!,
    filter: streamNameFilter({ prefixes: ["order"] }),
  });
  const next = watch(t, all);
  await next.has("caught up");
  await client.appendToStream("order-1", counted(1));
  await next.has("0@order-1");
  await idle.has("0@order-1");
});

test("subscribing – with appends going on, each event comes once and in order", async (t) => {
  const { client } = await runningServer(t);
  await client.appendToStream("s", countedUpTo(500));
  const numbers: number[] = [];
  const byAll: number[] = [];
  const filter = streamNameFilter({ prefixes: ["s"] });
  client.subscribeToStream("s").on("data", ({ event }) => numbers.push((event!.data as { n: number }).n));
  client.subscribeToAll({ filter }).on("data", ({ event }) => byAll.push((event!.data as { n: number }).n));
  await Promise.all(Array.from({ length: 20 }, (_, i) => client.appendToStream("s", countedUpTo(20, 500 + i * 20))));
  await until("all came", () => numbers.length === 900 && byAll.length === 900);
  const order = (await all(client.readStream("s"))).map(({ event }) => (event!.data as { n: number }).n);
  assert.deepEqual(numbers, order);
  assert.deepEqual(byAll, order);
});
