import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { OutboxTail } from "../../src/receive/outbox-tail.ts";
import type { ResolvedEvent } from "../../src/store/event.ts";
import type { ReadOptions } from "../../src/store/read.ts";

const MINUTE = 60_000;

/** An outbox in memory: what it was sent for, and in which minute. */
function outbox() {
  const events: ResolvedEvent[] = [];
  let reads = 0;
  return {
    reads: () => reads,
    store(causationId: string, minute: number): void {
      const revision = BigInt(events.length);
      const event = {
        id: `${revision}`,
        type: "T",
        isJson: true,
        data: Buffer.from("{}"),
        metadata: Buffer.from(JSON.stringify({ $causationId: causationId })),
        stream: "intermediate.C",
        revision,
        position: undefined,
        created: new Date(minute * MINUTE),
      };
      events.push({ event, link: undefined });
    },
    read: async (_: string, { from, limit }: ReadOptions) => {
      reads += 1;
      const end = typeof from === "bigint" ? Number(from) + 1 : events.length;
      return events.slice(Math.max(0, end - limit), end).toReversed();
    },
  };
}

test("outbox tail – messages are counted, not what each of them has sent: a fan-out of 500 hides none", async () => {
  const stream = outbox();
  for (let n = 0; n < 40; n += 1) for (let sent = 0; sent < 500; sent += 1) stream.store(`message ${n}`, n);
  const tail = new OutboxTail(stream, "C");
  assert.deepEqual(
    await tail.handledSince(undefined),
    Array.from({ length: 40 }, (_, n) => `message ${n}`),
  );
});

test("outbox tail – tells of all that was stored since a moment, however often it is asked and for which moments", async () => {
  const step = fc.oneof(
    fc.record({ stores: fc.integer({ min: 1, max: 900 }) }),
    fc.record({ since: fc.option(fc.nat(12), { nil: undefined }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const stream = outbox();
      const tail = new OutboxTail(stream, "C");
      const told = new Set<string>();
      const stored: { readonly id: string; readonly minute: number }[] = [];
      for (const [minute, what] of steps.entries()) {
        if ("stores" in what) {
          for (let n = 0; n < what.stores; n += 1) {
            stored.push({ id: `${minute}/${n}`, minute });
            stream.store(`${minute}/${n}`, minute);
          }
          continue;
        }
        const { since } = what;
        const ids = await tail.handledSince(since === undefined ? undefined : new Date(since * MINUTE));
        for (const id of ids) told.add(id);
        const wanted = stored.filter((one) => one.minute >= (since ?? 0)).slice(-1_000);
        for (const { id } of wanted) assert.ok(told.has(id), `${id} is not told of`);
      }
    }),
    { numRuns: 60 },
  );
});

test("outbox tail – what came into the queue just now asks for little", async () => {
  const stream = outbox();
  for (let n = 0; n < 5_000; n += 1) stream.store(`message ${n}`, Math.floor(n / 100));
  const tail = new OutboxTail(stream, "C");
  await tail.handledSince(new Date(49 * MINUTE));
  assert.ok(stream.reads() <= 2, `${stream.reads()} reads`);
});
