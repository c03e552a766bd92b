import assert from "node:assert/strict";
import { test } from "node:test";
import { openTelemetry } from "@sluice/transport/opentelemetry";
import {
  aggregate,
  command,
  component,
  event,
  openParked,
  processManager,
  reply,
  startEndpoint,
  startSender,
} from "../../src/index.ts";
import { crew } from "../crash/child.ts";
import { bench, until } from "../endpoint/harness.ts";
import { type RecordedSpan, recordingProvider, treeOf } from "./recorded-spans.ts";
import { messagesOf, sales } from "./shop.ts";

test("traces – 57. one trace over two processes: send, router, handler, publish, subscriber, retry at once and later, parked, retried", async () => {
  await using b = await bench();
  const { connectionString, name } = b;
  await using billing = crew("../telemetry/billing-process.ts", connectionString, b.run);
  const child = await billing.start();
  const here: RecordedSpan[] = [];
  const traces = recordingProvider((span) => here.push(span));
  const instrumentation = [openTelemetry({ traces })];
  const endpoint = await startEndpoint([sales(name)], { connectionString, instrumentation });
  const shop = await startSender(name("shop"), { connectionString, instrumentation });
  const there = (): readonly RecordedSpan[] => child.lines.slice(1).map((line) => JSON.parse(line));

  const id = await shop.send(messagesOf(name).PlaceOrder, { orderId: "17" });
  await until("it is parked", () => there().some(({ name: span }) => span.startsWith("park ")));
  const parked = openParked(name("billing"), { connectionString });
  await until("it can be retried", async () => (await parked.retry("all", { by: "ann" })).done > 0);
  await until("it is handled", () => there().some(({ name: span, failed }) => span.startsWith("process ") && !failed));
  await parked.close();
  await Promise.all([endpoint.stop(), shop.stop()]);

  const all = [...here, ...there()];
  assert.equal(new Set(all.map(({ traceId }) => traceId)).size, 1);
  const [sent, placed, billed] = [`send ${name("sales")}`, `process ${name("sales")}`, `process ${name("billing")}`];
  assert.deepEqual(treeOf(all), [
    [
      sent,
      [
        placed,
        [
          `publish ${messagesOf(name).OrderPlaced.type}`,
          `${billed}*`,
          `${billed}*`,
          `delay ${name("billing")}*`,
          `${billed}*`,
          `${billed}*`,
          `park ${name("billing")}*`,
          billed,
        ],
        "send",
      ],
    ],
  ]);
  const attempts = there().filter(({ name: span }) => span === billed);
  assert.deepEqual(
    attempts.map(({ attributes }) => [attributes["sluice.attempt"], attributes["sluice.delayed_retries"]]),
    [
      [1, 0],
      [2, 0],
      [1, 1],
      [2, 1],
      [1, 0],
    ],
  );
  const published = here.find(({ name: span }) => span.startsWith("publish "));
  assert.deepEqual(here.find(({ name: span }) => span === "send")?.links, [published?.id]);
  const [first] = here;
  assert.equal(first?.name, sent);
  assert.partialDeepStrictEqual(first?.attributes, {
    "messaging.system": "eventstoredb",
    "messaging.operation.name": "send",
    "messaging.operation.type": "send",
    "messaging.destination.name": name("sales"),
    "messaging.message.id": id,
    "messaging.message.conversation_id": id,
  });
  assert.partialDeepStrictEqual(attempts[0]?.attributes, {
    "messaging.operation.type": "process",
    "messaging.destination.name": name("billing"),
    "messaging.consumer.group.name": name("billing"),
    "messaging.message.conversation_id": id,
    "error.type": "RangeError",
  });
});

test("traces – 57. a deferred command, an aggregate, a process manager's gateway, and the reply to who asked are of one trace", async () => {
  await using b = await bench();
  const { connectionString, name } = b;
  const Order = command(`${name("sales")}.Order`, { to: name("sales") })<{ id: string }>();
  const Remind = command(`${name("sales")}.Remind`, { to: name("sales") })<{ id: string }>();
  const Ordered = event(`${name("order")}.Ordered`)<{ id: string }>();
  const Begun = event(`${name("delivery")}.Begun`)<{ id: string }>();
  const Ship = command(`${name("stock")}.Ship`, { to: name("stock") })<{ id: string }>();
  const Accepted = reply(`${name("sales")}.Accepted`)<{ id: string }>();
  const Take = command(`${name("order")}.Take`, { to: name("sales") })<{ id: string }>();
  const order = aggregate(name("order"), {}, (a) => {
    a.decide(
      Take,
      ({ id }) => id,
      (_, { id }) => [Ordered({ id })],
    );
    a.evolve(Ordered, (state) => state);
  });
  const delivery = processManager(name("delivery"), {}, (p) => {
    p.startedBy(
      Ordered,
      ({ id }) => id,
      (_, { id }) => [Begun({ id })],
    );
    p.evolve(Begun);
    p.gateway(Begun, ({ id }) => Ship({ id }));
  });
  const shipped: string[] = [];
  const components = [
    component(name("sales"), (c) => {
      c.aggregate(order);
      c.handle(Order, async ({ id }, ctx) => {
        await ctx.send(Remind, { id }, { delayFor: 50 });
        await ctx.reply(Accepted, { id });
      });
      c.handle(Remind, ({ id }, ctx) => ctx.send(Take, { id }, { mode: "direct" }));
    }),
    component(name("delivering"), (c) => c.processManager(delivery)),
    component(name("stock"), (c) => c.handle(Ship, ({ id }) => void shipped.push(id))),
  ];
  const spans: RecordedSpan[] = [];
  const traces = recordingProvider((span) => spans.push(span));
  const instrumentation = [openTelemetry({ traces })];
  const endpoint = await startEndpoint(components, { connectionString, instrumentation });
  const ids = ["1", "2", "3", "4", "5", "6", "7", "8"];
  await Promise.all(ids.map((id) => endpoint.ask(Order, { id }, Accepted)));
  await until("all are shipped", () => shipped.length === ids.length);
  await endpoint.stop();

  const [sales, delivering, stock] = [name("sales"), name("delivering"), name("stock")];
  const one = [
    `send ${sales}`,
    [
      `process ${sales}`,
      [
        `send ${sales}`,
        [
          `process ${sales}`,
          [
            `send ${sales}`,
            [
              `process ${sales}`,
              [
                `publish ${Ordered.type}`,
                [`process ${delivering}`, `publish ${Begun.type}`, [`send ${stock}`, `process ${stock}`]],
              ],
            ],
          ],
        ],
      ],
      `reply ${sales}.replies`,
      "send",
    ],
  ];
  assert.deepEqual(
    treeOf(spans),
    ids.map(() => one),
  );
  assert.equal(new Set(spans.map(({ traceId }) => traceId)).size, ids.length);
});

test("traces – 57. decisions on one instance that share an append keep the traces of their messages", async () => {
  await using b = await bench();
  const { connectionString, name } = b;
  const Add = command(`${name("sum")}.Add`, { to: name("sums") })<{ n: number }>();
  const Added = event(`${name("sum")}.Added`)<{ n: number }>();
  const sum = aggregate(name("sum"), { total: 0 }, (a) => {
    a.decide(
      Add,
      () => "1",
      (_, { n }) => [Added({ n })],
    );
    a.evolve(Added, ({ total }, { n }) => ({ total: total + n }));
  });
  const spans: RecordedSpan[] = [];
  const traces = recordingProvider((span) => spans.push(span));
  const instrumentation = [openTelemetry({ traces })];
  const sums = component(name("sums"), (c) => c.aggregate(sum));
  const endpoint = await startEndpoint([sums], { connectionString, instrumentation });
  await Promise.all(Array.from({ length: 40 }, (_, n) => endpoint.send(Add, { n })));
  await until(
    "all are added",
    () => spans.filter(({ name: span }) => span === `process ${name("sums")}`).length === 40,
  );
  await endpoint.stop();
  const byTrace = [...Map.groupBy(spans, ({ traceId }) => traceId).values()];
  assert.equal(byTrace.length, 40);
  for (const trace of byTrace) {
    // One that was decided anew, since another was quicker, has made its event twice.
    const [sent, processed] = treeOf(trace).flat() as readonly unknown[];
    assert.equal(sent, `send ${name("sums")}`);
    const [handled, ...events] = processed as readonly string[];
    assert.equal(handled, `process ${name("sums")}`);
    assert.deepEqual(new Set(events), new Set([`publish ${Added.type}`]));
  }
});
