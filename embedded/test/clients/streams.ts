import assert from "node:assert/strict";
import { test } from "node:test";
import type { AllStreamSubscription, ResolvedEvent, StreamSubscription } from "@eventstore/db-client";
import {
  all,
  type Client,
  completeness,
  connected,
  counted,
  countedUpTo,
  isSince,
  numbersOf,
  type OfficialClient,
} from "./official-client.ts";
import { until } from "../until.ts";

interface Heard {
  readonly numbers: (number | undefined)[];
  readonly errors: string[];
  caughtUp: number;
  hasEnded: boolean;
}

function heard(subscription: StreamSubscription | AllStreamSubscription): Heard {
  const one: Heard = { numbers: [], errors: [], caughtUp: 0, hasEnded: false };
  subscription.on("data", (event: ResolvedEvent) => one.numbers.push(...numbersOf([event])));
  subscription.on("error", (error: Error) => one.errors.push((error as { type?: string }).type ?? error.message));
  subscription.on("caughtUp", () => one.caughtUp++);
  subscription.on("end", () => {
    one.hasEnded = true;
  });
  return one;
}

/** Every call on streams. */
export function streamTests(of: OfficialClient): void {
  const {
    BACKWARDS,
    binaryEvent,
    END,
    eventTypeFilter,
    excludeSystemEvents,
    jsonEvent,
    NO_STREAM,
    START,
    STREAM_EXISTS,
    streamNameFilter,
  } = of.library;
  const tooLarge = () => binaryEvent({ type: "T", data: Buffer.alloc(1024 * 1024 + 1) });

  test("appending – events come back as they were given", async (t) => {
    const { client } = await connected(t, of);
    const json = jsonEvent({ type: "Placed", data: { sum: 1.5, name: "é🐎" }, metadata: { by: "me" } });
    const binary = binaryEvent({ type: "Scanned", data: Buffer.from([0, 255, 1]), metadata: Buffer.from([7, 0]) });
    const before = Date.now();
    const result = await client.appendToStream("orders-1", [json, binary]);
    assert.deepEqual([result.success, result.nextExpectedRevision], [true, 1n]);
    const [first, second] = (await all(client.readStream("orders-1"))).map(({ event }) => event!);
    assert.deepEqual(
      { ...first, created: undefined, position: undefined },
      {
        streamId: "orders-1",
        id: json.id,
        revision: 0n,
        type: "Placed",
        data: { sum: 1.5, name: "é🐎" },
        metadata: { by: "me" },
        isJson: true,
        created: undefined,
        position: undefined,
      },
    );
    assert.ok(isSince(before, first!.created), String(first!.created));
    assert.equal(second!.isJson, false);
    assert.deepEqual(Buffer.from(second!.data as Uint8Array), Buffer.from([0, 255, 1]));
    assert.deepEqual(Buffer.from(second!.metadata as Uint8Array), Buffer.from([7, 0]));
    const last = (await all(client.readAll())).findLast(({ event }) => event?.streamId === "orders-1");
    assert.equal(last?.event?.id, binary.id);
    assert.deepEqual(last?.event?.position, result.position);
  });

  test("appending – what is expected of the stream holds, and a repeat is recognized", async (t) => {
    const { client } = await connected(t, of);
    await assert.rejects(client.appendToStream("s", counted(of, 0), { expectedRevision: STREAM_EXISTS }), {
      type: "wrong-expected-version",
    });
    const events = countedUpTo(of, 2);
    const written = await client.appendToStream("s", events, { expectedRevision: NO_STREAM });
    assert.deepEqual(await client.appendToStream("s", events, { expectedRevision: NO_STREAM }), written);
    await assert.rejects(client.appendToStream("s", counted(of, 9), { expectedRevision: 7n }), {
      type: "wrong-expected-version",
      streamName: "s",
    });
    await client.appendToStream("s", counted(of, 2), { expectedRevision: 1n });
    await client.appendToStream("s", counted(of, 3), { expectedRevision: STREAM_EXISTS });
    assert.deepEqual(numbersOf(await all(client.readStream("s"))), [0, 1, 2, 3]);
  });

  test("appending – a client that does not want to throw is told that nothing was written", async (t) => {
    const { server } = await connected(t, of);
    const client = of.connect(t, `${server.connectionString}&throwOnAppendFailure=false`);
    await client.appendToStream("s", countedUpTo(of, 3));
    const refused = await client.appendToStream("s", counted(of, 9), { expectedRevision: NO_STREAM });
    assert.deepEqual([refused.success, refused.position], [false, undefined]);
    assert.deepEqual(numbersOf(await all(client.readStream("s"))), [0, 1, 2]);
  });

  test("appending – with credentials of its own an append goes the classic way, to the same end", async (t) => {
    const { client } = await connected(t, of);
    // Such calls use Append instead of BatchAppend (spec 1.6); without TLS the credentials themselves stay at home.
    const credentials = { username: "admin", password: "changeit" };
    const written = await client.appendToStream("s", countedUpTo(of, 3), { expectedRevision: NO_STREAM, credentials });
    assert.equal(written.nextExpectedRevision, 2n);
    await assert.rejects(client.appendToStream("s", counted(of, 9), { expectedRevision: 0n, credentials }), {
      type: "wrong-expected-version",
    });
    await assert.rejects(client.appendToStream("s", tooLarge(), { credentials }), {
      type: "maximum-append-size-exceeded",
    });
  });

  test("appending – more than a message holds is one append, and what is too large is none", async (t) => {
    const { client } = await connected(t, of);
    await client.appendToStream("s", countedUpTo(of, 500), { batchAppendSize: 1024 });
    assert.equal((await all(client.readStream("s"))).length, 500);
    await assert.rejects(client.appendToStream("s", tooLarge()), { type: "maximum-append-size-exceeded" });
    const [last] = await all(client.readStream("s", { direction: BACKWARDS, maxCount: 1, fromRevision: END }));
    assert.equal(last?.event?.revision, 499n);
  });

  test("reading – both ways, from places, so many", async (t) => {
    const { client } = await connected(t, of);
    await client.appendToStream("s", countedUpTo(of, 100));
    const read = async (options: Parameters<Client["readStream"]>[1]) =>
      numbersOf(await all(client.readStream("s", options)));
    assert.deepEqual(await read({ fromRevision: 97n, maxCount: 10 }), [97, 98, 99]);
    assert.deepEqual(await read({ fromRevision: START, maxCount: 2 }), [0, 1]);
    assert.deepEqual(await read({ fromRevision: END, direction: BACKWARDS, maxCount: 2 }), [99, 98]);
    assert.deepEqual(await read({ fromRevision: 1n, direction: BACKWARDS }), [1, 0]);
    assert.deepEqual(await read({ requiresLeader: true, maxCount: 1 }), [0]);
    assert.equal((await read({})).length, 100);
  });

  test("reading – a missing, a deleted and a tombstoned stream are told apart", async (t) => {
    const { client } = await connected(t, of);
    const read = (stream: string) => all(client.readStream(stream));
    await assert.rejects(read("missing"), { type: "stream-not-found", streamName: "missing" });
    await client.appendToStream("deleted", counted(of, 0));
    const { position } = await client.deleteStream("deleted", { expectedRevision: 0n });
    assert.ok(position!.commit > 0n);
    await assert.rejects(read("deleted"), { type: "stream-not-found", streamName: "deleted" });
    await client.appendToStream("gone", counted(of, 0));
    await client.tombstoneStream("gone");
    await assert.rejects(read("gone"), { type: "stream-deleted", streamName: "gone" });
    await assert.rejects(client.appendToStream("gone", counted(of, 1)), { type: "stream-deleted", streamName: "gone" });
    for (const refused of [
      client.deleteStream("missing"),
      client.tombstoneStream("deleted", { expectedRevision: 7n }),
    ]) {
      await assert.rejects(refused, { type: "wrong-expected-version" });
    }
  });

  test("reading – links lead to their events where that is asked", async (t) => {
    const { client } = await connected(t, of);
    await client.appendToStream("s", countedUpTo(of, 2));
    const link = (text: string) => binaryEvent({ type: "$>", data: Buffer.from(text) });
    await client.appendToStream("links", [link("1@s"), link("9@s")]);
    const [good, broken] = await all(client.readStream("links", { resolveLinkTos: true }));
    assert.deepEqual([good?.event?.streamId, good?.event?.revision, good?.link?.revision], ["s", 1n, 0n]);
    assert.deepEqual([broken?.event, broken?.link?.revision], [undefined, 1n]);
    const [plain] = await all(client.readStream("links"));
    assert.deepEqual([plain?.event?.type, plain?.link], ["$>", undefined]);
  });

  test("reading – $all both ways and from positions", async (t) => {
    const { client } = await connected(t, of);
    const { position } = await client.appendToStream("s", counted(of, 1));
    await client.appendToStream("s", countedUpTo(of, 3, 2));
    const mine = async (options: Parameters<Client["readAll"]>[0]) =>
      numbersOf((await all(client.readAll(options))).filter(({ event }) => event?.streamId === "s"));
    assert.deepEqual(await mine({}), [1, 2, 3, 4]);
    assert.deepEqual(await mine({ direction: BACKWARDS, fromPosition: END }), [4, 3, 2, 1]);
    assert.deepEqual(await mine({ fromPosition: position!, maxCount: 1 }), [1]);
    assert.deepEqual(await mine({ fromPosition: position!, direction: BACKWARDS }), []);
  });

  test("metadata – set, kept to, and read again", async (t) => {
    const { client } = await connected(t, of);
    assert.equal((await client.getStreamMetadata("s")).metadata, undefined);
    await client.appendToStream("s", countedUpTo(of, 5));
    const metadata = { maxCount: 2, cacheControl: 7, acl: { readRoles: ["$all"] }, colour: "red" };
    const written = await client.setStreamMetadata("s", metadata, { expectedRevision: NO_STREAM });
    assert.equal(written.nextExpectedRevision, 0n);
    // The newer client forgets what was expected here.
    if (of.scheme === "esdb") {
      const late = client.setStreamMetadata("s", {}, { expectedRevision: NO_STREAM });
      await assert.rejects(late, { type: "wrong-expected-version" });
    }
    const found = await client.getStreamMetadata("s");
    // Of all that it could be, both clients give the position of the event in the log.
    assert.deepEqual([found.streamName, found.metastreamRevision], ["s", written.position?.commit]);
    assert.deepEqual({ ...found.metadata, acl: found.metadata?.acl?.readRoles }, { ...metadata, acl: ["$all"] });
    assert.deepEqual(numbersOf(await all(client.readStream("s"))), [3, 4]);
  });

  test("subscribing – history, caught up, then what comes, until unsubscribed", async (t) => {
    const { client } = await connected(t, of);
    await client.appendToStream("s", countedUpTo(of, 100));
    const subscriptions = [
      client.subscribeToStream("s"),
      client.subscribeToStream("s", { fromRevision: 97n }),
      client.subscribeToStream("s", { fromRevision: END }),
      client.subscribeToStream("later"),
    ];
    const [whole, behind, live, later] = subscriptions.map(heard);
    await until("those with a stream are live", () => whole!.caughtUp + behind!.caughtUp + live!.caughtUp === 3);
    await client.appendToStream("s", counted(of, 100));
    await client.appendToStream("later", counted(of, 0));
    await until("the live ones have heard", () => live!.numbers.length + later!.numbers.length === 2);
    await until("the others, too", () => whole!.numbers.length === 101 && behind!.numbers.length === 3);
    assert.deepEqual(whole!.numbers, [...Array(101).keys()]);
    assert.deepEqual([behind!.numbers, live!.numbers, later!.numbers], [[98, 99, 100], [100], [0]]);
    for (const subscription of subscriptions) await subscription.unsubscribe();
    await client.appendToStream("s", counted(of, 101));
    assert.deepEqual([whole!.numbers.length, whole!.errors, whole!.hasEnded], [101, [], true]);
  });

  test("subscribing – a tombstone ends it, and a tombstoned stream refuses it", async (t) => {
    const { client } = await connected(t, of);
    await client.appendToStream("s", counted(of, 0));
    const live = heard(client.subscribeToStream("s"));
    await until("it is live", () => live.caughtUp === 1);
    await client.tombstoneStream("s");
    await until("it has ended", () => live.errors.length === 1);
    const late = heard(client.subscribeToStream("s"));
    await until("it is refused", () => late.errors.length === 1);
    assert.deepEqual([live.errors, late.errors], [["stream-deleted"], ["stream-deleted"]]);
  });

  test("subscribing – to $all with each filter, and checkpoints where nothing matches", async (t) => {
    const { client } = await connected(t, of);
    const { position } = await client.appendToStream("before", counted(of, -1));
    await client.appendToStream("a-1", countedUpTo(of, 3));
    await client.appendToStream("b-1", countedUpTo(of, 200));
    let checkpoints = 0;
    const checkpointReached = () => void checkpoints++;
    const often = { checkpointInterval: 1, checkpointReached };
    const from = { fromPosition: position! };
    const following = [
      client.subscribeToAll({ ...from, filter: streamNameFilter({ prefixes: ["a-"], ...often }) }),
      client.subscribeToAll({ ...from, filter: streamNameFilter({ regex: "^a" }) }),
      client.subscribeToAll({ ...from, filter: eventTypeFilter({ prefixes: ["Counted"] }) }),
      client.subscribeToAll({ ...from, filter: excludeSystemEvents() }),
      client.subscribeToAll(from),
    ].map(heard);
    await until("all are live", () => following.every(({ caughtUp }) => caughtUp === 1));
    assert.deepEqual(
      following.map(({ numbers }) => numbers.filter((n) => n !== undefined).length),
      [3, 3, 203, 203, 203],
    );
    assert.ok(checkpoints >= 5, `${checkpoints} checkpoints`);
    await client.appendToStream("a-2", counted(of, 1000));
    await until("all have heard it", () => following.every(({ numbers }) => numbers.includes(1000)));
  });

  const isAboutOthers = /Persistent|Parked|[Pp]rojection|restartSubsystem/;
  completeness(of, "streams", (name) => !isAboutOthers.test(name));
}
