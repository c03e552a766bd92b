import assert from "node:assert/strict";
import { test } from "node:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { startEmbedded } from "@sluice/embedded";
import type { EventStoreInfrastructure } from "@sluice/transport";
import { SluiceClient, type SluiceContext, SluiceHealthIndicator, SluiceServer } from "@sluice/transport/nestjs";
import { firstValueFrom, lastValueFrom } from "rxjs";
import { until } from "../../until.ts";
import { bench, onEvent, onMessage } from "./application.ts";

test("nestjs – status, on and unwrap tell of server and client, and health of a component", async () => {
  await using at = await bench();
  const { app, strategy } = await at.start([onMessage("orders.ask", () => 1)]);
  const statuses: string[] = [];
  strategy.status.subscribe((status) => statuses.push(status));
  const handled: string[] = [];
  app.on("handled", ({ type }: { type: string }) => handled.push(type));
  const client = at.client();
  assert.throws(() => client.unwrap(), /connect before unwrap/);
  await client.connect();
  assert.equal(await firstValueFrom(client.status), "connected");
  assert.equal(client.unwrap<EventStoreInfrastructure>().receivers.size, 0);
  assert.equal(await lastValueFrom(client.send("orders.ask", {})), 1);
  await until(async () => handled.length > 0 || undefined);
  assert.deepEqual(handled, ["orders.ask"]);
  assert.ok(app.unwrap<EventStoreInfrastructure>().receivers.has("orders"));
  const health = new SluiceHealthIndicator(strategy);
  assert.deepEqual(health.isHealthy("orders"), { orders: { status: "up", component: "orders" } });
  await client.close();
  assert.equal(await firstValueFrom(client.status), "disconnected");
  assert.equal(await lastValueFrom(client.send("orders.ask", {})), 1, "it connects anew");
  await app.close();
  assert.deepEqual(statuses, ["connected", "disconnected"]);
  const problems = ["It is not connected to its queue."];
  assert.deepEqual(health.isHealthy(), { sluice: { status: "down", component: "orders", problems } });
});

test("nestjs – health tells of a server that is away, and of the queue when it is back", async () => {
  const data = await mkdtemp(join(tmpdir(), "sluice-nestjs-"));
  let server = await startEmbedded({ data, port: 0 });
  const { connectionString, port } = server;
  const strategy = new SluiceServer({ connectionString, component: "orders" });
  const health = () => new SluiceHealthIndicator(strategy).isHealthy("orders")["orders"]?.status;
  Object.assign(strategy, { logger: { error: () => {} } });
  const listened = Promise.withResolvers<unknown>();
  void strategy.listen(listened.resolve);
  assert.equal(await listened.promise, undefined);
  try {
    await until(async () => health() === "up" || undefined);
    await server.stop();
    await until(async () => health() === "down" || undefined);
    server = await startEmbedded({ data, port });
    await until(async () => health() === "up" || undefined);
  } finally {
    await strategy.close();
    await server.stop();
    await rm(data, { recursive: true });
  }
});

test("nestjs – a server that cannot start says why, to the application", async () => {
  const strategy = new SluiceServer({
    connectionString: "esdb://127.0.0.1:1?tls=false",
    component: "orders",
    startWithin: 100,
  });
  const failed = await new Promise<unknown>((resolve) => void strategy.listen(resolve));
  assert.equal((failed as Error).name, "ServerUnreachable");
});

test("nestjs – closing waits for the handlers that run, begins no more, and loses nothing", async () => {
  await using at = await bench();
  const begun = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const seen: number[] = [];
  const slow = onEvent("orders.placed", async ({ n }: { n: number }) => {
    begun.resolve();
    await gate.promise;
    seen.push(n);
  });
  const { app } = await at.start([slow], { concurrency: 1 });
  const client = at.client();
  for (let n = 0; n < 3; n += 1) await lastValueFrom(client.emit("orders.placed", { n }), { defaultValue: 0 });
  await begun.promise;
  const closing = app.close();
  let isClosed = false;
  void closing.then(() => (isClosed = true));
  await lastValueFrom(client.emit("orders.other", {}));
  assert.equal(isClosed, false);
  gate.resolve();
  await closing;
  assert.deepEqual(seen, [0]);
  await at.start([slow], { concurrency: 1 });
  await until(async () => seen.length >= 3 || undefined);
  assert.deepEqual(seen, [0, 1, 2]);
});

test("nestjs – a server that is closed while it begins to listen does not receive", async () => {
  await using at = await bench();
  const strategy = new SluiceServer({ connectionString: at.server.connectionString, component: "orders" });
  const listened = Promise.withResolvers<unknown>();
  void strategy.listen(listened.resolve);
  await strategy.close();
  await listened.promise;
  assert.throws(() => strategy.unwrap(), /listen before unwrap/);
  assert.equal(await firstValueFrom(strategy.status), "disconnected");
});

test("nestjs – all who close a server wait for the handlers that run", async () => {
  await using at = await bench();
  const begun = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const slow = onEvent("orders.placed", () => (begun.resolve(), gate.promise));
  const { strategy } = await at.start([slow]);
  await lastValueFrom(at.client().emit("orders.placed", {}), { defaultValue: 0 });
  await begun.promise;
  let closed = 0;
  const closing = [1, 2].map(() => strategy.close().then(() => (closed += 1)));
  await lastValueFrom(at.client().emit("orders.other", {}), { defaultValue: 0 });
  assert.equal(closed, 0);
  gate.resolve();
  await Promise.all(closing);
  assert.equal(await firstValueFrom(strategy.status), "disconnected");
});

test("nestjs – a handler that does not end when the application closes has its signal aborted, and its message comes again", async () => {
  await using at = await bench();
  const seen: boolean[] = [];
  const begun = Promise.withResolvers<void>();
  const hanging = onEvent("orders.placed", async (_, context: SluiceContext) => {
    seen.push(context.isRedelivery);
    begun.resolve();
    if (seen.length > 1) return;
    await new Promise((_, reject) => context.signal.addEventListener("abort", () => reject(context.signal.reason)));
  });
  const { app } = await at.start([hanging], { stopWithin: 50 });
  const client = at.client();
  await lastValueFrom(client.emit("orders.placed", {}), { defaultValue: undefined });
  await begun.promise;
  await app.close();
  await at.start([hanging]);
  await until(async () => seen.length >= 2 || undefined);
  assert.deepEqual(seen, [false, true]);
});

test("nestjs – what a handler has left behind and emits after its end harms nobody: whoever subscribes hears why it does not leave", async () => {
  await using at = await bench();
  const client = at.client({ name: "orders" });
  const go = Promise.withResolvers<void>();
  const heard: string[] = [];
  const unheard: unknown[] = [];
  const hear = (reason: unknown): void => void unheard.push(reason);
  process.on("unhandledRejection", hear);
  const leaveBehind = async (data: unknown): Promise<void> => {
    await go.promise;
    client.emit("orders.late", data);
    client.emit("orders.late", data).subscribe({ error: (error: Error) => void heard.push(error.name) });
  };
  const failing = onEvent("orders.failing", () => {
    void leaveBehind({});
    throw new Error("no");
  });
  await at.start([failing, onEvent("orders.placed", () => void leaveBehind(1n))], {
    retries: { immediateRetries: 0, delayedRetries: 0 },
    on: ({ kind }) => void heard.push(kind),
  });
  for (const type of ["orders.failing", "orders.placed"])
    await lastValueFrom(at.client().emit(type, {}), { defaultValue: 0 });
  await until(async () => (heard.includes("parked") && heard.includes("handled")) || undefined);
  heard.length = 0;
  go.resolve();
  await until(async () => heard.length === 2 || undefined);
  await turn();
  process.off("unhandledRejection", hear);
  assert.deepEqual(heard.toSorted(), ["HandlerEnded", "TypeError"]);
  assert.deepEqual(unheard, []);
});

test("nestjs – a client that cannot connect tells those who send", async () => {
  const client = new SluiceClient({
    connectionString: "esdb://127.0.0.1:1?tls=false",
    name: "web",
    destination: "orders",
    startWithin: 100,
  });
  await assert.rejects(lastValueFrom(client.send("orders.ask", {})), { name: "ServerUnreachable" });
  await assert.rejects(lastValueFrom(client.emit("orders.placed", {})), { name: "ServerUnreachable" });
  await client.close();
});
