import assert from "node:assert/strict";
import { test } from "node:test";
import { DefaultHandlerRegistry, handlerFor, JsonSerializer, MessageSerializer } from "@node-ts/bus-core";
import { command, type Sender, startSender } from "@sluice/transport";
import type { NodeTsBusTransport } from "@sluice/transport/node-ts-bus";
import { until } from "../../until.ts";
import {
  type Bench,
  bench,
  type BenchOptions,
  newOrder,
  nextName,
  of,
  OrderPlaced,
  PlaceOrder,
  SILENT,
} from "./bench.ts";

/** A transport as a bus with other habits than those of 1.3.3 would use it: one that calls each method as it likes. */
async function byHand(shop: Bench, options: BenchOptions, concurrency = 1): Promise<NodeTsBusTransport> {
  const transport = shop.transport(options);
  const handlerRegistry = new DefaultHandlerRegistry();
  handlerRegistry.register(PlaceOrder, () => {});
  handlerRegistry.register(OrderPlaced, () => {});
  const serializer = new JsonSerializer();
  transport.prepare({
    handlerRegistry,
    messageSerializer: new MessageSerializer(serializer, handlerRegistry),
    loggerFactory: () => SILENT,
    retryStrategy: { calculateRetryDelay: () => 1 },
  });
  await transport.connect({ concurrency });
  await transport.provision();
  return transport;
}

/** What became of the messages of a queue, in order. */
const kindsOf = (shop: Bench, queueName: string) =>
  shop.seen.filter((at) => "type" in at && at.component === queueName).map(({ kind }) => kind);
const untilKinds = (shop: Bench, queueName: string, count: number) =>
  until(async () => (kindsOf(shop, queueName).length >= count ? kindsOf(shop, queueName) : undefined));

async function sluiceSender(shop: Bench): Promise<Sender & AsyncDisposable> {
  const sender = await startSender("outside", shop);
  return Object.assign(sender, { [Symbol.asyncDispose]: () => sender.stop() });
}

test("node-ts-bus – provision creates and subscribes, so that a start need not", async () => {
  await using shop = await bench();
  const queueName = nextName();
  await (await byHand(shop, { queueName })).dispose();
  const heard: string[] = [];
  const bus = await shop.start(
    (sales) => sales.withHandler(handlerFor(PlaceOrder, ({ orderId }) => void heard.push(orderId))),
    { queueName, createMissing: false },
  );
  const order = newOrder();
  await bus.send(order);
  await until(async () => heard[0]);
  assert.deepEqual(heard, [order.orderId]);
});

test("node-ts-bus – sendToAddress reaches one queue, and types that nobody knows come too", async () => {
  await using shop = await bench();
  const [queueName, other] = [nextName(), nextName()];
  const transport = await byHand(shop, { queueName: other });
  const receiver = await byHand(shop, { queueName });
  await receiver.start();
  await transport.sendToAddress({ ...newOrder(), $name: "@shop/unheard-of" }, queueName, { attributes: { n: 1 } });
  const message = await receiver.readNextMessage();
  assert.equal(message?.domainMessage.$name, "@shop/unheard-of");
  assert.deepEqual(message.attributes.attributes, { n: 1 });
  await receiver.deleteMessage(message);
  await untilKinds(shop, queueName, 1);
  await receiver.stop();
});

test("node-ts-bus – fail with a failure puts aside by itself, and whatever else is said of the message counts no more", async () => {
  await using shop = await bench();
  const queueName = nextName();
  const transport = await byHand(shop, { queueName });
  await transport.start();
  await transport.send(newOrder());
  const message = await transport.readNextMessage();
  await transport.fail(message!, new RangeError("no such article"));
  await transport.returnMessage(message!, 1);
  await transport.deleteMessage(message!);
  await transport.fail(message!, new Error("once more"));
  const [parked] = await shop.untilParked(queueName, 1);
  assert.deepEqual([parked?.exception.name, parked?.exception.message], ["RangeError", "no such article"]);
  await transport.stop();
  assert.deepEqual(kindsOf(shop, queueName), ["failed", "parked"]);
});

test("node-ts-bus – returnMessage with a delay has the message come again then, and counts", async () => {
  await using shop = await bench();
  const queueName = nextName();
  const transport = await byHand(shop, { queueName, maxRetries: 2 });
  await transport.start();
  await transport.send(newOrder());
  const first = await transport.readNextMessage();
  const at = Date.now();
  await transport.returnMessage(first!, 1_500);
  const second = await transport.readNextMessage();
  assert.ok(Date.now() - at >= 1_400, `${Date.now() - at} ms`);
  assert.equal(second?.id, first?.id);
  assert.deepEqual([first?.raw.returns, second?.raw.returns], [0, 1]);
  // The first delivery is settled: what is said of it now says nothing of the second.
  await transport.deleteMessage(first!);
  await transport.returnMessage(second!, 1);
  await shop.untilParked(queueName, 1);
  await transport.stop();
  assert.deepEqual(kindsOf(shop, queueName), ["failed", "delayed", "failed", "parked"]);
});

test("node-ts-bus – a delivery is plain data that may be frozen and cloned, and the clone stands for it", async () => {
  await using shop = await bench();
  const queueName = nextName();
  const transport = await byHand(shop, { queueName });
  await transport.start();
  await transport.send(newOrder(), { stickyAttributes: { tenant: "a" } });
  const message = Object.freeze(await transport.readNextMessage())!;
  const clone = structuredClone(message);
  assert.deepEqual({ ...clone.domainMessage }, { ...message.domainMessage });
  assert.deepEqual(clone.raw, message.raw);
  clone.attributes.stickyAttributes["workflowId"] = "w";
  await transport.deleteMessage(clone);
  assert.deepEqual(await untilKinds(shop, queueName, 1), ["handled"]);
  await transport.stop();
});

test("node-ts-bus – readers wait long, as many at once as there are loops, and all go home when the transport stops", async () => {
  await using shop = await bench();
  const queueName = nextName();
  const transport = await byHand(shop, { queueName }, 3);
  await transport.start();
  const readers = [1, 2, 3].map(() => transport.readNextMessage());
  await transport.send(newOrder());
  const message = await Promise.race(readers);
  assert.ok(message);
  let isStopped = false;
  const stopped = transport.stop().then(() => (isStopped = true));
  const home = (await Promise.all(readers)).filter((read) => read === undefined);
  assert.equal(home.length, 2);
  assert.equal(await transport.readNextMessage(), undefined);
  assert.equal(isStopped, false);
  await transport.deleteMessage(message);
  await stopped;
  assert.deepEqual(kindsOf(shop, queueName), ["handled"]);
});

test("node-ts-bus – what a handler has not ended when a stop's time is over comes again, and its late word counts no more", async () => {
  await using shop = await bench();
  const queueName = nextName();
  const transport = await byHand(shop, { queueName, stopTimeout: 100 });
  await transport.start();
  await transport.send(newOrder());
  const message = await transport.readNextMessage();
  await transport.stop();
  await transport.deleteMessage(message!);
  await transport.start();
  const again = await transport.readNextMessage();
  assert.equal(again?.id, message?.id);
  assert.equal(again?.raw.isRedelivery, true);
  await transport.deleteMessage(again!);
  await untilKinds(shop, queueName, 1);
  await transport.stop();
});

test("node-ts-bus – the time of a stop that has ended is over for nothing that is handled after the next start", async () => {
  await using shop = await bench();
  const queueName = nextName();
  const stopTimeout = 300;
  const transport = await byHand(shop, { queueName, stopTimeout });
  await transport.start();
  await transport.stop();
  // Later than that of the stop, which began to count before it.
  const { promise: isOver, resolve } = Promise.withResolvers<void>();
  AbortSignal.timeout(stopTimeout + 50).addEventListener("abort", () => resolve());
  await transport.start();
  await transport.send(newOrder());
  const message = await transport.readNextMessage();
  await isOver;
  await transport.deleteMessage(message!);
  await untilKinds(shop, queueName, 1);
  await transport.stop();
  assert.deepEqual(kindsOf(shop, queueName), ["handled"]);
});

test("node-ts-bus – messages of Sluice components come with their type as name and their headers as attributes", async () => {
  await using shop = await bench();
  const queueName = nextName();
  const transport = await byHand(shop, { queueName });
  await transport.start();
  await using sender = await sluiceSender(shop);
  const ShipOrder = command("shop.ShipOrder", { to: queueName })<{ orderId: string }>();
  await sender.send(ShipOrder, { orderId: "7" }, { correlationId: "c-7", headers: { weight: 2.5 } });
  const message = await transport.readNextMessage();
  assert.deepEqual(message?.domainMessage, { $name: "shop.ShipOrder", $version: 0, orderId: "7" });
  assert.deepEqual(message.attributes, { correlationId: "c-7", attributes: { weight: 2.5 }, stickyAttributes: {} });
  await transport.deleteMessage(message);
  await untilKinds(shop, queueName, 1);
  await transport.stop();
});

test("node-ts-bus – what the serializer does not read is put aside, and the loops go on", async () => {
  await using shop = await bench();
  const queueName = nextName();
  const transport = await byHand(shop, { queueName });
  await transport.start();
  await using sender = await sluiceSender(shop);
  const Bytes = command("shop.Bytes", { to: queueName })<Uint8Array>();
  await sender.send(Bytes, Buffer.from("no JSON"));
  await transport.send(of(PlaceOrder, { orderId: "behind it" }));
  const message = await transport.readNextMessage();
  assert.equal((message!.domainMessage as PlaceOrder).orderId, "behind it");
  await transport.deleteMessage(message!);
  const [parked] = await shop.untilParked(queueName, 1);
  assert.equal(parked?.exception.name, "UnreadableMessage");
  assert.equal(parked.message?.type, "shop.Bytes");
  await transport.stop();
});
