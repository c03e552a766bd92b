import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { WriteFailedError } from "../../src/log/errors.ts";
import { Log } from "../../src/log/log.ts";
import { refusingStorage } from "./refusing-storage.ts";
import { temporaryDirectory } from "./temporary.ts";

const write = (stream: string, count: number) => ({
  stream,
  events: Array.from({ length: count }, () => ({
    id: randomUUID(),
    type: "Noted",
    isJson: false,
    data: Buffer.from("x"),
    metadata: Buffer.alloc(0),
  })),
});

const stream = fc.constantFrom("a", "b", "c", "d");
const count = fc.integer({ min: 0, max: 3 });
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("stage" as const), stream, other: stream, count }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("settle" as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("journal" as const), refuses: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("tables" as const), refuses: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("index" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart" as const) }) },
);

test("refused writes – whatever the disk refuses, what was acknowledged and nothing else is there, numbered without a gap", async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40, size: "max" }), async (steps) => {
      const directory = temporaryDirectory(t);
      let { storage, disk } = refusingStorage({ directory });
      let log = Log.on(storage, { now: () => 1 });
      const acknowledged: { id: string; stream: string }[] = [];
      let pending: Promise<unknown>[] = [];
      const settle = async () => {
        await Promise.all(pending);
        pending = [];
        check();
      };
      const check = () => {
        const all = log.readAll(0, false, 1000);
        assert.deepEqual(
          all.map(({ id }) => id),
          acknowledged.map(({ id }) => id),
        );
        assert.deepEqual(log.readAll(log.end, true, 1000), all.toReversed());
        for (const name of ["a", "b", "c", "d"]) {
          const own = all.filter((record) => record.stream === name);
          assert.deepEqual(log.readStream(name, { first: 0, last: 999, reverse: false, limit: 999 }), own);
          assert.deepEqual(
            own.map(({ revision }) => revision),
            own.map((_, i) => i),
          );
          assert.deepEqual([log.head(name).staged, log.head(name).durable], [own.length - 1, own.length - 1]);
          assert.deepEqual(log.lastAccepted(name), own.at(-1));
        }
        for (const { id, stream: name, revision } of all) {
          assert.deepEqual(log.placeOfId(id), { stream: name, revision });
        }
      };
      for (const one of steps) {
        if (one.kind === "stage") {
          const writes = [write(one.stream, one.count), write(one.other, 1)];
          const staged = log.stage(writes).then((records) => void acknowledged.push(...records));
          pending.push(staged.catch((error: unknown) => assert.ok(error instanceof WriteFailedError)));
        } else if (one.kind === "settle") await settle();
        else if (one.kind === "journal") {
          await settle();
          disk.refusesJournal = one.refuses;
        } else if (one.kind === "tables") disk.refusesTables = one.refuses;
        else if (one.kind === "index") await log.indexed().catch(() => {});
        else {
          await settle();
          await log.close();
          ({ storage, disk } = refusingStorage({ directory }));
          log = Log.on(storage, { now: () => 1 });
          check();
        }
      }
      await settle();
      await log.close();
      const again = Log.open({ location: { directory }, now: () => 1 });
      assert.deepEqual(
        again.readAll(0, false, 1000).map(({ id }) => id),
        acknowledged.map(({ id }) => id),
      );
      await again.close();
    }),
    { numRuns: 25 },
  );
});

test("refused writes – while the tables are refused the log goes on so far, then refuses, and goes on when they are taken", async (t) => {
  const { storage, disk } = refusingStorage({ directory: temporaryDirectory(t) });
  const log = Log.on(storage, { now: () => 1 });
  const big = (): ReturnType<typeof write> => ({
    stream: "big",
    events: [{ id: randomUUID(), type: "T", isJson: false, data: Buffer.alloc(4_000_000), metadata: Buffer.alloc(0) }],
  });
  disk.refusesTables = true;
  let taken = 0;
  const refusal = await (async () => {
    for (; taken < 50; taken++) await log.stage([big()]);
  })().catch((error: unknown) => error);
  assert.ok(refusal instanceof WriteFailedError);
  assert.ok(taken >= 7 && taken < 10, `${taken}`);
  assert.equal(log.readAll(0, false, 100).length, taken);
  assert.equal(log.head("big").staged, taken - 1);
  disk.refusesTables = false;
  await log.stage([big()]);
  assert.equal(log.readAll(0, false, 100).length, taken + 1);
  await log.close();
});
