import { randomUUID } from "node:crypto";
import {
  type EventData,
  EventStoreDBClient,
  jsonEvent,
  type PersistentSubscriptionToStream,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
} from "@eventstore/db-client";
import { command, component, startSender, startEndpoint } from "@sluice/transport";

/** Sends that many messages and answers how many a second were sent and received, from the first append to the last ack. */
export type Run = (connectionString: string, messages: number) => Promise<number>;

const IN_FLIGHT = 32;

/** The same bodies and headers everywhere, so that only the way differs. */
const body = (n: number) => ({ orderId: `order-${n}`, amount: n, currency: "EUR", note: "x".repeat(100) });
const message = (n: number, destination: string): EventData =>
  jsonEvent({
    type: "bench.Charge",
    data: body(n),
    metadata: {
      $correlationId: randomUUID(),
      $causationId: randomUUID(),
      source: "bench",
      destination,
      intent: "Send",
      sentAt: new Date().toISOString(),
    },
  });

/** A plain client: appends to one stream, and a persistent subscription on it, each event acknowledged. */
export const plain: Run = async (connectionString, messages) => {
  const client = EventStoreDBClient.connectionString(connectionString);
  const stream = `plain${randomUUID()}`;
  const done = await receiving(client, stream, messages, async (subscription, event) => subscription.ack(event));
  const begun = performance.now();
  await inParallel(messages, (n) => client.appendToStream(stream, [message(n, "nobody")]));
  await done.all;
  return perSecond(messages, begun, () => done.stop().then(() => client.dispose()));
};

/** A plain consumer that appends to another stream for each event, and a plain consumer of that one. */
export const plainRelay: Run = async (connectionString, messages) => {
  const client = EventStoreDBClient.connectionString(connectionString);
  const [source, target] = [`plain${randomUUID()}`, `plain${randomUUID()}`];
  await inParallel(messages, (n) => client.appendToStream(source, [message(n, "nobody")]));
  const begun = performance.now();
  const last = await receiving(client, target, messages, async (subscription, event) => subscription.ack(event));
  const first = await receiving(client, source, messages, async (subscription, event) => {
    await client.appendToStream(target, [message(0, "nobody")]);
    await subscription.ack(event);
  });
  await last.all;
  return perSecond(messages, begun, () => Promise.all([first.stop(), last.stop()]).then(() => client.dispose()));
};

/** One append to the outbox for each message, as a handler makes it: router, category, group, handler. */
export const transactional: Run = async (connectionString, messages) => {
  const { back, front, received } = components(messages);
  const endpoint = await startEndpoint([back, front], { connectionString });
  const client = EventStoreDBClient.connectionString(connectionString);
  const begun = performance.now();
  await inParallel(messages, (n) => client.appendToStream(`intermediate.${front.name}`, [message(n, back.name)]));
  await received;
  return perSecond(messages, begun, () => Promise.all([endpoint.stop(), client.dispose()]));
};

/** Each message appended straight to its destination's input. */
export const direct: Run = async (connectionString, messages) => {
  const { back, charge, received } = components(messages);
  const endpoint = await startEndpoint([back], { connectionString });
  const sender = await startSender("bench", { connectionString });
  const begun = performance.now();
  await inParallel(messages, (n) => sender.send(charge, body(n)));
  await received;
  return perSecond(messages, begun, () => Promise.all([endpoint.stop(), sender.stop()]));
};

/** A component that sends one message transactionally for each that it handles, to another that handles those. */
export const transactionalRelay: Run = async (connectionString, messages) => {
  const { back, front, order, received } = components(messages);
  const sender = await startSender("bench", { connectionString });
  await inParallel(messages, (n) => sender.send(order, body(n)));
  const begun = performance.now();
  const endpoint = await startEndpoint([back, front], { connectionString });
  await received;
  return perSecond(messages, begun, () => Promise.all([endpoint.stop(), sender.stop()]));
};

function components(messages: number) {
  const id = randomUUID().replaceAll("-", "");
  const [frontName, backName] = [`front${id}`, `back${id}`];
  const order = command(`bench.Order`, { to: frontName })<ReturnType<typeof body>>();
  const charge = command("bench.Charge", { to: backName })<ReturnType<typeof body>>();
  const { promise: received, resolve } = Promise.withResolvers<void>();
  let count = 0;
  const front = component(frontName, { concurrency: IN_FLIGHT }, (c) => {
    c.handle(order, async (body, ctx) => ctx.send(charge, body));
  });
  const back = component(backName, { concurrency: IN_FLIGHT }, (c) => {
    c.handle(charge, async () => {
      if (++count === messages) resolve();
    });
  });
  return { front, back, order, charge, received };
}

async function receiving(
  client: EventStoreDBClient,
  stream: string,
  messages: number,
  handle: (
    subscription: PersistentSubscriptionToStream,
    event: Parameters<PersistentSubscriptionToStream["ack"]>[0],
  ) => Promise<unknown>,
): Promise<{ readonly all: Promise<void>; stop(): Promise<void> }> {
  const settings = persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START, readBatchSize: 100 });
  await client.createPersistentSubscriptionToStream(stream, "bench", settings);
  const { promise: all, resolve, reject } = Promise.withResolvers<void>();
  let count = 0;
  const subscription = client.subscribeToPersistentSubscriptionToStream(stream, "bench", { bufferSize: IN_FLIGHT });
  subscription.on("error", reject);
  subscription.on("data", (event) => {
    handle(subscription, event).then(() => ++count === messages && resolve(), reject);
  });
  return { all, stop: () => subscription.unsubscribe() };
}

/** Runs `act` for 0 to `count` - 1, a fixed number of them at once. */
async function inParallel(count: number, act: (n: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (next < count) await act(next++);
    }),
  );
}

async function perSecond(messages: number, begun: number, dispose: () => Promise<unknown>): Promise<number> {
  const seconds = (performance.now() - begun) / 1000;
  await dispose();
  return messages / seconds;
}
