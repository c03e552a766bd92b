import type { TestContext } from "node:test";
import {
  BACKWARDS,
  binaryEvent,
  END,
  type EventStoreDBClient,
  jsonEvent,
  PARK,
  type RecordedEvent,
  persistentSubscriptionToAllSettingsFromDefaults,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
  streamNameFilter,
  type ResolvedEvent,
} from "@eventstore/db-client";
import { scavenged } from "./scavenged.ts";
import { all } from "../../grpc/running-server.ts";
import { until } from "../../until.ts";

/** Each checkpoint is written at once. */
const SETTINGS = { startFrom: START, resolveLinkTos: true, checkPointLowerBound: 1, checkPointUpperBound: 1 } as const;

/** The same each time, so that what two servers hold can be compared. */
const idOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

const order = (n: number, destination: string) =>
  jsonEvent({ id: idOf(n), type: n % 3 === 0 ? "Placed" : "Sent", data: { n }, metadata: { destination, at: n } });

/** Sends `count` messages of C, which its router takes apart. */
export async function send(client: EventStoreDBClient, from: number, count: number): Promise<void> {
  const events = Array.from({ length: count }, (_, i) => order(from + i, (from + i) % 2 === 0 ? "D" : "E"));
  await client.appendToStream("intermediate.C", events);
}

const ROUTER = `fromStream("intermediate.C").when({
  $any(state, e) {
    if (e.eventType === null || e.sequenceNumber < 0) return;
    linkTo("in." + e.metadata.destination + "-C.routed", e);
  }
})`;
/** Reads an index, so what it has handled is a place in a stream that the target makes itself. */
const FILTER = `fromCategory("in.D").when({ Placed(state, e) { linkTo("placed", e); } })`;
/** Stamps its output with log positions. */
const BY_TYPE = `fromAll().when({ Placed(state, e) { emit("bill-" + e.data.n, "Billed", { n: e.data.n }); } })`;
const COUNT = `fromStream("intermediate.C").partitionBy(e => e.metadata.destination).when({
  $init() { return { count: 0 }; },
  $any(state, e) { state.count++; return state; }
}).outputState()`;
const MERGED = `fromStreams(["intermediate.C", "counted"]).when({ $any(state, e) { linkTo("merged", e); } })`;

/** Puts on a server one of everything that can be moved. */
export async function fill(client: EventStoreDBClient, address: string): Promise<void> {
  await client.createProjection("router", ROUTER, { emitEnabled: true });
  await client.createProjection("count", COUNT, { emitEnabled: true });
  // One that is gone, so that numbers of projections differ on the target.
  await client.createProjection("away", `fromStream("none").when({})`);
  await client.disableProjection("away");
  await client.deleteProjection("away");
  await client.createProjection("filter", FILTER, { emitEnabled: true });
  await client.createProjection("by-type", BY_TYPE, { emitEnabled: true });
  await client.createProjection("merged", MERGED, { emitEnabled: true });
  await client.createProjection("idle", `fromStream("intermediate.C").when({ $any(s, e) { linkTo("idle", e); } })`);
  await client.disableProjection("idle");
  await client.appendToStream(
    "counted",
    Array.from({ length: 30 }, (_, n) => jsonEvent({ type: "Counted", data: { n } })),
  );
  await client.setStreamMetadata("counted", { maxCount: 10, custom: "kept" });
  await client.appendToStream("bytes", [
    binaryEvent({ type: "Bytes", data: Buffer.from([0, 255, 10, 13]), metadata: Buffer.from([254, 1]) }),
    jsonEvent({ type: "Odd\u2028", data: { text: "line\u2028 and \n and é" } }),
  ]);
  await client.appendToStream("old", jsonEvent({ type: "Old", data: {} }));
  await client.setStreamMetadata("old", { maxAge: 1 });
  for (const stream of ["deleted", "revived", "ended"]) {
    await client.appendToStream(
      stream,
      [0, 1, 2].map((n) => jsonEvent({ type: "Counted", data: { n } })),
    );
  }
  await client.deleteStream("deleted");
  await client.deleteStream("revived");
  await client.appendToStream("revived", jsonEvent({ type: "Counted", data: { n: 3 } }));
  await client.appendToStream(
    "in.D-direct",
    [0, 1, 2].map((n) => order(n + 1000, "D")),
  );
  await client.tombstoneStream("ended");
  await client.setStreamMetadata("in.D-direct", { truncateBefore: 1 });
  await send(client, 0, 40);
  await settled(client, 40);
  // Gives back what is hidden: from here on revisions begin later, and an index leads to what is gone.
  await scavenged(address);
  await send(client, 40, 10);
  await settled(client, 50);
  await until("what is old has expired", async () => (await all(client.readStream("old"))).length === 0);
  await client.createPersistentSubscriptionToStream(
    "$ce-in.D",
    "D",
    persistentSubscriptionToStreamSettingsFromDefaults({ ...SETTINGS, maxRetryCount: 7 }),
  );
  await client.createPersistentSubscriptionToStream(
    "counted",
    "counters",
    persistentSubscriptionToStreamSettingsFromDefaults(SETTINGS),
  );
  await client.createPersistentSubscriptionToStream(
    "bytes",
    "fresh",
    persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: 1n }),
  );
  await client.createPersistentSubscriptionToAll(
    "all",
    persistentSubscriptionToAllSettingsFromDefaults({
      ...SETTINGS,
      resolveLinkTos: false,
      historyBufferSize: 10,
      readBatchSize: 5,
    }),
    {
      filter: streamNameFilter({ prefixes: ["intermediate."] }),
    },
  );
}

/** Once everything that follows from `sent` messages is written. */
export async function settled(client: EventStoreDBClient, sent: number): Promise<void> {
  const reached = async (stream: string, revision: bigint): Promise<boolean> => {
    try {
      const [last] = await all(client.readStream(stream, { direction: BACKWARDS, fromRevision: END, maxCount: 1 }));
      const record = last?.event ?? last?.link;
      return record !== undefined && record.revision >= revision;
    } catch {
      return false;
    }
  };
  const half = BigInt(Math.ceil(sent / 2)) - 1n;
  const billed = BigInt(Math.ceil(sent / 3)) - 1n;
  await until("the router", () => reached("in.D-C.routed", half));
  await until("the other queue", () => reached("in.E-C.routed", BigInt(Math.floor(sent / 2)) - 1n));
  await until("the bills", () => reached("$ce-bill", billed));
  await until("the merger", () => reached("merged", BigInt(sent)));
}

/** Handles `count` messages of a group, in order, each of them acknowledged, and the `parked`th parked. */
export async function handle(
  t: TestContext,
  client: EventStoreDBClient,
  [stream, group]: readonly [string, string],
  count: number,
  parked = -1,
): Promise<string[]> {
  const handled: string[] = [];
  // One slot: what is not settled here was never handed out beside it.
  const subscription =
    stream === "$all"
      ? client.subscribeToPersistentSubscriptionToAll(group, { bufferSize: 1 })
      : client.subscribeToPersistentSubscriptionToStream(stream, group, { bufferSize: 1 });
  subscription.on("error", () => {});
  subscription.on("data", (resolved: ResolvedEvent) => {
    if (handled.length === count) return;
    const settle = handled.length === parked ? subscription.nack(PARK, "later", resolved) : subscription.ack(resolved);
    void settle.catch(() => {});
    handled.push(resolved.event?.id ?? "link to nothing");
  });
  t.after(() => subscription.unsubscribe().catch(() => {}));
  await until(`${count} messages of ${group}`, () => handled.length === count);
  await until("the checkpoint", async () => {
    const info =
      stream === "$all"
        ? await client.getPersistentSubscriptionToAllInfo(group)
        : await client.getPersistentSubscriptionToStreamInfo(stream, group);
    return info.stats.outstandingMessagesCount <= 1 && info.stats.totalInFlightMessages <= 1;
  });
  await subscription.unsubscribe();
  return handled;
}

/** All that a reader sees of every stream of the team's, links followed, and of the indexes that are queues. */
export async function seen(client: EventStoreDBClient): Promise<Record<string, readonly unknown[]>> {
  const names = new Set(["$ce-in.D", "$ce-bill", "$et-Placed"]);
  for await (const { event } of client.readAll()) {
    if (event !== undefined && !event.streamId.startsWith("$")) names.add(event.streamId);
  }
  const streams: Record<string, readonly unknown[]> = {};
  for (const name of [...names].toSorted()) {
    const read = all(client.readStream(name, { resolveLinkTos: true }));
    streams[name] = await read.then(
      (events) =>
        events.flatMap(({ event, link }) => (event === undefined ? [] : [contentOf(event, link !== undefined)])),
      (error: Error) => [error.constructor.name],
    );
  }
  return streams;
}

/** Stamps of projections name numbers and places of their server. */
function contentOf({ id, type, isJson, data, metadata }: RecordedEvent, isLinked: boolean): readonly unknown[] {
  const bytes = data instanceof Uint8Array ? data : Buffer.from(JSON.stringify(data));
  const { $v: _, $c: __, $p: ___, $s: ____, ...own } = (metadata ?? {}) as Record<string, unknown>;
  return [id, type, isJson, Buffer.from(bytes).toString("base64"), isLinked ? undefined : own];
}

/** Records of the team's that a server has. */
export async function countOf(client: EventStoreDBClient): Promise<number> {
  return (await all(client.readAll())).filter(({ event }) => event?.streamId.startsWith("$") === false).length;
}
