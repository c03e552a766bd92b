import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  component,
  event,
  type EventStoreInfrastructure,
  openParked,
  startEndpoint,
  Unrecoverable,
} from "@sluice/transport";
import { type SluiceContext, SluiceRecord, TellOriginalErrors } from "@sluice/transport/nestjs";
import { lastValueFrom, of, throwError } from "rxjs";
import { until } from "../../until.ts";
import { bench, type Bench, onEvent, onMessage } from "./application.ts";

const emitted = (client: ReturnType<Bench["client"]>, pattern: string, data: unknown) =>
  lastValueFrom(client.emit(pattern, data), { defaultValue: undefined });

/** What is parked of a component, once there are so many. */
async function parkedOf({ server: { connectionString } }: Bench, name: string, count = 1) {
  const parked = openParked(name, { connectionString });
  try {
    return await until(async () => {
      const { messages } = await parked.list();
      return messages.length >= count ? messages : undefined;
    });
  } finally {
    await parked.close();
  }
}

test("nestjs – an event reaches each component that handles it, and one process of each", async () => {
  await using at = await bench();
  const seen: string[] = [];
  const see = (who: string) => onEvent("orders.placed", ({ n }: { n: number }) => seen.push(`${who} ${n}`));
  await at.start([see("billing")], { component: "billing" });
  await at.start([see("billing")], { component: "billing" });
  await at.start([see("shipping")], { component: "shipping" });
  const client = at.client();
  for (let n = 0; n < 10; n += 1) await emitted(client, "orders.placed", { n });
  await until(async () => seen.length >= 20 || undefined);
  assert.equal(new Set(seen).size, 20);
});

test("nestjs – an event goes to all handlers that name it or mean it by wildcards, and to none that do not", async () => {
  await using at = await bench();
  const seen: string[] = [];
  const settled: string[] = [];
  const see = (pattern: string) =>
    onEvent(pattern, (_, context: SluiceContext) => void seen.push(`${pattern} ${context.getPattern()}`));
  const patterns = ["orders.placed", "orders.*", "orders.#", "orders.>", "orders.*.paid", "end"];
  await at.start(patterns.map(see), { on: ({ kind }) => void settled.push(kind) });
  await at.start([onEvent("orders.*.paid", () => void seen.push("paid"))], {
    component: "paid",
    on: ({ kind }) => void settled.push(kind),
  });
  const client = at.client();
  for (const type of ["orders", "orders.placed", "orders.north.paid", "orders.a.b.c", "invoices.placed", "end"])
    await emitted(client, type, {});
  await until(async () => (seen.includes("end end") && seen.includes("paid")) || undefined);
  await until(async () => settled.filter((kind) => kind === "handled").length >= 8 || undefined);
  assert.deepEqual(seen.sort(), [
    "end end",
    "orders.# orders",
    "orders.# orders.a.b.c",
    "orders.# orders.north.paid",
    "orders.# orders.placed",
    "orders.* orders.placed",
    "orders.*.paid orders.north.paid",
    "orders.> orders.a.b.c",
    "orders.> orders.north.paid",
    "orders.> orders.placed",
    "orders.placed orders.placed",
    "paid",
  ]);
  assert.ok(!settled.includes("failed") && !settled.includes("parked"));
});

test("nestjs – a pattern that begins with a wildcard is refused when the application starts", async () => {
  await using at = await bench();
  await assert.rejects(at.start([onEvent("*.placed", () => {})]), { name: "InvalidPattern", pattern: "*.placed" });
});

test("nestjs – a failing event is retried, then parked with what its handler threw, and handled when it is replayed", async () => {
  await using at = await bench();
  const attempts: number[] = [];
  let isMended = false;
  const placed = onEvent("orders.placed", async (_, context: SluiceContext) => {
    attempts.push(context.attempt);
    await sleep(1);
    if (!isMended) throw new TypeError("the printer is out of paper");
  });
  await at.start([placed], {}, [new TellOriginalErrors()]);
  await emitted(at.client(), "orders.placed", { n: 1 });
  const [parked] = await parkedOf(at, "orders");
  assert.deepEqual(attempts, [1, 2, 3]);
  assert.equal(parked?.exception.name, "TypeError");
  assert.equal(parked?.exception.message, "the printer is out of paper");
  isMended = true;
  const tool = openParked("orders", { connectionString: at.server.connectionString });
  await tool.retry("all", { by: "a test" });
  await tool.close();
  await until(async () => attempts.length === 4 || undefined);
});

test("nestjs – observables and chains of event handlers are awaited, and any failure of theirs counts", async () => {
  await using at = await bench();
  const failing = throwError(() => new Error("late"));
  const seen: string[] = [];
  await at.start([
    onEvent("orders.first", () => void seen.push("first")),
    onEvent("orders.first", () => failing),
    onEvent("orders.slow", async () => {
      await sleep(50);
      seen.push("slow");
      return of(1, 2);
    }),
  ]);
  const client = at.client();
  await emitted(client, "orders.slow", {});
  await emitted(client, "orders.first", {});
  const [parked] = await parkedOf(at, "orders");
  assert.equal(parked?.message?.type, "orders.first");
  await until(async () => seen.includes("slow") || undefined);
  assert.deepEqual(seen.sort(), ["first", "first", "first", "slow"]);
});

test("nestjs – what is unrecoverable, and an event that nobody handles any more, is parked at once", async () => {
  await using at = await bench();
  let times = 0;
  const placed = onEvent("orders.placed", () => {
    times += 1;
    throw new Unrecoverable("never");
  });
  const { strategy } = await at.start([placed], {}, [new TellOriginalErrors()]);
  const { receivers } = strategy.unwrap<EventStoreInfrastructure>();
  await receivers.get("orders")?.subscriptions?.subscribe(new Map([["orders.gone", "now"]]));
  const client = at.client();
  await emitted(client, "orders.placed", {});
  await emitted(client, "orders.gone", {});
  const parked = await parkedOf(at, "orders", 2);
  assert.deepEqual(parked.map(({ message }) => message?.type).sort(), ["orders.gone", "orders.placed"]);
  assert.equal(times, 1);
});

test("nestjs – an event that a process does not know yet is handled by a newer one", async () => {
  await using at = await bench();
  const seen: unknown[] = [];
  const settled: string[] = [];
  const older = { retries: { unknownTypeRetries: 1_000 }, on: ({ kind }: { kind: string }) => void settled.push(kind) };
  const { app, strategy } = await at.start([onEvent("orders.placed", () => {})], older);
  const { receivers } = strategy.unwrap<EventStoreInfrastructure>();
  await receivers.get("orders")?.subscriptions?.subscribe(new Map([["orders.paid", "now"]]));
  await emitted(at.client(), "orders.paid", 1);
  await until(async () => settled.includes("delayed") || undefined);
  await app.close();
  await at.start([onEvent("orders.paid", (data) => void seen.push(data))], older);
  await until(async () => seen.length > 0 || undefined);
  assert.deepEqual(seen, [1]);
  assert.ok(!settled.includes("parked"));
});

test("nestjs – what a handler emits leaves once with its message, awaited or not, and not when it fails", async () => {
  await using at = await bench();
  const seen: unknown[] = [];
  const client = at.client({ name: "orders" });
  let times = 0;
  await at.start([
    onEvent("orders.placed", async ({ n }: { n: number }) => {
      client.emit("orders.accepted", { n, times });
      await emitted(client, "orders.charged", { n, times });
      times += 1;
      if (times < 3) throw new Error("not yet");
    }),
    onEvent("orders.accepted", (data) => void seen.push(data)),
    onEvent("orders.charged", (data) => void seen.push(data)),
    onEvent("orders.end", () => void seen.push("end")),
  ]);
  const outside = at.client();
  await emitted(outside, "orders.placed", { n: 1 });
  await until(async () => seen.length >= 2 || undefined);
  await emitted(outside, "orders.end", {});
  await until(async () => seen.includes("end") || undefined);
  assert.deepEqual(seen, [{ n: 1, times: 2 }, { n: 1, times: 2 }, "end"]);
});

test("nestjs – a request that a handler makes is answered while it runs, and what a timer of its emits leaves later", async () => {
  await using at = await bench();
  const client = at.client({ name: "orders" });
  const late = Promise.withResolvers<unknown>();
  const go = Promise.withResolvers<void>();
  const handled = Promise.withResolvers<void>();
  await at.start(
    [
      onMessage("orders.price", () => 7),
      onEvent("orders.placed", async () => {
        const price = await lastValueFrom(client.send("orders.price", {}));
        void go.promise.then(() => client.emit("orders.late", { price }));
      }),
      onEvent("orders.late", (data, context: SluiceContext) =>
        late.resolve([data, context.getMessageContext().correlationId]),
      ),
    ],
    { on: (event) => event.kind === "handled" && event.type === "orders.placed" && handled.resolve() },
  );
  await emitted(at.client(), "orders.placed", new SluiceRecord({}, { headers: { $correlationId: "trip" } }));
  await handled.promise;
  go.resolve();
  assert.deepEqual(await late.promise, [{ price: 7 }, "trip"]);
});

test("nestjs – ack and nack: the first word counts, and each message is settled once", async () => {
  await using at = await bench();
  const settled: string[] = [];
  let later = 0;
  await at.start(
    [
      onEvent("orders.acked", (_, context: SluiceContext) => {
        context.ack();
        context.nack();
        throw new Error("too late");
      }),
      onEvent("orders.nacked", (_, context: SluiceContext) => {
        context.nack({ action: "park", headers: { why: "no" } });
        context.ack();
      }),
      onEvent("orders.again", (_, context: SluiceContext) => {
        later += 1;
        if (context.delayedRetries === 0) context.nack({ action: "retry after", milliseconds: 10 });
      }),
    ],
    {
      on: (event) => {
        if ("type" in event && event.kind !== "failed") settled.push(`${event.type} ${event.kind}`);
      },
    },
  );
  const client = at.client();
  for (const type of ["orders.acked", "orders.nacked", "orders.again"]) await emitted(client, type, {});
  await until(async () => settled.length >= 4 || undefined);
  assert.deepEqual(settled.sort(), [
    "orders.acked handled",
    "orders.again delayed",
    "orders.again handled",
    "orders.nacked parked",
  ]);
  assert.equal(later, 2);
  const [parked] = await parkedOf(at, "orders");
  assert.equal(parked?.policyHeaders?.["why"], "no");
});

test("nestjs – with manualAck a message waits for its word, long after its handler has ended", async () => {
  await using at = await bench();
  const contexts: SluiceContext[] = [];
  const settled: string[] = [];
  await at.start(
    [
      onEvent("orders.placed", (_, context: SluiceContext) => void contexts.push(context)),
      onMessage("orders.ask", (_, context: SluiceContext) => (context.ack(), "answer")),
      onMessage("orders.refuse", () => throwError(() => new Error("no"))),
    ],
    { manualAck: true, on: ({ kind }) => kind !== "connected" && settled.push(kind) },
  );
  const client = at.client();
  await emitted(client, "orders.placed", {});
  await until(async () => contexts.length > 0 || undefined);
  assert.equal(await lastValueFrom(client.send("orders.ask", {})), "answer");
  await assert.rejects(lastValueFrom(client.send("orders.refuse", {})));
  await until(async () => settled.length >= 2 || undefined);
  assert.deepEqual(settled, ["handled", "handled"]);
  contexts[0]!.ack();
  await until(async () => settled.length === 3 || undefined);
  assert.equal(contexts.length, 1);
});

test("nestjs – a record goes to one component, and one that is too old is dropped", async () => {
  await using at = await bench();
  const seen: unknown[] = [];
  const settled: string[] = [];
  await at.start([onEvent("orders.note", (data) => void seen.push(data))], {
    on: ({ kind }) => void settled.push(kind),
  });
  await at.start([onEvent("orders.note", () => void seen.push("elsewhere"))], { component: "other" });
  const client = at.client();
  const destination = "orders";
  await emitted(client, "orders.note", new SluiceRecord("old", { destination, discardAfter: new Date(0) }));
  await emitted(client, "orders.note", new SluiceRecord("new", { destination }));
  await until(async () => (settled.includes("expired") && seen.length > 0) || undefined);
  await emitted(client, "orders.note", "for all");
  await until(async () => seen.length >= 3 || undefined);
  assert.deepEqual(seen.sort(), ["elsewhere", "for all", "new"]);
});

test("nestjs – events go between Sluice's own components and an application, either way", async () => {
  await using at = await bench();
  const Placed = event("orders.placed")<{ n: number }>();
  const Shipped = event("orders.shipped")<{ n: number }>();
  const shipped = Promise.withResolvers<unknown>();
  const client = at.client({ name: "nest" });
  const shipping = component("shipping", (c) => {
    c.handle(Placed, async ({ n }, context) => context.publish(Shipped, { n: n + 1 }));
  });
  await at.start([onEvent("orders.shipped", (data) => shipped.resolve(data))]);
  const endpoint = await startEndpoint([shipping], { connectionString: at.server.connectionString });
  try {
    await emitted(client, "orders.placed", { n: 1 });
    assert.deepEqual(await shipped.promise, { n: 2 });
  } finally {
    await endpoint.stop();
  }
});
