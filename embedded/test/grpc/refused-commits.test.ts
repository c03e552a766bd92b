import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { test, type TestContext } from "node:test";
import {
  ANY,
  type AppendExpectedRevision,
  EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
  UnknownError,
} from "@eventstore/db-client";
import fc from "fast-check";
import { type ServerNote, startEmbedded } from "../../src/index.ts";
import { temporaryDirectory } from "../log/temporary.ts";
import { until } from "../until.ts";

/** How a disk refuses a write: with none of it stored, with a part, or with all of it and an error nevertheless. */
type Refusal = "nothing" | "part" | "all";

/** Journals are the only files that are written by this function here. */
const written = fs.write;

interface RefusingDisk {
  readonly refused: number;
  readonly taken: number;
  /** Refuses the next writes, behind those that it still takes. */
  refuse(how: Refusal, writes: number, taken?: number): void;
  /** Takes writes again, also those that were to be refused. */
  relent(): void;
}

/** Puts a disk under this process that refuses as many of the next writes as it is told. */
function refusingDisk(t: TestContext): RefusingDisk {
  const coming: (Refusal | "taken")[] = [];
  const times = <Value>(value: Value, count: number): readonly Value[] => Array.from({ length: count }, () => value);
  const disk = {
    refused: 0,
    taken: 0,
    refuse: (how: Refusal, writes: number, taken = 0) =>
      void coming.push(...times("taken" as const, taken), ...times(how, writes)),
    relent: () => void coming.splice(0),
  };
  type Done = (error: Error | null, written: number) => void;
  const write = (file: number, bytes: Buffer, from: number, length: number, offset: number, done: Done): void => {
    const how = coming.shift();
    if (how === undefined || how === "taken") {
      disk.taken++;
      return void written(file, bytes, from, length, offset, done);
    }
    disk.refused++;
    const stored = { nothing: 0, part: Math.floor(length / 2), all: length }[how];
    const refuse = () => done(new Error("the disk refuses"), 0);
    if (stored === 0) setImmediate(refuse);
    else written(file, bytes, from, stored, offset, refuse);
  };
  Object.assign(fs, { write });
  syncBuiltinESMExports();
  t.after(() => {
    Object.assign(fs, { write: written });
    syncBuiltinESMExports();
  });
  return disk;
}

/** Streams of the category that projections, groups and subscribers follow, and one that is deleted now and then. */
const FOLLOWED = 3;
const STREAMS = FOLLOWED + 1;
const DELETED = FOLLOWED;

const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("append" as const),
      stream: fc.nat({ max: STREAMS - 1 }),
      count: fc.integer({ min: 1, max: 4 }),
      /** Whether the writer says where the stream is, and by which of the two calls it appends. */
      isExact: fc.boolean(),
      isByItself: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("delete" as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("refuse" as const),
      stream: fc.nat({ max: STREAMS - 1 }),
      how: fc.constantFrom<Refusal>("nothing", "part", "all"),
      writes: fc.integer({ min: 1, max: 3 }),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** A history with the ids that its events have wherever it takes place. Steps of one stream follow each other, streams do not. */
const historyOf = (steps: readonly Step[]) =>
  steps.map((one) => ({
    ...one,
    ids: one.kind === "append" ? Array.from({ length: one.count }, () => randomUUID()) : [],
  }));
type History = ReturnType<typeof historyOf>;

/** A server with a history, whoever listens to it, and what they have seen. */
async function lived(history: History, data: string, disk: RefusingDisk | undefined) {
  const notes: ServerNote[] = [];
  const server = await startEmbedded({ data, port: 0, onNote: (note) => notes.push(note) });
  // What is refused makes a client look for its server anew: those who listen have one of their own.
  const [writer, listener] = [server, server].map(({ connectionString }) =>
    EventStoreDBClient.connectionString(connectionString),
  ) as [EventStoreDBClient, EventStoreDBClient];
  const persistently = async <Answer>(call: () => Promise<Answer>): Promise<Answer> => {
    for (;;) {
      try {
        return await call();
      } catch (error) {
        // Nothing else than what the disk refuses may go wrong. Of an append by the long call the client does not tell the reason.
        if (!(error instanceof UnknownError)) assert.match(String(error), /did not reach the disk/);
      }
    }
  };
  try {
    const startFrom = persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START, resolveLinkTos: true });
    await listener.createPersistentSubscriptionToStream("$ce-load", "group", startFrom);
    await listener.createProjection(
      "mirror",
      `fromCategory("load").when({ $any(s, e) { linkTo("mirror", e); emit("copy-" + e.streamId, "Copied", { n: e.data.n }); } })`,
      { emitEnabled: true },
    );
    await listener.createProjection(
      "sums",
      `fromCategory("load").foreachStream().when({ $init: () => ({ seen: [] }), $any(s, e) { s.seen.push(e.data.n); } })`,
    );
    const subscribed: string[] = [];
    const subscription = listener.subscribeToAll({ resolveLinkTos: false });
    subscription.on("data", ({ event }) => {
      if (event?.streamId.startsWith("load-") === true) subscribed.push(event.id);
    });
    const delivered = new Set<string>();
    const group = listener.subscribeToPersistentSubscriptionToStream("$ce-load", "group");
    group.on("data", (resolved) => {
      delivered.add(resolved.event?.id ?? `nothing behind ${resolved.link?.id}`);
      void group.ack(resolved).catch(() => {});
    });

    const next = Array.from({ length: STREAMS }, () => 0);
    const written: string[][] = Array.from({ length: STREAMS }, () => []);
    const ends = Array.from({ length: STREAMS }, () => Promise.resolve());
    const inTurn = (stream: number, act: () => Promise<void>): void => void (ends[stream] = ends[stream]!.then(act));
    for (const one of history) {
      if (one.kind === "refuse") inTurn(one.stream, async () => disk?.refuse(one.how, one.writes));
      else if (one.kind === "delete") {
        inTurn(DELETED, async () => {
          if (written[DELETED]!.length > 0)
            await persistently(() => writer.deleteStream("other", { expectedRevision: ANY }));
          written[DELETED] = [];
        });
      } else {
        const { stream, ids, isExact, isByItself } = one;
        inTurn(stream, async () => {
          const first = next[stream]!;
          const events = ids.map((id, i) => jsonEvent({ id, type: "Load", data: { n: first + i } }));
          const expectedRevision: AppendExpectedRevision = !isExact ? ANY : first === 0 ? NO_STREAM : BigInt(first - 1);
          const credentials = isByItself ? { credentials: { username: "admin", password: "changeit" } } : {};
          const name = stream === DELETED ? "other" : `load-${stream}`;
          const { nextExpectedRevision } = await persistently(() =>
            writer.appendToStream(name, events, { expectedRevision, ...credentials }),
          );
          next[stream] = first + ids.length;
          assert.equal(nextExpectedRevision, BigInt(first + ids.length - 1), "the revision that is answered");
          written[stream]!.push(...ids);
        });
      }
    }
    await Promise.all(ends);

    const idsIn = async (stream: string): Promise<string[]> => {
      const ids: string[] = [];
      try {
        for await (const { event } of listener.readStream(stream, { resolveLinkTos: true }))
          ids.push(event?.id ?? "gone");
      } catch (error) {
        assert.match(String(error), /not found/);
      }
      return ids;
    };
    const followed = written.slice(0, FOLLOWED);
    const all = new Set(followed.flat());
    const isOf = (stream: number) => (id: string) => followed[stream]!.includes(id) || !all.has(id);
    const stateOf = async (partition: string): Promise<readonly number[]> => {
      const state = await listener.getProjectionState<{ seen: number[] } | null>("sums", { partition });
      return state?.seen ?? [];
    };
    const copiesOf = async (stream: string): Promise<readonly unknown[]> => {
      const copies: unknown[] = [];
      try {
        for await (const { event } of listener.readStream(`copy-${stream}`)) copies.push(event?.data);
      } catch (error) {
        assert.match(String(error), /not found/);
      }
      return copies;
    };
    await until("projections, group and subscriber have seen all", async () => {
      const states = await Promise.all(followed.map((_, n) => stateOf(`load-${n}`)));
      const mirrored = await idsIn("mirror");
      const seen = [states.flat().length, mirrored.length, subscribed.length, delivered.size];
      return seen.every((count) => count >= all.size);
    });
    const mirrored = await idsIn("mirror");
    const streams = Array.from({ length: STREAMS }, (_, n) => (n === DELETED ? "other" : `load-${n}`));
    const result = {
      read: await Promise.all(streams.map(idsIn)),
      mirrored: followed.map((_, n) => mirrored.filter(isOf(n))),
      copied: await Promise.all(followed.map((_, n) => copiesOf(`load-${n}`))),
      states: await Promise.all(followed.map((_, n) => stateOf(`load-${n}`))),
      subscribed: followed.map((_, n) => subscribed.filter(isOf(n))),
      delivered: [...delivered].toSorted(),
      parked: await idsIn("$persistentsubscription-$ce-load::group-parked"),
      faults: notes.filter(({ event }) => event === "projection-faulted"),
    };
    assert.deepEqual(result.read, written, "what was acknowledged is what is there");
    await Promise.all([subscription.unsubscribe(), group.unsubscribe()]);
    return result;
  } finally {
    await server.stop();
    await Promise.all([writer.dispose(), listener.dispose()].map((disposed) => disposed.catch(() => {})));
  }
}

test("refused commits – a server that is refused one of the writes it starts with does not start, and does when the disk takes them", async (t) => {
  const disk = refusingDisk(t);
  const started = (data: string) => startEmbedded({ data, port: 0 });
  const unhindered = await started(temporaryDirectory(t));
  const writes = disk.taken;
  await unhindered.stop();
  for (const [nth, how] of (["nothing", "part", "all"] as const).entries()) {
    for (let taken = nth; taken < writes; taken += Math.ceil(writes / 4)) {
      const data = temporaryDirectory(t);
      disk.refuse(how, 1, taken);
      await assert.rejects(started(data), /did not reach the disk/);
      const server = await started(data);
      const client = EventStoreDBClient.connectionString(server.connectionString);
      try {
        await until("the standard projections are there, and run", async () => {
          const projections = await client.listProjections();
          return projections.length === 5 && projections.every(({ status }) => status === "Running");
        });
      } finally {
        await client.dispose();
        await server.stop();
      }
    }
  }
});

test("refused commits – the same history, with a disk that refuses and one that does not: clients, groups and projections find the same", async (t) => {
  const disk = refusingDisk(t);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40, size: "max" }), async (steps) => {
      const history = historyOf(steps);
      const withRefusals = await lived(history, temporaryDirectory(t), disk);
      // Fewer writes than were to be refused may have been made.
      disk.relent();
      const without = await lived(history, temporaryDirectory(t), undefined);
      assert.deepEqual(withRefusals, without);
    }),
    { numRuns: Number(process.env["SLUICE_REFUSED_HISTORIES"] ?? 3), endOnFailure: true },
  );
  assert.ok(disk.refused > 0);
  t.diagnostic(`${disk.refused} writes refused`);
});
