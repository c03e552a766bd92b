import assert from "node:assert/strict";
import { test } from "node:test";
import {
  aggregate,
  cloudEvents,
  command,
  component,
  contextKey,
  event,
  type IncomingMiddleware,
  type OutgoingMiddleware,
  reply,
  ReplyTimedOut,
  startEndpoint,
  startSender,
  UnexpectedReply,
  view,
} from "../../src/index.ts";
import { bench, read, until } from "./harness.ts";

const Charge = command("billing.Charge", { to: "billing" })<{ amount: number }>();
const Charged = reply("billing.Charged")<{ receipt: string }>();
const Refused = reply("billing.Refused")<{ why: string }>();
const Noted = event("billing.Noted")<{ amount: number }>();
const Tenant = contextKey<string>("test.tenant");

const billing = component("billing", (c) =>
  c.handle(Charge, async ({ amount }, ctx) => {
    await ctx.publish(Noted, { amount });
    if (amount > 0) await ctx.reply(Charged, { receipt: `${amount} paid` });
    if (amount < 0) await ctx.reply(Refused, { why: "less than nothing" });
  }),
);

test("middleware – runs around handlers and around what they send, the first outermost, and hands values on", async () => {
  await using b = await bench();
  const steps: string[] = [];
  const step =
    (name: string): IncomingMiddleware =>
    async ({ message, items }, next) => {
      steps.push(`${name} in`);
      items.set(Tenant, String(message.headers["tenant"]));
      await next();
      steps.push(`${name} out`);
    };
  const tenant: OutgoingMiddleware = async (outgoing, next) => {
    const { items, headers, destination, type } = outgoing;
    steps.push(`${type} to ${destination ?? "all"}`);
    headers["tenant"] = items.get(Tenant) ?? "nobody";
    outgoing.body = { ...outgoing.body, tenant: headers["tenant"] };
    await next();
  };
  const endpoint = await startEndpoint([billing], {
    connectionString: b.server.connectionString,
    incoming: [step("outer"), step("inner")],
    outgoing: [tenant],
  });
  await b.sender.send(Charge, { amount: 7 }, { headers: { tenant: "acme" }, replyTo: "shop" });
  const [noted] = await until("it has left", async () => {
    const events = await read(b.client, "intermediate.billing");
    return events.length === 2 && events;
  });
  assert.deepEqual(noted!.event!.data, { amount: 7, tenant: "acme" });
  await until("it is handled", () => endpoint.counts("billing").handled === 1);
  assert.deepEqual(steps, [
    "outer in",
    "inner in",
    "billing.Noted to all",
    "billing.Charged to shop",
    "inner out",
    "outer out",
  ]);
  await endpoint.stop();
});

test("middleware – one that throws fails the message, and one that does not go on leaves the message out", async () => {
  await using b = await bench();
  let tries = 0;
  const endpoint = await startEndpoint([billing], {
    connectionString: b.server.connectionString,
    on: () => {},
    incoming: [
      async ({ attempt }, next) => {
        tries = attempt;
        if (attempt === 1) throw new Error("not yet");
        await next();
      },
    ],
    outgoing: [({ type }, next) => (type === Noted.type ? undefined : next())],
  });
  assert.deepEqual(await endpoint.ask(Charge, { amount: 7 }, Charged), { receipt: "7 paid" });
  assert.equal(tries, 2);
  const sent = await read(b.client, "intermediate.billing");
  assert.deepEqual(
    sent.map((one) => one.event!.type),
    [Charged.type],
  );
  await endpoint.stop();
});

test("asking – from an endpoint and from outside: each gets the reply to its own command", async () => {
  await using b = await bench();
  const { connectionString } = b.server;
  const endpoint = await b.start(billing);
  const [first, second] = await Promise.all([
    startSender("shop", { connectionString }),
    startSender("shop", { connectionString }),
  ]);
  const amounts = Array.from({ length: 20 }, (_, n) => n + 1);
  const asked = [first, second, endpoint].flatMap((one) =>
    amounts.map(async (amount) => [amount, await one.ask(Charge, { amount }, Charged)] as const),
  );
  for (const [amount, { receipt }] of await Promise.all(asked)) assert.equal(receipt, `${amount} paid`);
  await Promise.all([first.stop(), second.stop()]);
});

test("asking – no reply in time, another reply, and a caller who gives up are told apart", async () => {
  await using b = await bench();
  await b.start(billing);
  await assert.rejects(
    b.sender.ask(Charge, { amount: 0 }, Charged, { timeout: 50 }),
    (error: unknown) => error instanceof ReplyTimedOut && error.type === Charge.type && error.milliseconds === 50,
  );
  await assert.rejects(
    b.sender.ask(Charge, { amount: -1 }, Charged),
    (error: unknown) => error instanceof UnexpectedReply && error.received === Refused.type,
  );
  const reason = new Error("gone home");
  await assert.rejects(b.sender.ask(Charge, { amount: 0 }, Charged, { signal: AbortSignal.abort(reason) }), reason);
});

test("asking – asked again with its id, a command that was answered while nobody waited gives its reply, and is handled once", async () => {
  await using b = await bench();
  const { connectionString } = b.server;
  const id = crypto.randomUUID();
  const asker = await startSender("shop", { connectionString });
  // Nobody handles it yet, so nobody answers in time.
  await assert.rejects(asker.ask(Charge, { amount: 7 }, Charged, { id, timeout: 1 }), ReplyTimedOut);
  const endpoint = await b.start(billing);
  await until("it is answered", async () => (await read(b.client, "$ce-in.shop.replies")).length === 1);
  assert.deepEqual(await asker.ask(Charge, { amount: 7 }, Charged, { id }), { receipt: "7 paid" });
  await asker.stop();
  const another = await startSender("shop", { connectionString });
  assert.deepEqual(await another.ask(Charge, { amount: 7 }, Charged, { id }), { receipt: "7 paid" });
  assert.deepEqual(await another.ask(Charge, { amount: 8 }, Charged), { receipt: "8 paid" });
  await another.stop();
  assert.equal(endpoint.counts("billing").handled, 2);
});

test("endpoint – sends and publishes by itself, in the name of its first component", async () => {
  await using b = await bench();
  const seen: (string | undefined)[] = [];
  const audit = component("audit", (c) => c.handle(Noted, (_, ctx) => void seen.push(ctx.source)));
  const endpoint = await b.start(audit, billing);
  await endpoint.publish(Noted, { amount: 1 });
  await endpoint.send(Charge, { amount: 0 });
  await until("both have arrived", () => seen.length === 2);
  assert.deepEqual(seen.toSorted(), ["audit", "billing"]);
});

test("serializers – handlers, aggregates, views and replies read what the endpoint's serializer has written", async () => {
  await using b = await bench();
  const Deposit = command("bank.Deposit", { to: "bank" })<{ amount: number }>();
  const Deposited = event("bank.Deposited")<{ amount: number }>();
  const account = aggregate("account", 0, (a) => {
    a.decide(
      Deposit,
      () => "1",
      (balance, { amount }) => (balance > 0 ? [Deposited({ amount: balance * 10 })] : [Deposited({ amount })]),
    );
    a.evolve(Deposited, (balance, { amount }) => balance + amount);
  });
  const total = view(
    "total",
    () => ({ amounts: [] as number[] }),
    (v) => v.on(Deposited, (state, { amount }) => void state.amounts.push(amount)),
  );
  const bank = component("bank", (c) => {
    c.aggregate(account);
    c.view(total);
  });
  const seen: string[] = [];
  const options = {
    connectionString: b.server.connectionString,
    serializer: cloudEvents(),
    outgoing: [
      async ({ type }: { readonly type: string }, next: () => Promise<void>) => {
        seen.push(type);
        await next();
      },
    ],
  };
  const endpoint = await startEndpoint([bank, billing], options);
  await endpoint.send(Deposit, { amount: 7 });
  await endpoint.view(total).until(({ amounts }) => amounts.length === 1);
  await endpoint.send(Deposit, { amount: 1 });
  const { amounts } = await endpoint.view(total).until((state) => state.amounts.length === 2);
  assert.deepEqual(amounts, [7, 70]);
  assert.deepEqual(await endpoint.ask(Charge, { amount: 7 }, Charged), { receipt: "7 paid" });
  const [stored] = await read(b.client, "account-1");
  assert.equal((stored!.event!.data as { specversion?: string }).specversion, "1.0");
  assert.ok(seen.includes(Deposited.type));
  await endpoint.stop();
});
