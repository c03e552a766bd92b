import assert from "node:assert/strict";
import { test } from "node:test";
import type {
  PersistentSubscriptionToAll,
  PersistentSubscriptionToStream,
  PersistentSubscriptionToStreamResolvedEvent,
} from "@eventstore/db-client";
import { completeness, connected, counted, countedUpTo, numbersOf, type OfficialClient } from "./official-client.ts";
import { until } from "../until.ts";

type Subscription = PersistentSubscriptionToStream | PersistentSubscriptionToAll;
type Delivered = PersistentSubscriptionToStreamResolvedEvent;

interface Consumer {
  readonly subscription: Subscription;
  readonly got: Delivered[];
  readonly errors: string[];
  isConfirmed: boolean;
}

/** A consumer that keeps what it gets; what becomes of it is for the test to say. */
function consumer(subscription: Subscription): Consumer {
  const one: Consumer = { subscription, got: [], errors: [], isConfirmed: false };
  subscription.on("confirmation", () => {
    one.isConfirmed = true;
  });
  subscription.on("data", (event: Delivered) => one.got.push(event));
  subscription.on("error", (error: Error) => one.errors.push((error as { type?: string }).type ?? error.message));
  return one;
}

/** Every call on persistent subscriptions. */
export function persistentSubscriptionTests(of: OfficialClient): void {
  const {
    DISPATCH_TO_SINGLE,
    END,
    PARK,
    persistentSubscriptionToAllSettingsFromDefaults: toAllSettings,
    persistentSubscriptionToStreamSettingsFromDefaults: toStreamSettings,
    PINNED,
    RETRY,
    ROUND_ROBIN,
    SKIP,
    START,
    streamNameFilter,
  } = of.library;

  test("groups – created with settings, shown with them, updated, listed, deleted", async (t) => {
    const { client } = await connected(t, of);
    const given = {
      resolveLinkTos: true,
      extraStatistics: true,
      messageTimeout: 7000,
      maxRetryCount: 3,
      checkPointAfter: 1500,
      checkPointLowerBound: 5,
      checkPointUpperBound: 50,
      maxSubscriberCount: 4,
      liveBufferSize: 100,
      readBatchSize: 10,
      historyBufferSize: 60,
      consumerStrategyName: DISPATCH_TO_SINGLE,
      startFrom: 1n,
    };
    await client.createPersistentSubscriptionToStream("s", "g", given);
    const found = await client.getPersistentSubscriptionToStreamInfo("s", "g");
    assert.deepEqual([found.eventSource, found.groupName], ["s", "g"]);
    assert.deepEqual(found.settings, given);
    await client.updatePersistentSubscriptionToStream("s", "g", {
      ...given,
      consumerStrategyName: PINNED,
      startFrom: START,
    });
    const updated = await client.getPersistentSubscriptionToStreamInfo("s", "g");
    // The strategy has no place in an update (spec 1.2), only its old enum has.
    assert.deepEqual(
      { ...updated.settings, consumerStrategyName: PINNED },
      { ...given, consumerStrategyName: PINNED, startFrom: START },
    );
    await client.createPersistentSubscriptionToAll("a", toAllSettings({ startFrom: START }));
    await client.createPersistentSubscriptionToStream("other", "g", toStreamSettings());
    const names = (list: readonly { eventSource: string; groupName: string }[]) =>
      list.map(({ eventSource, groupName }) => `${eventSource}::${groupName}`).sort();
    assert.deepEqual(names(await client.listAllPersistentSubscriptions()), ["$all::a", "other::g", "s::g"]);
    assert.deepEqual(names(await client.listPersistentSubscriptionsToStream("s")), ["s::g"]);
    assert.deepEqual(names(await client.listPersistentSubscriptionsToAll()), ["$all::a"]);
    await client.deletePersistentSubscriptionToStream("s", "g");
    await client.deletePersistentSubscriptionToAll("a");
    assert.deepEqual(names(await client.listAllPersistentSubscriptions()), ["other::g"]);
    const missing = { type: "persistent-subscription-does-not-exist" };
    await assert.rejects(client.getPersistentSubscriptionToStreamInfo("s", "g"), missing);
    await assert.rejects(client.getPersistentSubscriptionToAllInfo("a"), missing);
    await assert.rejects(client.createPersistentSubscriptionToStream("other", "g", toStreamSettings()), {
      type: "persistent-subscription-exists",
      streamName: "other",
      groupName: "g",
    });
  });

  test("consuming – acknowledged, retried, skipped and parked, then replayed", async (t) => {
    const { client } = await connected(t, of);
    await client.appendToStream("s", countedUpTo(of, 4));
    await client.createPersistentSubscriptionToStream(
      "s",
      "g",
      toStreamSettings({ startFrom: START, checkPointLowerBound: 1 }),
    );
    const one = consumer(client.subscribeToPersistentSubscriptionToStream("s", "g", { bufferSize: 20 }));
    await until("the events came", () => one.got.length === 4);
    assert.equal(one.isConfirmed, true);
    const [first, second, third, fourth] = one.got;
    await one.subscription.ack(first!);
    await one.subscription.nack(RETRY, "once more", second!);
    await one.subscription.nack(SKIP, "not ours", third!);
    await one.subscription.nack(PARK, "bad", fourth!);
    await until("the retried one came again", () => one.got.length === 5);
    assert.deepEqual([numbersOf([one.got[4]!])[0], one.got[4]!.retryCount], [1, 1]);
    await one.subscription.ack(one.got[4]!);
    const parked = async () => (await client.getPersistentSubscriptionToStreamInfo("s", "g")).stats.parkedMessageCount;
    await until("one is parked", async () => Number(await parked()) === 1);
    await client.replayParkedMessagesToStream("s", "g", { stopAt: 1 });
    await until("the parked one came again", () => one.got.length === 6);
    assert.deepEqual(numbersOf([one.got[5]!]), [3]);
    await one.subscription.ack(one.got[5]!);
    await one.subscription.unsubscribe();
    const next = consumer(client.subscribeToPersistentSubscriptionToStream("s", "g"));
    await client.appendToStream("s", counted(of, 4));
    await until("the next consumer goes on behind them", () => next.got.length > 0);
    assert.deepEqual(numbersOf(next.got), [4]);
    assert.deepEqual([one.errors, next.errors], [[], []]);
  });

  test("consuming – two consumers share, and both are shown", async (t) => {
    const { client } = await connected(t, of);
    await client.createPersistentSubscriptionToStream(
      "s",
      "g",
      toStreamSettings({ consumerStrategyName: ROUND_ROBIN, maxSubscriberCount: 2, extraStatistics: true }),
    );
    const both = [1, 2].map(() =>
      consumer(client.subscribeToPersistentSubscriptionToStream("s", "g", { bufferSize: 4 })),
    );
    await until("both are there", () => both.every(({ isConfirmed }) => isConfirmed));
    const third = consumer(client.subscribeToPersistentSubscriptionToStream("s", "g"));
    await until("a third is refused", () => third.errors.length === 1);
    assert.deepEqual(third.errors, ["maximum-subscribers-reached"]);
    await client.appendToStream("s", countedUpTo(of, 8));
    await until("each has its half", () => both.every(({ got }) => got.length === 4));
    const { connections } = await client.getPersistentSubscriptionToStreamInfo("s", "g");
    assert.deepEqual(
      connections.map(({ availableSlots, inFlightMessages }) => [Number(availableSlots), Number(inFlightMessages)]),
      [
        [0, 4],
        [0, 4],
      ],
    );
    for (const { subscription, got } of both) await subscription.ack(...got);
    await until("all are settled", async () => {
      const { stats } = await client.getPersistentSubscriptionToStreamInfo("s", "g");
      return Number(stats.totalInFlightMessages) === 0;
    });
  });

  test("consuming – a group that is deleted or restarted drops its consumers", async (t) => {
    const { client } = await connected(t, of);
    for (const group of ["deleted", "restarted"]) {
      await client.createPersistentSubscriptionToStream("s", group, toStreamSettings({ startFrom: START }));
    }
    const deleted = consumer(client.subscribeToPersistentSubscriptionToStream("s", "deleted"));
    await until("the consumer is there", () => deleted.isConfirmed);
    await client.deletePersistentSubscriptionToStream("s", "deleted");
    await until("it is dropped", () => deleted.errors.length === 1);
    assert.deepEqual(deleted.errors, ["persistent-subscription-dropped"]);
    await client.restartPersistentSubscriptionSubsystem();
    await client.appendToStream("s", counted(of, 0));
    const after = consumer(client.subscribeToPersistentSubscriptionToStream("s", "restarted"));
    await until("the restarted group delivers", () => after.got.length === 1);
    const missing = consumer(client.subscribeToPersistentSubscriptionToStream("s", "missing"));
    await until("a missing group refuses", () => missing.errors.length === 1);
    assert.deepEqual(missing.errors, ["persistent-subscription-does-not-exist"]);
  });

  test("$all – a group with a filter: consumed, parked, replayed, updated", async (t) => {
    const { client } = await connected(t, of);
    await client.appendToStream("a-1", countedUpTo(of, 3));
    await client.appendToStream("b-1", countedUpTo(of, 3, 10));
    const settings = toAllSettings({ startFrom: START, checkPointLowerBound: 1 });
    await client.createPersistentSubscriptionToAll("g", settings, { filter: streamNameFilter({ prefixes: ["a-"] }) });
    const one = consumer(client.subscribeToPersistentSubscriptionToAll("g"));
    await until("the wanted ones came", () => one.got.length === 3);
    await client.appendToStream("a-2", counted(of, 3));
    await until("a new one came", () => one.got.length === 4);
    assert.deepEqual(numbersOf(one.got), [0, 1, 2, 3]);
    await one.subscription.ack(...one.got.slice(1));
    await one.subscription.nack(PARK, "bad", one.got[0]!);
    const info = () => client.getPersistentSubscriptionToAllInfo("g");
    await until("it is parked", async () => Number((await info()).stats.parkedMessageCount) === 1);
    await client.replayParkedMessagesToAll("g");
    await until("it came again", () => one.got.length === 5);
    assert.deepEqual(numbersOf([one.got[4]!]), [0]);
    assert.deepEqual([(await info()).eventSource, (await info()).settings.startFrom], ["$all", START]);
    await client.updatePersistentSubscriptionToAll("g", { ...settings, startFrom: END, maxRetryCount: 9 });
    await until("the consumer is dropped", () => one.errors.length === 1);
    assert.deepEqual([one.errors, (await info()).settings.maxRetryCount], [["persistent-subscription-dropped"], 9]);
  });

  completeness(of, "persistent subscriptions", (name) => /Persistent|Parked/.test(name));
}
