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
import { type Bench, bench, parked, published, read, until } from "./harness.ts";

/** The messages of one test. */
const messagesOf = ({ name }: Bench) => ({
  Place: command(`${name("sales")}.Place`, { to: name("sales") })<{ id: string; total: number }>(),
  Placed: event(`${name("sales")}.Placed`)<{ id: string; total: number }>(),
  Charge: command(`${name("billing")}.Charge`, { to: name("billing") })<{ id: string; amount: number }>(),
  Charged: event(`${name("billing")}.Charged`)<{ id: string; amount: number }>(),
  Receipt: reply(`${name("billing")}.Receipt`)<{ id: string }>(),
  Quote: command(`${name("sales")}.Quote`, { to: name("sales") })<{ id: string }>(),
});

for (const mode of ["direct", "transactional"] satisfies SendMode[]) {
  test(`endpoint – a command, an event and a reply reach their receivers, ${mode}`, async () => {
    await using b = await bench();
    const { Place, Placed, Charge, Receipt } = messagesOf(b);
    const got: [string, object, HandlerContext][] = [];
    const note = (who: string) => async (body: object, ctx: HandlerContext) => void got.push([who, body, ctx]);
    const sales = component(b.name("sales"), { sends: mode }, (c) => {
      c.handle(Place, async (order, ctx) => {
        await ctx.publish(Placed, order, { headers: { colour: "grün 🎈" } });
        await ctx.send(Charge, { id: order.id, amount: order.total });
      });
      c.handle(Receipt, note("sales"));
    });
    const billing = component(b.name("billing"), { sends: mode }, (c) => {
      c.handle(Charge, async (charge, ctx) => {
        await note("billing")(charge, ctx);
        await ctx.reply(Receipt, { id: charge.id });
      });
    });
    const one = component(b.name("one"), (c) => c.handle(Placed, note("one")));
    const two = component(b.name("two"), (c) => c.handle(Placed, note("two")));
    await b.start(sales, billing, one, two);

    const id = await b.sender.send(Place, { id: "17", total: 120 }, { headers: { from: "outside" } });
    await until("all four have come", () => got.length >= 4);

    const by = new Map(got.map(([who, body, ctx]) => [who, { body, ctx }]));
    assert.deepEqual([...by.keys()].toSorted(), ["billing", "one", "sales", "two"]);
    const placed = by.get("one")!.ctx;
    assert.equal(placed.messageId, by.get("two")!.ctx.messageId, "one event, two subscribers");
    assert.deepEqual(placed.headers, { colour: "grün 🎈" });
    assert.equal(placed.intent, "Publish");
    assert.equal(placed.source, b.name("sales"));
    assert.equal(placed.component, b.name("one"));
    assert.deepEqual(by.get("one")!.body, { id: "17", total: 120 });
    const charge = by.get("billing")!.ctx;
    assert.equal(charge.replyTo, b.name("sales"));
    assert.equal(by.get("sales")!.ctx.intent, "Reply");
    // 56. Correlation id and causation id through every hop, reply included.
    for (const { ctx } of by.values()) assert.equal(ctx.correlationId, id);
    assert.equal(placed.causationId, id);
    assert.equal(charge.causationId, id);
    assert.equal(by.get("sales")!.ctx.causationId, charge.messageId);

    const outbox = (await read(b.client, `intermediate.${b.name("sales")}`)).map(({ event }) => event!.type);
    assert.deepEqual(outbox, mode === "direct" ? [] : [`${b.name("sales")}.Placed`, `${b.name("billing")}.Charge`]);
  });
}

test("endpoint – an event-sourced handler appends events and messages to its own stream, and they are routed by category", async () => {
  await using b = await bench();
  const { Place, Placed, Charge } = messagesOf(b);
  const order = aggregate(b.name("order"), { total: 0 }, (a) => {
    a.decide(
      Place,
      (m) => m.id,
      (state, m) => (state.total > 0 ? [] : [Placed(m), Charge({ id: m.id, amount: m.total })]),
    );
    a.evolve(Placed, (_, e) => ({ total: e.total }));
  });
  const charges: string[] = [];
  const placed: string[] = [];
  const sales = component(b.name("sales"), (c) => c.aggregate(order));
  const billing = component(b.name("billing"), (c) => {
    c.handle(Charge, (m) => void charges.push(m.id));
    c.handle(Placed, (m) => void placed.push(m.id));
  });
  const endpoint = await b.start(sales, billing);
  for (const id of ["a-1", "a-2", "a-1"]) await b.sender.send(Place, { id, total: 5 });
  await until("both are charged", () => charges.length >= 2 && placed.length >= 2);
  await until("the third is handled", () => endpoint.counts(b.name("sales")).handled >= 3);
  assert.deepEqual(charges.toSorted(), ["a-1", "a-2"]);
  assert.deepEqual(placed.toSorted(), ["a-1", "a-2"]);
  const stream = await read(b.client, `${b.name("order")}-a-1`);
  assert.deepEqual(
    stream.map(({ event }) => [event!.type, (event!.metadata as Record<string, unknown>)["sluice.destination"]]),
    [
      [`${b.name("sales")}.Placed`, undefined],
      [`${b.name("billing")}.Charge`, b.name("billing")],
    ],
  );
  assert.deepEqual(await read(b.client, `intermediate.${b.name("sales")}`), []);
});

test("process manager – 48. started concurrently by two messages of the same correlation: one instance, nothing lost", async () => {
  await using b = await bench();
  const { Placed, Charged } = messagesOf(b);
  const Joined = event(`${b.name("joiner")}.Joined`)<{ id: string; part: string }>();
  const Ready = command(`${b.name("sink")}.Ready`, { to: b.name("sink") })<{ id: string; parts: string[] }>();
  const Over = event(`${b.name("joiner")}.Over`)<{ id: string }>();
  const joiner = processManager(b.name("joiner"), { parts: [] as string[] }, (p) => {
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
    component(b.name("joining"), (c) => c.processManager(joiner)),
    component(b.name("sink"), (c) => c.handle(Ready, (m) => void ready.push(m))),
  );
  const ids = Array.from({ length: 10 }, (_, n) => `p${n}`);
  await Promise.all(
    ids.flatMap((id) => [b.sender.publish(Placed, { id, total: 1 }), b.sender.publish(Charged, { id, amount: 1 })]),
  );
  await until("all are ready", () => ready.length >= ids.length);
  // 50. A message for a completed one is ignored.
  await b.sender.publish(Charged, { id: "p0", amount: 2 });
  await b.sender.publish(Placed, { id: b.name("last"), total: 2 });
  await until(
    "the last has come",
    async () => (await read(b.client, `${b.name("joiner")}-${b.name("last")}`)).length > 0,
  );
  assert.deepEqual(
    ready.toSorted((x, y) => JSON.stringify(x).localeCompare(JSON.stringify(y))),
    ids.map((id) => ({ id, parts: ["charged", "placed"] })),
  );
  for (const id of ids) assert.equal((await read(b.client, `${b.name("joiner")}-${id}`)).length, 4);
});

test("view – folds all history once, then each event as it comes, and can be waited for", async () => {
  await using b = await bench();
  const { Placed } = messagesOf(b);
  const totals = view(
    "totals",
    () => new Map<string, number>(),
    (v) => v.on(Placed, (rows, e) => void rows.set(e.id, (rows.get(e.id) ?? 0) + e.total)),
  );
  await b.sender.publish(Placed, { id: "early", total: 1 });
  await published(b.client, Placed.type, 1);
  const endpoint = await b.start(component(b.name("reading"), (c) => c.view(totals)));
  assert.deepEqual([...(await endpoint.view(totals).ready())], [["early", 1]], "history is there when it is ready");
  const id = crypto.randomUUID();
  await b.sender.publish(Placed, { id: "late", total: 2 }, { id });
  await b.client.appendToStream(
    `out-${b.name("other")}`,
    (await read(b.client, `out-${b.name("test")}.direct`)).slice(1).map(({ event }) => ({
      id: event!.id,
      type: event!.type,
      contentType: "application/json" as const,
      data: event!.data as object as Record<string, unknown>,
      metadata: {},
    })),
  );
  await b.sender.publish(Placed, { id: b.name("last"), total: 3 });
  const state = await endpoint
    .view(totals)
    .until((rows) => rows.has(b.name("last")), { signal: AbortSignal.timeout(60_000) });
  assert.deepEqual(
    [...state],
    [
      ["early", 1],
      ["late", 2],
      [b.name("last"), 3],
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
  const { Place, Charge } = messagesOf(b);
  await assert.rejects(b.sender.send(Place, { id: "1", total: 1 }, { to: "a-b" }), InvalidName);
  let refused: unknown;
  const endpoint = await b.start(
    component(b.name("sales"), (c) =>
      c.handle(Place, async (m, ctx) => {
        await ctx.send(Charge, { id: m.id, amount: 1 }, { to: "a-b" }).catch((error: unknown) => (refused = error));
      }),
    ),
  );
  await b.sender.send(Place, { id: "1", total: 1 });
  // What the handler has caught is its own matter.
  await until("the message is handled", () => endpoint.counts(b.name("sales")).handled === 1);
  assert.ok(refused instanceof InvalidName);
  assert.equal(endpoint.counts(b.name("sales")).failures, 0);
});

test("sending – a reply to a message that names nobody to answer is parked with what to do", async () => {
  await using b = await bench();
  const { Receipt, Quote } = messagesOf(b);
  await b.start(component(b.name("sales"), (c) => c.handle(Quote, (m, ctx) => ctx.reply(Receipt, { id: m.id }))));
  await b.sender.send(Quote, { id: "1" });
  const [reason] = await parked(b.client, b.name("sales"), 1);
  assert.equal(reason!.exception.name, NoReplyAddress.name);
});

test("sending – 30. nobody listening: the message waits in the queue; deployed later, the component gets it", async () => {
  await using b = await bench();
  const { Place } = messagesOf(b);
  await b.sender.send(Place, { id: "1", total: 1 });
  await until("it waits", async () => (await read(b.client, `$ce-in.${b.name("sales")}`)).length === 1);
  const got: string[] = [];
  await b.start(component(b.name("sales"), (c) => c.handle(Place, (m) => void got.push(m.id))));
  await until("it has come", () => got.length === 1);
});

test("receiving – 1. a message reaches the handler with its id, its headers and exactly its body's bytes", async () => {
  await using b = await bench();
  const Bytes = command(`${b.name("sales")}.Bytes`, { to: b.name("sales") })<Uint8Array>();
  const got: [Uint8Array, HandlerContext][] = [];
  await b.start(component(b.name("sales"), (c) => c.handle(Bytes, (body, ctx) => void got.push([body, ctx]))));
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
  const { Placed } = messagesOf(b);
  const got: string[] = [];
  const make = () => component(b.name("reader"), (c) => c.handle(Placed, (e) => void got.push(e.id)));
  const [one, two] = [await b.start(make()), await b.start(make())];
  const ids = Array.from({ length: 60 }, (_, n) => `${n}`);
  for (const id of ids) await b.sender.publish(Placed, { id, total: 1 });
  await until("all have come", () => got.length >= ids.length);
  assert.deepEqual(got.toSorted(), ids.toSorted());
  assert.ok(one.counts(b.name("reader")).handled > 0 && two.counts(b.name("reader")).handled > 0, "both had a part");
});
