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
import { bench, parked, read, until } from "./harness.ts";

interface Step {
  readonly id: string;
}
const Begin = command("flow.Begin", { to: "flow" })<Step>();
const Go = command("flow.Go", { to: "flow" })<Step>();
const GoQuietly = command("flow.GoQuietly", { to: "flow" })<Step>();
const GoOrSay = command("flow.GoOrSay", { to: "flow" })<Step>();
const End = command("flow.End", { to: "flow" })<Step>();
const Begun = event("flow.Begun")<Step>();
const Gone = event("flow.Gone")<Step>();
const Ended = event("flow.Ended")<Step>();
const Missing = command("desk.Missing", { to: "desk" })<{ id: string; why: string }>();

const byId = ({ id }: Step): string => id;
const going = processManager("going", 0, (p) => {
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

test("process manager – 50. a message for a completed one is ignored or handled as declared; so is one for an instance that was never begun", async () => {
  await using b = await bench();
  const told: string[] = [];
  const endpoint = await b.start(
    component("flow", { immediateRetries: 1, delayedRetries: 0, concurrency: 1 }, (c) => c.processManager(going)),
    component("desk", (c) => c.handle(Missing, ({ id, why }) => void told.push(`${id} ${why}`))),
  );
  const types = async (id: string) => (await read(b.client, `going-${id}`)).map(({ event }) => event!.type);
  for (const message of [GoQuietly, GoOrSay]) await b.sender.send(message, { id: "never" });
  await until("it is told", () => told.length === 1);
  assert.deepEqual(await types("never"), ["desk.Missing"], "told in the instance's stream, and so once");
  await b.sender.send(Go, { id: "never" });
  const [notFound] = await parked(b.client, "flow", 1);
  assert.equal(notFound!.exception.name, InstanceNotFound.name);
  assert.equal(notFound!.attempts, 2, "it is tried again: what begins it may be on its way");

  for (const message of [Begin, Go, End, Begin, GoQuietly, GoOrSay, Go]) await b.sender.send(message, { id: "once" });
  const [, completed] = await parked(b.client, "flow", 2);
  assert.equal(completed!.exception.name, InstanceCompleted.name);
  await until("it is told", () => told.length === 2);
  assert.deepEqual(await types("once"), ["flow.Begun", "flow.Gone", "flow.Ended", "desk.Missing"]);
  assert.deepEqual(told, ["never not begun", "once over"]);
  await b.sender.send(Begin, { id: "never" });
  await until("what was told does not count as its beginning", async () =>
    (await types("never")).includes("flow.Begun"),
  );
  assert.equal(endpoint.counts("flow").parked, 2);
});

test("process manager – 51. a timeout comes to the instance that asked for it, and not to one that has ended meanwhile", async () => {
  await using b = await bench();
  const Open = command("offer.Open", { to: "offer" })<Step>();
  const Take = command("offer.Take", { to: "offer" })<Step>();
  const TimeOut = command("offer.TimeOut", { to: "offer" })<Step>();
  const Opened = event("offer.Opened")<Step>();
  const Taken = event("offer.Taken")<Step>();
  const Lapsed = event("offer.Lapsed")<Step>();
  const offering = processManager("offering", false, (p) => {
    p.startedBy(Open, byId, (_, m) => [Opened(m), defer(TimeOut(m), { delayFor: 400 })]);
    p.on(Take, byId, (_, m) => Taken(m));
    p.timeout(TimeOut, byId, (_, m) => Lapsed(m));
    p.completedBy(Taken);
    p.completedBy(Lapsed);
  });
  const endpoint = await b.start(component("offer", (c) => c.processManager(offering)));
  const types = async (id: string) => (await read(b.client, `offering-${id}`)).map(({ event }) => event!.type);
  for (const id of ["kept", "taken"]) await b.sender.send(Open, { id });
  await b.sender.send(Take, { id: "taken" });
  await until("all five are handled", () => endpoint.counts("offer").handled === 5);
  assert.deepEqual(await types("kept"), [Opened.type, TimeOut.type, Lapsed.type]);
  const taken = await types("taken");
  assert.ok(!taken.includes(Lapsed.type) || !taken.includes(Taken.type), "it ends in one way");
  assert.equal(endpoint.counts("offer").failures, 0);
});

test("process manager – 53. requests and replies between process managers correlate: each answer comes to the instance that asked", async () => {
  await using b = await bench();
  const Order = command("shop.Order", { to: "shop" })<Step>();
  const Check = command("credit.Check", { to: "credit" })<{ customer: string }>();
  const Approve = command("credit.Approve", { to: "credit" })<{ customer: string }>();
  const Granted = reply("credit.Granted")<{ limit: number }>();
  const Ordered = event("shop.Ordered")<Step>();
  const Confirmed = event("shop.Confirmed")<{ limit: number }>();
  const Checking = event("credit.Checking")<{ customer: string; asks: number }>();
  /** Nothing in the reply says which order it is for: the correlation does. */
  const ordering = processManager("ordering", undefined, (p) => {
    p.startedBy(Order, byId, (_, m) => [Ordered(m), Check({ customer: m.id })]);
    p.on(
      Granted,
      (_, { correlationId }) => correlationId,
      (_, { limit }) => Confirmed({ limit }),
    );
  });
  const crediting = processManager("crediting", 0, (p) => {
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
    component("shop", (c) => c.processManager(ordering)),
    component("credit", (c) => c.processManager(crediting)),
  );
  const ids = ["order1", "order2", "order3", "order4"];
  for (const id of ids) await b.sender.send(Order, { id }, { correlationId: id });
  await until("all are answered", () => endpoint.counts("shop").handled === 2 * ids.length);
  for (const id of ids) {
    const [, asked, confirmed] = await read(b.client, `ordering-${id}`);
    assert.equal((asked!.event!.metadata as Record<string, unknown>)["$correlationId"], id);
    assert.equal(confirmed!.event!.type, "shop.Confirmed");
    assert.deepEqual(confirmed!.event!.data, { limit: Number(id.replace(/\D/g, "")) * 100 });
  }
});
