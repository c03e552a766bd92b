import assert from "node:assert/strict";
import { test } from "node:test";
import {
  aggregate,
  command,
  component,
  event,
  type HandlerContext,
  InvalidName,
  NoReplyAddress,
  processManager,
  reply,
  type SendMode,
  view,
} from "../../src/index.ts";
import { bench, parked, read, until } from "./harness.ts";

const Place = command("sales.Place", { to: "sales" })<{ id: string; total: number }>();
const Placed = event("sales.Placed")<{ id: string; total: number }>();
const Charge = command("billing.Charge", { to: "billing" })<{ id: string; amount: number }>();
const Charged = event("billing.Charged")<{ id: string; amount: number }>();
const Receipt = reply("billing.Receipt")<{ id: string }>();
const Quote = command("sales.Quote", { to: "sales" })<{ id: string }>();

for (const mode of ["direct", "transactional"] satisfies SendMode[]) {
  test(`endpoint – a command, an event and a reply reach their receivers, ${mode}`, async () => {
    await using b = await bench();
    const got: [string, object, HandlerContext][] = [];
    const note = (who: string) => async (body: object, ctx: HandlerContext) => void got.push([who, body, ctx]);
    const sales = component("sales", { sends: mode }, (c) => {
      c.handle(Place, async (order, ctx) => {
        await ctx.publish(Placed, order, { headers: { colour: "grün 🎈" } });
        await ctx.send(Charge, { id: order.id, amount: order.total });
      });
      c.handle(Receipt, note("sales"));
    });
    const billing = component("billing", { sends: mode }, (c) => {
      c.handle(Charge, async (charge, ctx) => {
        await note("billing")(charge, ctx);
        await ctx.reply(Receipt, { id: charge.id });
      });
    });
    const one = component("one", (c) => c.handle(Placed, note("one")));
    const two = component("two", (c) => c.handle(Placed, note("two")));
    await b.start(sales, billing, one, two);

    const id = await b.sender.send(Place, { id: "17", total: 120 }, { headers: { from: "outside" } });
    await until("all four have come", () => got.length >= 4);

    const by = new Map(got.map(([who, body, ctx]) => [who, { body, ctx }]));
    assert.deepEqual([...by.keys()].toSorted(), ["billing", "one", "sales", "two"]);
    const placed = by.get("one")!.ctx;
    assert.equal(placed.messageId, by.get("two")!.ctx.messageId, "one event, two subscribers");
    assert.deepEqual(placed.headers, { colour: "grün 🎈" });
    assert.equal(placed.intent, "Publish");
    assert.equal(placed.source, "sales");
    assert.equal(placed.component, "one");
    assert.deepEqual(by.get("one")!.body, { id: "17", total: 120 });
    const charge = by.get("billing")!.ctx;
    assert.equal(charge.replyTo, "sales");
    assert.equal(by.get("sales")!.ctx.intent, "Reply");
    // 56. Correlation id and causation id through every hop, reply included.
    for (const { ctx } of by.values()) assert.equal(ctx.correlationId, id);
    assert.equal(placed.causationId, id);
    assert.equal(charge.causationId, id);
    assert.equal(by.get("sales")!.ctx.causationId, charge.messageId);

    const outbox = (await read(b.client, "intermediate.sales")).map(({ event }) => event!.type);
    assert.deepEqual(outbox, mode === "direct" ? [] : ["sales.Placed", "billing.Charge"]);
  });
}

test("endpoint – an event-sourced handler appends events and messages to its own stream, and they are routed by category", async () => {
  await using b = await bench();
  const order = aggregate("order", { total: 0 }, (a) => {
    a.decide(
      Place,
      (m) => m.id,
      (state, m) => (state.total > 0 ? [] : [Placed(m), Charge({ id: m.id, amount: m.total })]),
    );
    a.evolve(Placed, (_, e) => ({ total: e.total }));
  });
  const charges: string[] = [];
  const placed: string[] = [];
  const sales = component("sales", (c) => c.aggregate(order));
  const billing = component("billing", (c) => {
    c.handle(Charge, (m) => void charges.push(m.id));
    c.handle(Placed, (m) => void placed.push(m.id));
  });
  const endpoint = await b.start(sales, billing);
  for (const id of ["a-1", "a-2", "a-1"]) await b.sender.send(Place, { id, total: 5 });
  await until("both are charged", () => charges.length >= 2 && placed.length >= 2);
  await until("the third is handled", () => endpoint.counts("sales").handled >= 3);
  assert.deepEqual(charges.toSorted(), ["a-1", "a-2"]);
  assert.deepEqual(placed.toSorted(), ["a-1", "a-2"]);
  const stream = await read(b.client, "order-a-1");
  assert.deepEqual(
    stream.map(({ event }) => [event!.type, (event!.metadata as Record<string, unknown>)["sluice.destination"]]),
    [
      ["sales.Placed", undefined],
      ["billing.Charge", "billing"],
    ],
  );
  assert.deepEqual(await read(b.client, "intermediate.sales"), []);
});

test("process manager – 48. started concurrently by two messages of the same correlation: one instance, nothing lost", async () => {
  await using b = await bench();
  const Joined = event("joiner.Joined")<{ id: string; part: string }>();
  const Ready = command("sink.Ready", { to: "sink" })<{ id: string; parts: string[] }>();
  const Over = event("joiner.Over")<{ id: string }>();
  const joiner = processManager("joiner", { parts: [] as string[] }, (p) => {
    const join = (part: string) => (state: { parts: string[] }, e: { id: string }) => [
      Joined({ id: e.id, part }),
      ...(state.parts.length === 1 ? [Over({ id: e.id })] : []),
    ];
    p.startedBy(Placed, (e) => e.id, join("placed"));
    p.startedBy(Charged, (e) => e.id, join("charged"));
    p.evolve(Joined, (state, e) => ({ parts: [...state.parts, e.part] }));
    p.gateway(Over, (e, state) => Ready({ id: e.id, parts: state.parts.toSorted() }));
    p.completedBy(Over);
  });
  const ready: object[] = [];
  await b.start(
    component("joining", (c) => c.processManager(joiner)),
    component("sink", (c) => c.handle(Ready, (m) => void ready.push(m))),
  );
  const ids = Array.from({ length: 10 }, (_, n) => `p${n}`);
  await Promise.all(
    ids.flatMap((id) => [b.sender.publish(Placed, { id, total: 1 }), b.sender.publish(Charged, { id, amount: 1 })]),
  );
  await until("all are ready", () => ready.length >= ids.length);
  // 50. A message for a completed one is ignored.
  await b.sender.publish(Charged, { id: "p0", amount: 2 });
  await b.sender.publish(Placed, { id: "last", total: 2 });
  await until("the last has come", async () => (await read(b.client, "joiner-last")).length > 0);
  assert.deepEqual(
    ready.toSorted((x, y) => JSON.stringify(x).localeCompare(JSON.stringify(y))),
    ids.map((id) => ({ id, parts: ["charged", "placed"] })),
  );
  for (const id of ids) assert.equal((await read(b.client, `joiner-${id}`)).length, 4);
});

test("view – folds all history once, then each event as it comes, and can be waited for", async () => {
  await using b = await bench();
  const totals = view(
    "totals",
    () => new Map<string, number>(),
    (v) => v.on(Placed, (rows, e) => void rows.set(e.id, (rows.get(e.id) ?? 0) + e.total)),
  );
  await b.sender.publish(Placed, { id: "early", total: 1 });
  await until("it is published", async () => (await read(b.client, "$ce-out")).length === 1);
  const endpoint = await b.start(component("reading", (c) => c.view(totals)));
  assert.deepEqual([...(await endpoint.view(totals).ready())], [["early", 1]], "history is there when it is ready");
  const id = crypto.randomUUID();
  await b.sender.publish(Placed, { id: "late", total: 2 }, { id });
  await b.client.appendToStream(
    "out-other",
    (await read(b.client, "out-test.direct")).slice(1).map(({ event }) => ({
      id: event!.id,
      type: event!.type,
      contentType: "application/json" as const,
      data: event!.data as object as Record<string, unknown>,
      metadata: {},
    })),
  );
  await b.sender.publish(Placed, { id: "last", total: 3 });
  const state = await endpoint.view(totals).until((rows) => rows.has("last"), { signal: AbortSignal.timeout(60_000) });
  assert.deepEqual(
    [...state],
    [
      ["early", 1],
      ["late", 2],
      ["last", 3],
    ],
    "an event published twice is folded once",
  );
  await assert.rejects(
    endpoint.view(totals).until(() => false, { signal: AbortSignal.timeout(20) }),
    { name: "TimeoutError" },
  );
});

test("sending – 29. a send to a name that is not a valid component is refused at the call", async () => {
  await using b = await bench();
  await assert.rejects(b.sender.send(Place, { id: "1", total: 1 }, { to: "a-b" }), InvalidName);
  let refused: unknown;
  const endpoint = await b.start(
    component("sales", (c) =>
      c.handle(Place, async (m, ctx) => {
        await ctx.send(Charge, { id: m.id, amount: 1 }, { to: "a-b" }).catch((error: unknown) => (refused = error));
      }),
    ),
  );
  await b.sender.send(Place, { id: "1", total: 1 });
  // What the handler has caught is its own matter.
  await until("the message is handled", () => endpoint.counts("sales").handled === 1);
  assert.ok(refused instanceof InvalidName);
  assert.equal(endpoint.counts("sales").failures, 0);
});

test("sending – a reply to a message that names nobody to answer is parked with what to do", async () => {
  await using b = await bench();
  await b.start(component("sales", (c) => c.handle(Quote, (m, ctx) => ctx.reply(Receipt, { id: m.id }))));
  await b.sender.send(Quote, { id: "1" });
  const [reason] = await parked(b.client, "sales", 1);
  assert.equal(reason!.exception.name, NoReplyAddress.name);
});

test("sending – 30. nobody listening: the message waits in the queue; deployed later, the component gets it", async () => {
  await using b = await bench();
  await b.sender.send(Place, { id: "1", total: 1 });
  await until("it waits", async () => (await read(b.client, "$ce-in.sales")).length === 1);
  const got: string[] = [];
  await b.start(component("sales", (c) => c.handle(Place, (m) => void got.push(m.id))));
  await until("it has come", () => got.length === 1);
});

test("receiving – 1. a message reaches the handler with its id, its headers and exactly its body's bytes", async () => {
  await using b = await bench();
  const Bytes = command("sales.Bytes", { to: "sales" })<Uint8Array>();
  const got: [Uint8Array, HandlerContext][] = [];
  await b.start(component("sales", (c) => c.handle(Bytes, (body, ctx) => void got.push([body, ctx]))));
  const body = Uint8Array.from({ length: 256 }, (_, n) => n);
  const id = crypto.randomUUID();
  await b.sender.send(Bytes, body, { id, headers: { größe: "256" } });
  const [bytes, ctx] = await until("it has come", () => got[0]);
  assert.deepEqual(Uint8Array.from(bytes), body);
  assert.equal(ctx.messageId, id);
  assert.deepEqual(ctx.headers, { größe: "256" });
});

test("subscribe – 31. each of a subscriber's instances shares the queue: one of them handles an event", async () => {
  await using b = await bench();
  const got: string[] = [];
  const make = () => component("reader", (c) => c.handle(Placed, (e) => void got.push(e.id)));
  const [one, two] = [await b.start(make()), await b.start(make())];
  const ids = Array.from({ length: 60 }, (_, n) => `${n}`);
  for (const id of ids) await b.sender.publish(Placed, { id, total: 1 });
  await until("all have come", () => got.length >= ids.length);
  assert.deepEqual(got.toSorted(), ids.toSorted());
  assert.ok(one.counts("reader").handled > 0 && two.counts("reader").handled > 0, "both had a part");
});
