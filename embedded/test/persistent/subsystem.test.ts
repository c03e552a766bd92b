import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test, type TestContext } from "node:test";
import { NO_DATA } from "../../src/log/record.ts";
import type { GroupConfig } from "../../src/persistent/group-config.ts";
import type { Subscription } from "../../src/persistent/hosted-group.ts";
import { type PersistentSubscriptions, startPersistentSubscriptions } from "../../src/persistent/subsystem.ts";
import { EventStore } from "../../src/streams/event-store.ts";
import { atEnd } from "./harness.ts";
import { SETTINGS } from "./simulated-group.ts";
import { until } from "../until.ts";

const NAME = { stream: "s", group: "g" };
const CHECKPOINTS = "$persistentsubscription-s::g-checkpoint";
const EACH: GroupConfig = {
  target: { kind: "stream", stream: "s" },
  group: "g",
  start: "start",
  settings: { ...SETTINGS, minCheckpointCount: 1, maxCheckpointCount: 1 },
};

/** The subsystem over a store in memory whose appends to some streams can be made to fail; time passes by `tick`. */
async function subsystem(t: TestContext) {
  const store = EventStore.open({ location: "memory", now: Date.now, newId: randomUUID });
  const append = store.append.bind(store);
  let refused: (stream: string) => boolean = () => false;
  let isFree = Promise.resolve();
  store.append = async (stream, ...rest) => {
    await isFree;
    if (refused(stream)) throw new Error("The disk is full.");
    return append(stream, ...rest);
  };
  let tick = (): void => {};
  let turns = 0;
  const groups = startPersistentSubscriptions({
    store,
    now: Date.now,
    defer: (run) => {
      turns++;
      setImmediate(run);
    },
    everySecond: (run) => {
      tick = run;
      return () => {};
    },
  });
  atEnd(t, () => store.close());
  atEnd(t, () => groups.stop());
  const events = Array.from({ length: 3 }, () => ({
    id: randomUUID(),
    type: "Step",
    isJson: false,
    data: NO_DATA,
    metadata: NO_DATA,
  }));
  await append("s", "any", events);
  return {
    store,
    groups,
    ids: events.map(({ id }) => id),
    tick: () => tick(),
    turns: () => turns,
    refuse: (test: (stream: string) => boolean) => {
      refused = test;
    },
    /** Nothing is written until the answer is called. */
    keepWaiting: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      isFree = promise;
      atEnd(t, resolve);
      return resolve;
    },
  };
}

async function subscribe(groups: PersistentSubscriptions): Promise<Subscription & { readonly got: string[] }> {
  const got: string[] = [];
  const subscription = groups.subscribe(NAME, {
    identity: { connectionName: "", username: "", from: "" },
    slots: 10,
    deliver: ({ id }) => got.push(id) > 0,
    dropped: () => {},
  });
  await until("all is delivered", () => got.length === 3);
  return { ...subscription, got };
}

const checkpoints = (store: EventStore): string[] => {
  const page = store.readStream({ stream: CHECKPOINTS, from: "start", direction: "forwards", maxCount: 100 });
  return page.outcome === "read" ? page.records.map(({ data }) => Buffer.from(data).toString()) : [];
};

test("subsystem – an ack for a group that was updated meanwhile is not taken for one of its successor", async (t) => {
  const { store, groups, ids } = await subsystem(t);
  await groups.create(EACH);
  const before = await subscribe(groups);
  await groups.update(NAME, "start", EACH.settings);
  before.ack(ids);
  before.nack(ids, "park", "");
  before.drained();
  before.leave();
  await groups.restart();
  assert.deepEqual(checkpoints(store), []);
  assert.equal((await subscribe(groups)).got.length, 3);
});

test("subsystem – a checkpoint that could not be written is written at the next look, if there is no later one", async (t) => {
  const { store, groups, ids, tick, refuse } = await subsystem(t);
  await groups.create(EACH);
  const one = await subscribe(groups);
  refuse((stream) => stream === CHECKPOINTS);
  one.ack(ids.slice(0, 1));
  one.ack(ids.slice(1, 2));
  await new Promise(setImmediate);
  refuse(() => false);
  tick();
  await until("it is written", () => checkpoints(store).length > 0);
  assert.deepEqual(checkpoints(store), ['"1"']);
});

test("subsystem – a message whose parked link cannot be stored comes again and holds back the checkpoint", async (t) => {
  const { store, groups, ids, refuse } = await subsystem(t);
  await groups.create(EACH);
  const one = await subscribe(groups);
  refuse((stream) => stream.endsWith("-parked"));
  one.ack(ids.slice(1));
  one.nack(ids.slice(0, 1), "park", "broken");
  await until("it comes again", () => one.got.length === 4);
  assert.equal(one.got[3], ids[0]);
  assert.deepEqual(checkpoints(store), []);
  refuse(() => false);
  one.nack(ids.slice(0, 1), "park", "broken");
  await until("it is parked", () => groups.info(NAME).parked === 1);
  await until("the checkpoint passes it", () => checkpoints(store).length === 1);
});

test("subsystem – a command that cannot be stored changes nothing", async (t) => {
  const { groups, refuse } = await subsystem(t);
  await groups.create(EACH);
  refuse((stream) => stream === "$persistentSubscriptionConfig");
  await assert.rejects(groups.create({ ...EACH, group: "h" }), /disk is full/);
  await assert.rejects(groups.delete(NAME), /disk is full/);
  await assert.rejects(groups.update(NAME, "end", { ...EACH.settings, maxRetryCount: 1 }), /disk is full/);
  assert.deepEqual(
    groups.list().map(({ config }) => [config.group, config.settings.maxRetryCount]),
    [["g", 10]],
  );
  refuse(() => false);
  await groups.create({ ...EACH, group: "h" });
});

test("subsystem – a group whose update could not be stored goes on as it was", async (t) => {
  const { store, groups, refuse } = await subsystem(t);
  await groups.create({ ...EACH, start: "end" });
  refuse((stream) => stream === "$persistentSubscriptionConfig");
  const update = groups.update(NAME, "end", { ...EACH.settings, maxRetryCount: 1 });
  const event = { type: "Step", isJson: false, data: NO_DATA, metadata: NO_DATA };
  await store.append(
    "s",
    "any",
    [0, 1, 2].map(() => ({ ...event, id: randomUUID() })),
  );
  await assert.rejects(update, /disk is full/);
  assert.equal((await subscribe(groups)).got.length, 3);
});

test("subsystem – history counts what a filter passes over by windows, those that hold nothing wanted", async (t) => {
  const { store, groups } = await subsystem(t);
  const event = { type: "Step", isJson: false, data: NO_DATA, metadata: NO_DATA };
  const append = (stream: string, count: number) =>
    store.append(
      stream,
      "any",
      Array.from({ length: count }, () => ({ ...event, id: randomUUID() })),
    );
  await append("noise", 7);
  const filter = { on: "stream", by: "prefix", values: ["s"] } as const;
  const settings = { ...SETTINGS, minCheckpointCount: 8, maxCheckpointCount: 8 };
  const group = (name: string) => ({ target: { kind: "all", filter }, group: name, start: "start", settings }) as const;
  await groups.create(group("some"));
  // Three wanted events and five others, then two and what the configuration is.
  assert.equal(groups.info({ stream: "$all", group: "some" }).lastCheckpoint, undefined);
  await append("noise", 12);
  await groups.create(group("more"));
  assert.notEqual(groups.info({ stream: "$all", group: "more" }).lastCheckpoint, undefined);
});

test("subsystem – what others write to the configuration does not remove the groups", async (t) => {
  const { store, groups } = await subsystem(t);
  await groups.create(EACH);
  const nonsense = { id: randomUUID(), type: "x", isJson: true, data: Buffer.from("{"), metadata: NO_DATA };
  await store.append("$persistentSubscriptionConfig", "any", [nonsense]);
  await groups.restart();
  assert.equal(groups.info(NAME).status, "Live");
});

test("subsystem – while it restarts its groups are there, and who consumes is served when it has", async (t) => {
  const { groups, keepWaiting } = await subsystem(t);
  await groups.create(EACH);
  const first = await subscribe(groups);
  const goOn = keepWaiting();
  first.ack(first.got.slice(0, 1));
  const restarted = groups.restart();
  await new Promise((resolve) => setImmediate(resolve));
  // The checkpoint is still being written.
  assert.equal(groups.info(NAME).status, "NotReady");
  const got: string[] = [];
  groups.subscribe(NAME, {
    identity: { connectionName: "", username: "", from: "" },
    slots: 10,
    deliver: ({ id }) => got.push(id) > 0,
    dropped: () => {},
  });
  goOn();
  await restarted;
  await until("what is behind the checkpoint comes again", () => got.length === 2);
  assert.deepEqual(got, first.got.slice(1));
});

test("subsystem – what is replayed is not replayed again by who asks again before that is on disk", async (t) => {
  const { groups, keepWaiting } = await subsystem(t);
  await groups.create(EACH);
  const one = await subscribe(groups);
  one.nack(one.got, "park", "");
  await until("all are parked", () => groups.info(NAME).parked === 3);
  const goOn = keepWaiting();
  groups.replayParked(NAME);
  assert.equal(one.got.length, 6);
  one.ack(one.got.slice(3));
  groups.replayParked(NAME);
  assert.equal(one.got.length, 6);
  goOn();
  await until("none is parked", () => groups.info(NAME).parked === 0);
});

test("subsystem – a group that has room for nothing does not keep everybody busy", async (t) => {
  const { groups, turns } = await subsystem(t);
  await groups.create({ ...EACH, settings: { ...EACH.settings, historyBufferSize: 0, readBatchSize: -1 } });
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(turns(), 0);
});
