import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { test } from "node:test";
import fc from "fast-check";
import { ContextItems } from "../../src/pipeline/context-items.ts";
import { OutgoingPipeline } from "../../src/pipeline/outgoing-pipeline.ts";
import type { Appended } from "../../src/store/append.ts";
import type { StoredEvent } from "../../src/store/event.ts";
import { AppendTooLarge } from "../../src/store/append-too-large.ts";
import { ServerUnreachable } from "../../src/store/server-unreachable.ts";
import { APPEND_LIMIT, Appender } from "../../src/dispatch/appender.ts";
import { Batch } from "../../src/dispatch/batch.ts";
import type { OutgoingEvent } from "../../src/dispatch/outgoing-event.ts";
import { Outbox } from "../../src/endpoint/outbox.ts";
import { HandlerEnded } from "../../src/dispatch/handler-ended.ts";
import { command, event } from "../../src/messages/definition.ts";
import { InvalidBody } from "../../src/messages/invalid-body.ts";
import { MessageTooLarge } from "../../src/messages/message-too-large.ts";
import { SchemaRefused } from "../../src/messages/schema-refused.ts";
import type { StandardSchema } from "../../src/messages/standard-schema.ts";

interface Append {
  readonly stream: string;
  readonly ids: readonly string[];
}

/** A server that stores appends one turn later, and refuses or loses those that `fails` says. */
function server(fails: (append: Append) => Error | undefined = () => undefined, keepsOrder = false) {
  const stored: Append[] = [];
  const inFlight = new Map<string, number>();
  let most = 0;
  const appender = new Appender({
    append: async (stream, events): Promise<Appended> => {
      inFlight.set(stream, (inFlight.get(stream) ?? 0) + 1);
      most = Math.max(most, inFlight.get(stream)!);
      await turn();
      inFlight.set(stream, inFlight.get(stream)! - 1);
      const append = { stream, ids: events.map(({ id }) => id) };
      const error = fails(append);
      if (error !== undefined) throw error;
      stored.push(append);
      return { revision: 0n, position: undefined };
    },
    read: async () => [],
    keepsOrder,
  });
  return { appender, stored, mostAtOnce: () => most };
}

const message = (id: string, bytes = 10): OutgoingEvent =>
  ({ event: { id, type: "T" }, bytes }) as unknown as OutgoingEvent;

test("appender – whoever sends how much, each one's messages are in one append, whole and in order", async () => {
  const batch = fc.record({
    size: fc.integer({ min: 1, max: 60 }),
    alone: fc.boolean(),
    pause: fc.boolean(),
    stream: fc.constantFrom("a", "b"),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(batch, { maxLength: 30 }), fc.boolean(), async (batches, keepsOrder) => {
      const { appender, stored, mostAtOnce } = server(() => undefined, keepsOrder);
      const sent: Promise<void>[] = [];
      for (const [n, { size, alone, pause, stream }] of batches.entries()) {
        sent.push(
          appender.append(
            stream,
            Array.from({ length: size }, (_, i) => message(`${n}/${i}`)),
            { alone },
          ),
        );
        if (pause) await turn();
      }
      await Promise.all(sent);
      for (const [n, { size, alone, stream }] of batches.entries()) {
        const holding = stored.filter(({ ids }) => ids.includes(`${n}/0`));
        assert.equal(holding.length, 1);
        const at = holding[0]!.ids.indexOf(`${n}/0`);
        assert.equal(holding[0]!.stream, stream);
        assert.deepEqual(
          holding[0]!.ids.slice(at, at + size),
          Array.from({ length: size }, (_, i) => `${n}/${i}`),
        );
        if (alone) assert.equal(holding[0]!.ids.length, size, "what may be a repeat shares no append");
      }
      for (const stream of ["a", "b"]) {
        const order = stored
          .filter((a) => a.stream === stream)
          .flatMap(({ ids }) => ids.map((id) => Number(id.split("/")[0])));
        assert.deepEqual(
          order,
          order.toSorted((a, b) => a - b),
          "in the order given",
        );
      }
      assert.ok(mostAtOnce() <= (keepsOrder ? 8 : 1));
    }),
    { numRuns: 100 },
  );
});

test("sending – 28. a batch over the server's size limit is refused with what and how much; nothing is sent", async () => {
  const { appender, stored } = server();
  const batch = [message("1", APPEND_LIMIT), message("2", 1)];
  await assert.rejects(
    async () => appender.append("s", batch, { alone: false }),
    (error: unknown) =>
      error instanceof MessageTooLarge && error.bytes === APPEND_LIMIT + 1 && error.limit === APPEND_LIMIT,
  );
  await appender.append("s", [message("3", APPEND_LIMIT)], { alone: false });
  assert.deepEqual(stored, [{ stream: "s", ids: ["3"] }]);
});

test("sending – 28. a server with a smaller limit refuses with its own", async () => {
  const { appender } = server(() => new AppendTooLarge("s", 1_000));
  await assert.rejects(
    appender.append("s", [message("1", 2_000)], { alone: false }),
    (error: unknown) => error instanceof MessageTooLarge && error.limit === 1_000 && error.bytes === 2_000,
  );
});

test("appender – a refusal of what several gave hits only the one it concerns", async () => {
  const { appender, stored } = server(({ ids }) => (ids.includes("bad") ? new Error("refused") : undefined));
  const results = await Promise.allSettled(
    ["first", "good", "bad", "better"].map((id) => appender.append("s", [message(id)], { alone: false })),
  );
  assert.deepEqual(
    results.map(({ status }) => status),
    ["fulfilled", "fulfilled", "rejected", "fulfilled"],
  );
  assert.deepEqual(
    stored.flatMap(({ ids }) => ids),
    ["first", "good", "better"],
  );
});

test("appender – when the server is away nothing is tried again behind the back of the sender", async () => {
  let tries = 0;
  const { appender } = server(() => ((tries += 1), new ServerUnreachable("x", {})));
  const results = await Promise.allSettled(
    ["1", "2", "3"].map((id) => appender.append("s", [message(id)], { alone: false })),
  );
  assert.ok(results.every((result) => result.status === "rejected" && result.reason instanceof ServerUnreachable));
  assert.equal(tries, 1, "those of one turn together");
});

/** A stream on a server that knows no repeats, as a new leader does, and loses the answers that `loses` says. */
function forgetful(loses: (append: number) => "stored" | "not stored" | undefined) {
  const stream: string[] = [];
  let appends = 0;
  let reads = 0;
  const appender = new Appender({
    append: async (_, events): Promise<Appended> => {
      const lost = loses(appends++);
      if (lost !== "not stored") stream.push(...events.map(({ id }) => id));
      await turn();
      if (lost !== undefined) throw new ServerUnreachable("x", {});
      return { revision: BigInt(stream.length - 1), position: undefined };
    },
    keepsOrder: true,
    read: async (_, { from, limit }) => {
      reads += 1;
      await turn();
      const end = typeof from === "bigint" ? Number(from) : stream.length - 1;
      return Array.from({ length: Math.min(limit, end + 1) }, (_, n) => {
        const [id = "", revision] = [stream[end - n], BigInt(end - n)];
        return { event: { id, revision } as StoredEvent, link: undefined };
      });
    },
  });
  return { appender, stream, reads: () => reads };
}

test("appender – whichever answers are lost, and however often it is repeated on a leader that knows nothing of it: all stored once", async () => {
  const lost = fc.option(fc.constantFrom("stored" as const, "not stored" as const), { freq: 3, nil: undefined });
  await fc.assert(
    fc.asyncProperty(fc.array(lost, { maxLength: 40 }), fc.integer({ min: 1, max: 120 }), async (fates, count) => {
      const { appender, stream } = forgetful((append) => fates[append]);
      const send = async (id: string): Promise<void> => {
        for (let alone = false; ; alone = true) {
          try {
            return await appender.append("s", [message(`${id}/a`), message(`${id}/b`)], { alone });
          } catch (error) {
            assert.ok(error instanceof ServerUnreachable);
          }
        }
      };
      await Promise.all(Array.from({ length: count }, (_, n) => send(`${n}`)));
      assert.equal(stream.length, count * 2);
      assert.equal(new Set(stream).size, count * 2);
    }),
    { numRuns: 100 },
  );
});

test("appender – what has been stored far behind since is found, and the look ends where the append cannot be any more", async () => {
  const { appender, stream, reads } = forgetful((append) => (append === 1 ? "stored" : undefined));
  await appender.append("s", [message("before")], { alone: false });
  await assert.rejects(appender.append("s", [message("lost")], { alone: false }), ServerUnreachable);
  stream.push(...Array.from({ length: 9_000 }, (_, n) => `other ${n}`));
  await appender.append("s", [message("lost")], { alone: true });
  assert.equal(stream.filter((id) => id === "lost").length, 1);
  assert.ok(reads() > 10);
  const before = reads();
  await appender.append("s", [message("next")], { alone: false });
  assert.equal(reads(), before, "what is not in doubt costs no look");
});

const Placed = event("sales.Placed")<{ n: number }>();
const Charge = command("billing.Charge", { to: "billing" })<{ n: number }>();
const handling = { messageId: "6ba7b810-9dad-11d1-80b4-00c04fd430c8", type: "T", correlationId: "corr", headers: {} };

const late: HandlerEnded[] = [];

/** An outbox whose messages leave with it. */
function outbox(appender: Appender, mode: "transactional" | "direct" = "transactional"): Outbox {
  const intermediate = "intermediate.sales";
  const batch = new Batch({ appender, source: "sales", intermediate, now: () => 0, mayRepeat: () => false });
  const box = new Outbox({
    context: { source: "sales", handling, sentAt: new Date(0) },
    mode,
    pipeline: new OutgoingPipeline(),
    items: new ContextItems(),
    dispatcher: batch,
    onLate: (error) => void late.push(error),
  });
  const flush = box.flush.bind(box);
  box.flush = async () => {
    await flush();
    await batch.leave();
  };
  return box;
}

test("outbox – 24. a send before the throw does not leave; 23. a direct one does", async () => {
  const { appender, stored } = server();
  const box = outbox(appender);
  await box.send(Placed, { n: 1 }, {});
  await box.send(Charge, { n: 2 }, {}, "direct");
  await box.send(Placed, { n: 3 }, {}, "direct");
  box.discard();
  assert.deepEqual(
    stored.map(({ stream }) => stream),
    ["in.billing-sales", "out-sales.direct"],
  );
  await assert.rejects(box.send(Placed, { n: 4 }, {}), HandlerEnded);
  // 69. One that nobody awaits is told, and the process lives.
  void box.send(Placed, { n: 5 }, {});
  assert.equal(late.length, 2);
});

test("outbox – 27. handling a message twice appends the same ids", async () => {
  const { appender, stored } = server();
  for (let time = 0; time < 2; time += 1) {
    const box = outbox(appender);
    void box.send(Placed, { n: 1 }, {});
    void box.send(Charge, { n: 2 }, {});
    await box.send(Charge, { n: 3 }, {}, "direct");
    await box.flush();
  }
  const [direct, batch, directAgain, batchAgain] = stored;
  assert.equal(batch!.stream, "intermediate.sales");
  assert.equal(new Set([...direct!.ids, ...batch!.ids]).size, 3);
  assert.deepEqual([directAgain, batchAgain], [direct, batch]);
});

test("outbox – a refused body fails the handler although it did not await the send, and nothing leaves", async () => {
  const refusing: StandardSchema<{ n: number }> = {
    "~standard": { version: 1, vendor: "test", validate: async () => ({ issues: [{ message: "no" }] }) },
  };
  const { appender, stored } = server();
  const box = outbox(appender);
  void box.send(Placed, { n: 1 }, {});
  void box.send(event("sales.Bad")(refusing), { n: 1 }, {});
  await assert.rejects(box.flush(), SchemaRefused);
  assert.deepEqual(stored, []);
});

test("outbox – a refused send that the handler has caught is the handler's matter: all else leaves", async () => {
  const { appender, stored } = server();
  const box = outbox(appender);
  await assert.rejects(box.send(Charge, 7 as unknown as object, {}), InvalidBody);
  await box.send(Charge, { n: 1 }, { headers: { $reserved: "x" } }).catch(() => {});
  await box.send(Placed, { n: 1 }, {});
  await box.flush();
  assert.deepEqual(
    stored.map(({ ids }) => ids.length),
    [1],
  );
});

test("outbox – 71. a retry that decides otherwise sends under other ids, and the same message under the same", async () => {
  const { appender, stored } = server();
  const ids = async (...sends: readonly ((box: Outbox) => Promise<void>)[]): Promise<readonly string[]> => {
    const box = outbox(appender);
    for (const send of sends) await send(box);
    await box.flush();
    return stored.at(-1)!.ids;
  };
  const placed = (box: Outbox) => box.send(Placed, { n: 1 }, {});
  const charge = (box: Outbox) => box.send(Charge, { n: 1 }, {});
  const chargeElsewhere = (box: Outbox) => box.send(Charge, { n: 1 }, { to: "archive" });
  const first = await ids(charge, placed, placed);
  const second = await ids(chargeElsewhere, placed, placed);
  assert.deepEqual(second.slice(1), first.slice(1));
  assert.notEqual(second[0], first[0]);
  assert.equal(new Set([...first, ...second]).size, 4);
  assert.deepEqual(
    await ids(placed, charge, placed),
    [first[1], first[0], first[2]],
    "in whatever order they are sent",
  );
});
