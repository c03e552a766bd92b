import assert from "node:assert/strict";
import { test } from "node:test";
import { RpcException } from "@nestjs/microservices";
import { type SluiceContext, SluiceRecord } from "@sluice/transport/nestjs";
import { lastValueFrom, of, tap, throwError, toArray } from "rxjs";
import { concatWith } from "rxjs/operators";
import { command, component, reply, startEndpoint } from "@sluice/transport";
import { until } from "../../until.ts";
import { bench, onMessage } from "./application.ts";

test("nestjs – requests are answered, by patterns of both kinds, to each of several processes that ask", async () => {
  await using at = await bench();
  const sum = (numbers: readonly number[]) => numbers.reduce((all, number) => all + number, 0);
  await at.start([onMessage({ cmd: "sum" }, sum), onMessage("orders.echo", (data) => data)]);
  const [one, other] = [at.client(), at.client()];
  const answers = await Promise.all([
    lastValueFrom(one.send({ cmd: "sum" }, [1, 2, 3])),
    lastValueFrom(other.send({ cmd: "sum" }, [4, 5])),
    lastValueFrom(one.send("orders.echo", "a text")),
    lastValueFrom(other.send("orders.echo", { pattern: "its own", data: null })),
    lastValueFrom(one.send("orders.echo", 0)),
  ]);
  assert.deepEqual(answers, [6, 9, "a text", { pattern: "its own", data: null }, 0]);
});

test("nestjs – an answer of many values comes value by value, in order, and with the failure that ends it", async () => {
  await using at = await bench();
  const many = of(1, 2, 3, null, { five: 5 });
  await at.start([
    onMessage("orders.many", () => many),
    onMessage("orders.none", () => of()),
    onMessage("orders.broken", () => of(1, 2).pipe(concatWith(throwError(() => new RpcException("no third"))))),
  ]);
  const client = at.client();
  assert.deepEqual(await lastValueFrom(client.send("orders.many", {}).pipe(toArray())), [1, 2, 3, null, { five: 5 }]);
  assert.deepEqual(await lastValueFrom(client.send("orders.none", {}).pipe(toArray())), []);
  const heard: unknown[] = [];
  const failure = await new Promise((resolve) => {
    client.send("orders.broken", {}).subscribe({ next: (value) => heard.push(value), error: resolve });
  });
  assert.deepEqual(heard, [1, 2]);
  assert.deepEqual(failure, { status: "error", message: "no third" });
});

test("nestjs – a failing request is answered with its failure and handled once", async () => {
  await using at = await bench();
  let times = 0;
  const settled: string[] = [];
  await at.start(
    [
      onMessage("orders.refuse", () => {
        times += 1;
        throw new RpcException({ code: 42 });
      }),
      onMessage("orders.crash", () => {
        throw new Error("a secret");
      }),
    ],
    { on: ({ kind }) => void settled.push(kind) },
  );
  const client = at.client();
  await assert.rejects(lastValueFrom(client.send("orders.refuse", {})), { code: 42 });
  await assert.rejects(lastValueFrom(client.send("orders.crash", {})), { message: "Internal server error" });
  assert.equal(times, 1);
  assert.ok(!settled.includes("failed") && !settled.includes("parked"));
});

test("nestjs – an answer that cannot be made or sent fails its request at once, and parks it with the reason", async () => {
  await using at = await bench();
  const circle: { self?: unknown } = {};
  circle.self = circle;
  const begun: string[] = [];
  const parked: unknown[] = [];
  const answers = {
    "orders.number": () => 1n,
    "orders.circle": () => circle,
    "orders.second": () => of(1, circle, 3),
    "orders.error": () => throwError(() => new RpcException(circle)),
    "orders.large": () => "x".repeat(2_000_000),
  };
  await at.start(
    Object.entries(answers).map(([pattern, answer]) => onMessage(pattern, () => (begun.push(pattern), answer()))),
    { on: (event) => event.kind === "parked" && parked.push([event.type, Object(event.error).name]) },
  );
  const client = at.client();
  for (const pattern of Object.keys(answers)) {
    await assert.rejects(lastValueFrom(client.send(pattern, {})), {
      status: "error",
      message: "Internal server error",
    });
  }
  assert.deepEqual(begun, Object.keys(answers));
  await until(async () => parked.length === begun.length || undefined);
  assert.deepEqual(parked, [
    ...begun.slice(0, -1).map((pattern) => [pattern, "TypeError"]),
    ["orders.large", "MessageTooLarge"],
  ]);
});

test("nestjs – an answer that breaks off behind values that have left fails behind them", async () => {
  await using at = await bench();
  const serializer = {
    serialize: ({ response, ...packet }: { response?: unknown }) => {
      if (response === 3) throw new RangeError("no third");
      return { ...packet, response };
    },
  };
  await at.start([onMessage("orders.count", () => of(1, 2, 3, 4))], { serializer });
  const client = at.client();
  const heard: unknown[] = [];
  const asked = client.send("orders.count", {}).pipe(tap((value) => heard.push(value)));
  await assert.rejects(lastValueFrom(asked), { message: "Internal server error" });
  assert.deepEqual(heard, [1, 2]);
});

test("nestjs – a request that nobody handles is answered as Nest answers it", async () => {
  await using at = await bench();
  await at.start([onMessage("orders.known", () => 1)]);
  await assert.rejects(lastValueFrom(at.client().send("orders.unknown", {})), (error) => {
    assert.equal(error, "There is no matching message handler defined in the remote service.");
    return true;
  });
});

test("nestjs – a request without a receiver is refused before anything is sent", async () => {
  await using at = await bench();
  const client = at.client({ destination: () => undefined as never });
  await assert.rejects(lastValueFrom(client.send("orders.known", {})), {
    name: "NoDestination",
    pattern: "orders.known",
  });
});

test("nestjs – headers travel with a request, and its context tells of the message", async () => {
  await using at = await bench();
  await at.start([
    onMessage("orders.tell", (data, context: SluiceContext) => ({
      data,
      tenant: context.getHeader("tenant"),
      pattern: context.getPattern(),
      source: context.getMessageContext().source,
      attempt: context.attempt,
      isRedelivery: context.isRedelivery,
      bytes: context.getMessage().body.byteLength,
    })),
  ]);
  const record = new SluiceRecord({ n: 1 }, { headers: { tenant: "north" } });
  assert.deepEqual(await lastValueFrom(at.client({ name: "shop" }).send("orders.tell", record)), {
    data: { n: 1 },
    tenant: "north",
    pattern: "orders.tell",
    source: "shop",
    attempt: 1,
    isRedelivery: false,
    bytes: 7,
  });
});

test("nestjs – serializers decide what is stored, of requests and of answers", async () => {
  await using at = await bench();
  const flip = (text: string) => text.split("").reverse().join("");
  const serializer = { serialize: (packet: unknown) => Buffer.from(flip(JSON.stringify(packet))) };
  const deserializer = { deserialize: (bytes: Uint8Array) => JSON.parse(flip(Buffer.from(bytes).toString())) };
  let stored: unknown;
  const keep = (_: unknown, context: SluiceContext) => (stored = Buffer.from(context.getMessage().body).toString());
  await at.start([onMessage("orders.keep", keep)], { serializer, deserializer });
  const answer = await lastValueFrom(at.client({ serializer, deserializer }).send("orders.keep", { n: 1 }));
  assert.match(flip(String(stored)), /^\{"pattern":"orders\.keep","data":\{"n":1\}/);
  assert.equal(answer, stored);
});

test("nestjs – a component of Sluice's own answers a client, and sends a command to a server", async () => {
  await using at = await bench();
  const Quote = command("pricing.quote", { to: "pricing" })<{ n: number }>();
  const Quoted = reply("pricing.quoted")<{ price: number; err: string }>();
  const Ship = command("orders.ship", { to: "orders" })<{ n: number }>();
  const pricing = component("pricing", (c) => {
    c.handle(Quote, async ({ n }, context) => {
      await context.send(Ship, { n });
      await context.reply(Quoted, { price: n * 2, err: "none" });
    });
  });
  const shipped = Promise.withResolvers<unknown>();
  await at.start([onMessage("orders.ship", (data) => shipped.resolve(data))]);
  const endpoint = await startEndpoint([pricing], { connectionString: at.server.connectionString });
  try {
    const client = at.client({ destination: (pattern) => pattern.split(".")[0]! });
    assert.deepEqual(await lastValueFrom(client.send("pricing.quote", { n: 21 })), { price: 42, err: "none" });
    assert.deepEqual(await shipped.promise, { n: 21 });
  } finally {
    await endpoint.stop();
  }
});
