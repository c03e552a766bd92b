import assert from "node:assert/strict";
import { test } from "node:test";
import {
  command,
  component,
  defer,
  event,
  InstanceCompleted,
  InstanceNotFound,
  reply,
  processManager,
} from "../../src/index.ts";
import { type Bench, bench, parked, read, until } from "./harness.ts";

interface Step {
  readonly id: string;
}
/** The messages of one test. */
const messagesOf = ({ name }: Bench) => ({
  Begin: command(`${name("flow")}.Begin`, { to: name("flow") })<Step>(),
  Go: command(`${name("flow")}.Go`, { to: name("flow") })<Step>(),
  GoQuietly: command(`${name("flow")}.GoQuietly`, { to: name("flow") })<Step>(),
  GoOrSay: command(`${name("flow")}.GoOrSay`, { to: name("flow") })<Step>(),
  End: command(`${name("flow")}.End`, { to: name("flow") })<Step>(),
  Begun: event(`${name("flow")}.Begun`)<Step>(),
  Gone: event(`${name("flow")}.Gone`)<Step>(),
  Ended: event(`${name("flow")}.Ended`)<Step>(),
  Missing: command(`${name("desk")}.Missing`, { to: name("desk") })<{ id: string; why: string }>(),
});

const byId = ({ id }: Step): string => id;
const goingOf = (b: Bench) => {
  const { Begin, Go, GoQuietly, GoOrSay, End, Begun, Gone, Ended, Missing } = messagesOf(b);
  return processManager(b.name("going"), 0, (p) => {
    p.startedBy(Begin, byId, (steps, m) => (steps > 0 ? [] : Begun(m)));
    p.on(Go, byId, (_, m) => Gone(m), { completed: "fail" });
    p.on(GoQuietly, byId, (_, m) => Gone(m), { notFound: "ignore" });
    p.on(GoOrSay, byId, (_, m) => Gone(m), {
      notFound: ({ id }) => Missing({ id, why: "not begun" }),
      completed: ({ id }) => Missing({ id, why: "over" }),
    });
    p.on(End, byId, (_, m) => Ended(m));
    p.evolve(Begun, (steps) => steps + 1);
    p.evolve(Gone, (steps) => steps + 1);
    p.completedBy(Ended);
  });
};

test("process manager – 50. a message for a completed one is ignored or handled as declared; so is one for an instance that was never begun", async () => {
  await using b = await bench();
  const { Begin, Go, GoQuietly, GoOrSay, End, Missing } = messagesOf(b);
  const told: string[] = [];
  const endpoint = await b.start(
    component(b.name("flow"), { immediateRetries: 1, delayedRetries: 0, concurrency: 1 }, (c) =>
      c.processManager(goingOf(b)),
    ),
    component(b.name("desk"), (c) => c.handle(Missing, ({ id, why }) => void told.push(`${id} ${why}`))),
  );
  const types = async (id: string) =>
    (await read(b.client, `${b.name("going")}-${id}`)).map(({ event }) => event!.type);
  for (const message of [GoQuietly, GoOrSay]) await b.sender.send(message, { id: "never" });
  await until("it is told", () => told.length === 1);
  assert.deepEqual(await types("never"), [`${b.name("desk")}.Missing`], "told in the instance's stream, and so once");
  await b.sender.send(Go, { id: "never" });
  const [notFound] = await parked(b.client, b.name("flow"), 1);
  assert.equal(notFound!.exception.name, InstanceNotFound.name);
  assert.equal(notFound!.attempts, 2, "it is tried again: what begins it may be on its way");

  for (const message of [Begin, Go, End, Begin, GoQuietly, GoOrSay, Go]) await b.sender.send(message, { id: "once" });
  const [, completed] = await parked(b.client, b.name("flow"), 2);
  assert.equal(completed!.exception.name, InstanceCompleted.name);
  await until("it is told", () => told.length === 2);
  assert.deepEqual(await types("once"), [
    `${b.name("flow")}.Begun`,
    `${b.name("flow")}.Gone`,
    `${b.name("flow")}.Ended`,
    `${b.name("desk")}.Missing`,
  ]);
  assert.deepEqual(told, ["never not begun", "once over"]);
  await b.sender.send(Begin, { id: "never" });
  await until("what was told does not count as its beginning", async () =>
    (await types("never")).includes(`${b.name("flow")}.Begun`),
  );
  assert.equal(endpoint.counts(b.name("flow")).parked, 2);
});

test("process manager – 51. a timeout comes to the instance that asked for it, and not to one that has ended meanwhile", async () => {
  await using b = await bench();
  const Open = command(`${b.name("offer")}.Open`, { to: b.name("offer") })<Step>();
  const Take = command(`${b.name("offer")}.Take`, { to: b.name("offer") })<Step>();
  const TimeOut = command(`${b.name("offer")}.TimeOut`, { to: b.name("offer") })<Step>();
  const Opened = event(`${b.name("offer")}.Opened`)<Step>();
  const Taken = event(`${b.name("offer")}.Taken`)<Step>();
  const Lapsed = event(`${b.name("offer")}.Lapsed`)<Step>();
  const offering = processManager(b.name("offering"), false, (p) => {
    p.startedBy(Open, byId, (_, m) => [Opened(m), defer(TimeOut(m), { delayFor: 400 })]);
    p.on(Take, byId, (_, m) => Taken(m));
    p.timeout(TimeOut, byId, (_, m) => Lapsed(m));
    p.completedBy(Taken);
    p.completedBy(Lapsed);
  });
  const endpoint = await b.start(component(b.name("offer"), (c) => c.processManager(offering)));
  const types = async (id: string) =>
    (await read(b.client, `${b.name("offering")}-${id}`)).map(({ event }) => event!.type);
  for (const id of ["kept", "taken"]) await b.sender.send(Open, { id });
  await b.sender.send(Take, { id: "taken" });
  await until("all five are handled", () => endpoint.counts(b.name("offer")).handled === 5);
  assert.deepEqual(await types("kept"), [Opened.type, TimeOut.type, Lapsed.type]);
  const taken = await types("taken");
  assert.ok(!taken.includes(Lapsed.type) || !taken.includes(Taken.type), "it ends in one way");
  assert.equal(endpoint.counts(b.name("offer")).failures, 0);
});

test("process manager – 53. requests and replies between process managers correlate: each answer comes to the instance that asked", async () => {
  await using b = await bench();
  const Order = command(`${b.name("shop")}.Order`, { to: b.name("shop") })<Step>();
  const Check = command(`${b.name("credit")}.Check`, { to: b.name("credit") })<{ customer: string }>();
  const Approve = command(`${b.name("credit")}.Approve`, { to: b.name("credit") })<{ customer: string }>();
  const Granted = reply(`${b.name("credit")}.Granted`)<{ limit: number }>();
  const Ordered = event(`${b.name("shop")}.Ordered`)<Step>();
  const Confirmed = event(`${b.name("shop")}.Confirmed`)<{ limit: number }>();
  const Checking = event(`${b.name("credit")}.Checking`)<{ customer: string; asks: number }>();
  /** Nothing in the reply says which order it is for: the correlation does. */
  const ordering = processManager(b.name("ordering"), undefined, (p) => {
    p.startedBy(Order, byId, (_, m) => [Ordered(m), Check({ customer: m.id })]);
    p.on(
      Granted,
      (_, { correlationId }) => correlationId,
      (_, { limit }) => Confirmed({ limit }),
    );
  });
  const crediting = processManager(b.name("crediting"), 0, (p) => {
    p.startedBy(
      Check,
      ({ customer }) => customer,
      (asks, { customer }) => [
        Checking({ customer, asks: asks + 1 }),
        Granted({ limit: Number(customer.replace(/\D/g, "")) * 100 }),
      ],
    );
    p.on(
      Approve,
      ({ customer }) => customer,
      () => [],
    );
    p.evolve(Checking, (_, { asks }) => asks);
  });
  const endpoint = await b.start(
    component(b.name("shop"), (c) => c.processManager(ordering)),
    component(b.name("credit"), (c) => c.processManager(crediting)),
  );
  const ids = ["order1", "order2", "order3", "order4"];
  for (const id of ids) await b.sender.send(Order, { id }, { correlationId: id });
  await until("all are answered", () => endpoint.counts(b.name("shop")).handled === 2 * ids.length);
  for (const id of ids) {
    const [, asked, confirmed] = await read(b.client, `${b.name("ordering")}-${id}`);
    assert.equal((asked!.event!.metadata as Record<string, unknown>)["$correlationId"], id);
    assert.equal(confirmed!.event!.type, `${b.name("shop")}.Confirmed`);
    assert.deepEqual(confirmed!.event!.data, { limit: Number(id.replace(/\D/g, "")) * 100 });
  }
});
