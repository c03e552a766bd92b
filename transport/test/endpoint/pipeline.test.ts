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
import { type Bench, bench, read, until } from "./harness.ts";

/** The messages of one test. */
const messagesOf = ({ name }: Bench) => ({
  Charge: command(`${name("billing")}.Charge`, { to: name("billing") })<{ amount: number }>(),
  Charged: reply(`${name("billing")}.Charged`)<{ receipt: string }>(),
  Refused: reply(`${name("billing")}.Refused`)<{ why: string }>(),
  Noted: event(`${name("billing")}.Noted`)<{ amount: number }>(),
});
const Tenant = contextKey<string>("test.tenant");

const billingOf = (b: Bench) => {
  const { Charge, Charged, Refused, Noted } = messagesOf(b);
  return component(b.name("billing"), (c) =>
    c.handle(Charge, async ({ amount }, ctx) => {
      await ctx.publish(Noted, { amount });
      if (amount > 0) await ctx.reply(Charged, { receipt: `${amount} paid` });
      if (amount < 0) await ctx.reply(Refused, { why: "less than nothing" });
    }),
  );
};

test("middleware – runs around handlers and around what they send, the first outermost, and hands values on", async () => {
  await using b = await bench();
  const { Charge } = messagesOf(b);
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
  const endpoint = await startEndpoint([billingOf(b)], {
    connectionString: b.connectionString,
    incoming: [step("outer"), step("inner")],
    outgoing: [tenant],
  });
  await b.sender.send(Charge, { amount: 7 }, { headers: { tenant: "acme" }, replyTo: b.name("shop") });
  const [noted] = await until("it has left", async () => {
    const events = await read(b.client, `intermediate.${b.name("billing")}`);
    return events.length === 2 && events;
  });
  assert.deepEqual(noted!.event!.data, { amount: 7, tenant: "acme" });
  await until("it is handled", () => endpoint.counts(b.name("billing")).handled === 1);
  assert.deepEqual(steps, [
    "outer in",
    "inner in",
    `${b.name("billing")}.Noted to all`,
    `${b.name("billing")}.Charged to ${b.name("shop")}`,
    "inner out",
    "outer out",
  ]);
  await endpoint.stop();
});

test("middleware – one that throws fails the message, and one that does not go on leaves the message out", async () => {
  await using b = await bench();
  const { Charge, Charged, Noted } = messagesOf(b);
  let tries = 0;
  const endpoint = await startEndpoint([billingOf(b)], {
    connectionString: b.connectionString,
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
  const sent = await read(b.client, `intermediate.${b.name("billing")}`);
  assert.deepEqual(
    sent.map((one) => one.event!.type),
    [Charged.type],
  );
  await endpoint.stop();
});

test("asking – from an endpoint and from outside: each gets the reply to its own command", async () => {
  await using b = await bench();
  const { Charge, Charged } = messagesOf(b);
  const { connectionString } = b;
  const endpoint = await b.start(billingOf(b));
  const [first, second] = await Promise.all([
    startSender(b.name("shop"), { connectionString }),
    startSender(b.name("shop"), { connectionString }),
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
  const { Charge, Charged, Refused } = messagesOf(b);
  await b.start(billingOf(b));
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
  const { connectionString } = b;
  const { Charge, Charged } = messagesOf(b);
  const shop = b.name("shop");
  const id = crypto.randomUUID();
  const asker = await startSender(shop, { connectionString });
  // Nobody handles it yet, so nobody answers in time.
  await assert.rejects(asker.ask(Charge, { amount: 7 }, Charged, { id, timeout: 1 }), ReplyTimedOut);
  const endpoint = await b.start(billingOf(b));
  await until("it is answered", async () => (await read(b.client, `$ce-in.${shop}.replies`)).length === 1);
  assert.deepEqual(await asker.ask(Charge, { amount: 7 }, Charged, { id }), { receipt: "7 paid" });
  await asker.stop();
  const another = await startSender(shop, { connectionString });
  assert.deepEqual(await another.ask(Charge, { amount: 7 }, Charged, { id }), { receipt: "7 paid" });
  assert.deepEqual(await another.ask(Charge, { amount: 8 }, Charged), { receipt: "8 paid" });
  await another.stop();
  assert.equal(endpoint.counts(b.name("billing")).handled, 2);
});

test("endpoint – sends and publishes by itself, in the name of its first component", async () => {
  await using b = await bench();
  const { Charge, Noted } = messagesOf(b);
  const seen: (string | undefined)[] = [];
  const audit = component(b.name("audit"), (c) => c.handle(Noted, (_, ctx) => void seen.push(ctx.source)));
  const endpoint = await b.start(audit, billingOf(b));
  await endpoint.publish(Noted, { amount: 1 });
  await endpoint.send(Charge, { amount: 0 });
  await until("both have arrived", () => seen.length === 2);
  assert.deepEqual(seen.toSorted(), [b.name("audit"), b.name("billing")]);
});

test("serializers – handlers, aggregates, views and replies read what the endpoint's serializer has written", async () => {
  await using b = await bench();
  const { Charge, Charged } = messagesOf(b);
  const Deposit = command(`${b.name("bank")}.Deposit`, { to: b.name("bank") })<{ amount: number }>();
  const Deposited = event(`${b.name("bank")}.Deposited`)<{ amount: number }>();
  const account = aggregate(b.name("account"), 0, (a) => {
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
  const bank = component(b.name("bank"), (c) => {
    c.aggregate(account);
    c.view(total);
  });
  const seen: string[] = [];
  const options = {
    connectionString: b.connectionString,
    serializer: cloudEvents(),
    outgoing: [
      async ({ type }: { readonly type: string }, next: () => Promise<void>) => {
        seen.push(type);
        await next();
      },
    ],
  };
  const endpoint = await startEndpoint([bank, billingOf(b)], options);
  await endpoint.send(Deposit, { amount: 7 });
  await endpoint.view(total).until(({ amounts }) => amounts.length === 1);
  await endpoint.send(Deposit, { amount: 1 });
  const { amounts } = await endpoint.view(total).until((state) => state.amounts.length === 2);
  assert.deepEqual(amounts, [7, 70]);
  assert.deepEqual(await endpoint.ask(Charge, { amount: 7 }, Charged), { receipt: "7 paid" });
  const [stored] = await read(b.client, `${b.name("account")}-1`);
  assert.equal((stored!.event!.data as { specversion?: string }).specversion, "1.0");
  assert.ok(seen.includes(Deposited.type));
  await endpoint.stop();
});
