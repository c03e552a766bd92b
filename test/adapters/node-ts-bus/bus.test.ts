import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { Bus, type BusConfiguration, type BusInstance, handlerFor } from "@node-ts/bus-core";
import type { MessageAttributes } from "@node-ts/bus-messages";
import { openParked, type SendMode } from "@sluice/transport";
import { until } from "../../until.ts";
import { bench, newOrder, nextName, of, OrderPaid, OrderPlaced, PlaceOrder, SILENT } from "./bench.ts";

const MODES: readonly SendMode[] = ["transactional", "direct"];
const untilLength = (list: readonly unknown[], length: number) =>
  until(async () => (list.length >= length ? true : undefined));

for (const sends of MODES) {
  test(`node-ts-bus, ${sends} – commands and events reach whoever handles them, with attributes, numbers among them`, async () => {
    await using shop = await bench();
    const heard: [string, OrderPlaced, MessageAttributes][] = [];
    const listen = (name: string) => handlerFor(OrderPlaced, (event, said) => void heard.push([name, event, said]));
    const bus: BusInstance = await shop.start(
      (sales) =>
        sales.withHandler(
          handlerFor(PlaceOrder, async ({ orderId }) => {
            await bus.publish(of(OrderPlaced, { orderId }), { attributes: { total: 12.5, rush: true } });
          }),
        ),
      { sends },
    );
    await shop.start((billing) => billing.withHandler(listen("billing")), { sends });
    await shop.start((shipping) => shipping.withHandler(listen("shipping")), { sends });

    const order = newOrder();
    await bus.send(order, { correlationId: "c-1", attributes: { source: "web" }, stickyAttributes: { tenant: 7 } });
    await untilLength(heard, 2);

    assert.deepEqual(heard.map(([name]) => name).toSorted(), ["billing", "shipping"]);
    for (const [, event, said] of heard) {
      assert.ok(event instanceof OrderPlaced);
      assert.equal(event.orderId, order.orderId);
      assert.deepEqual(said, {
        correlationId: "c-1",
        attributes: { total: 12.5, rush: true },
        stickyAttributes: { tenant: 7 },
      });
    }
  });

  test(`node-ts-bus, ${sends} – what a handler sends leaves once, although the handler beside it fails twice`, async () => {
    await using shop = await bench();
    const heard: string[] = [];
    let failures = 0;
    const bus: BusInstance = await shop.start(
      (sales) =>
        sales
          .withHandler(
            handlerFor(PlaceOrder, ({ orderId }) => bus.publish(of(OrderPlaced, { orderId }))),
            handlerFor(PlaceOrder, async () => {
              if ((failures += 1) <= 2) throw new Error("the printer is out of paper");
            }),
          )
          .withHandler(handlerFor(OrderPaid, ({ orderId }) => void heard.push(`paid ${orderId}`)))
          .withHandler(handlerFor(OrderPlaced, ({ orderId }) => void heard.push(`placed ${orderId}`))),
      { sends },
    );
    const order = newOrder();
    await bus.send(order);
    await untilLength(heard, 1);
    assert.equal(failures, 3);
    // What was sent after it has come: a second copy would have, too.
    await bus.publish(of(OrderPaid, { orderId: order.orderId }));
    await untilLength(heard, 2);
    assert.deepEqual(heard, [`placed ${order.orderId}`, `paid ${order.orderId}`]);
  });

  test(`node-ts-bus, ${sends} – failMessage puts the message aside once, and what its handlers send leaves`, async () => {
    await using shop = await bench();
    const queueName = nextName();
    const heard: string[] = [];
    let attempts = 0;
    const bus: BusInstance = await shop.start(
      (sales) =>
        sales
          .withHandler(
            handlerFor(PlaceOrder, ({ orderId }) => bus.publish(of(OrderPaid, { orderId }))),
            handlerFor(PlaceOrder, async ({ orderId }) => {
              attempts += 1;
              // The handler beside it has ended by then, and what it sent waits for the message's end.
              await turn();
              await bus.publish(of(OrderPlaced, { orderId }));
              await bus.failMessage();
            }),
          )
          .withHandler(handlerFor(OrderPlaced, ({ $name }) => void heard.push($name)))
          .withHandler(handlerFor(OrderPaid, ({ $name }) => void heard.push($name))),
      { sends, queueName },
    );
    await bus.send(newOrder());
    const [message, ...more] = await shop.untilParked(queueName, 1);
    await untilLength(heard, 2);
    assert.deepEqual(more, []);
    assert.equal(message?.message?.type, "@shop/place-order");
    assert.match(message.exception.message, /failMessage/);
    assert.deepEqual(heard.toSorted(), ["@shop/order-paid", "@shop/order-placed"]);
    assert.equal(attempts, 1);
    const settled = shop.seen.filter((event) => "type" in event && event.type === "@shop/place-order");
    assert.deepEqual(
      settled.map(({ kind }) => kind),
      ["failed", "parked"],
    );
  });
}

test("node-ts-bus – a message is retried by the bus's strategy, put aside with what its handler threw, and can be handled again", async () => {
  await using shop = await bench();
  const queueName = nextName();
  const asked: number[] = [];
  let isMended = false;
  const handled: string[] = [];
  const bus = await shop.start(
    (sales) =>
      sales.withRetryStrategy({ calculateRetryDelay: (failures) => (asked.push(failures), 1) }).withHandler(
        handlerFor(PlaceOrder, async ({ orderId }) => {
          if (!isMended) throw new RangeError("no such article");
          handled.push(orderId);
        }),
      ),
    { queueName, maxRetries: 3 },
  );
  const order = newOrder();
  await bus.send(order);
  const [message] = await shop.untilParked(queueName, 1);
  assert.deepEqual(asked, [0, 1, 2]);
  assert.equal(message?.delayedRetries, 2);
  assert.match(message.exception.message, /noteFailure/);

  isMended = true;
  const parked = openParked(queueName, shop);
  await parked.retry("all", { by: "ann" });
  await parked.close();
  await untilLength(handled, 1);
  assert.deepEqual(handled, [order.orderId]);
});

test("node-ts-bus – noteFailure has the handler's own error stand beside what is put aside", async () => {
  await using shop = await bench();
  const queueName = nextName();
  const transport = shop.transport({ queueName, maxRetries: 1 });
  const bus = Bus.configure()
    .withTransport(transport)
    .withHandler(
      handlerFor(PlaceOrder, () => {
        throw new RangeError("no such article");
      }),
    )
    .withLogger(() => SILENT)
    .build();
  bus.onError.on(transport.noteFailure);
  await bus.initialize();
  await bus.start();
  await bus.send(newOrder());
  const [message] = await shop.untilParked(queueName, 1);
  await bus.dispose();
  assert.deepEqual([message?.exception.name, message?.exception.message], ["RangeError", "no such article"]);
  assert.match(message?.failureGroup ?? "", /^RangeError at .*bus\.test\.ts/);
});

test("node-ts-bus – a handler that returns its message gets it again, and nothing else becomes of it", async () => {
  await using shop = await bench();
  const queueName = nextName();
  const attempts: string[] = [];
  const bus: BusInstance = await shop.start(
    (sales) =>
      sales.withHandler(
        handlerFor(PlaceOrder, async ({ orderId }) => {
          attempts.push(orderId);
          if (attempts.length < 3) await bus.returnMessage();
        }),
      ),
    { queueName },
  );
  await bus.send(newOrder());
  await until(async () => (shop.seen.some(({ kind }) => kind === "handled") ? true : undefined));
  const kinds = shop.seen.filter((event) => "type" in event).map(({ kind }) => kind);
  assert.deepEqual(kinds, ["failed", "delayed", "failed", "delayed", "handled"]);
  assert.deepEqual(await shop.parked(queueName), []);
});

test("node-ts-bus – a command goes to the queue that addressOf names, and to no other that handles it", async () => {
  await using shop = await bench();
  const [one, other] = [nextName(), nextName()];
  const heard: string[] = [];
  const handle = (name: string) => handlerFor(PlaceOrder, ({ orderId }) => void heard.push(`${name} ${orderId}`));
  await shop.start((bus) => bus.withHandler(handle("one")), { queueName: one });
  await shop.start((bus) => bus.withHandler(handle("other")), { queueName: other });
  const sender = await shop.start((bus) => bus.withHandler(), {
    addressOf: (command) => ((command as PlaceOrder).orderId === "for all" ? undefined : other),
  });
  await sender.send(of(PlaceOrder, { orderId: "for one" }));
  await untilLength(heard, 1);
  await sender.send(of(PlaceOrder, { orderId: "for all" }));
  await untilLength(heard, 3);
  assert.deepEqual(heard[0], "other for one");
  assert.deepEqual(heard.slice(1).toSorted(), ["one for all", "other for all"]);
});

test("node-ts-bus – concurrent handlers run side by side, and a stop waits for all of them and gives back the rest", async () => {
  await using shop = await bench();
  const queueName = nextName();
  const begun: string[] = [];
  const ended: string[] = [];
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const configure = (bus: BusConfiguration) =>
    bus.withConcurrency(3).withHandler(
      handlerFor(PlaceOrder, async ({ orderId }) => {
        begun.push(orderId);
        await released;
        ended.push(orderId);
      }),
    );
  const first = await shop.start(configure, { queueName });
  const orders = Array.from({ length: 8 }, newOrder);
  for (const order of orders) await first.send(order);
  await untilLength(begun, 3);
  const stopped = first.stop();
  assert.equal(
    await Promise.race([stopped.then(() => "stopped"), first.send(newOrder()).then(() => "waits")]),
    "waits",
  );
  release();
  await stopped;
  assert.deepEqual(ended.toSorted(), begun.toSorted());
  assert.equal(ended.length, 3);

  await shop.start(configure, { queueName });
  await untilLength(ended, orders.length + 1);
  assert.equal(new Set(ended).size, orders.length + 1);
});
