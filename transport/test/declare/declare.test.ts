import assert from "node:assert/strict";
import { test } from "node:test";
import {
  aggregate,
  command,
  component,
  DuplicateDeclaration,
  event,
  InvalidName,
  processManager,
  reply,
  view,
  WrongOwner,
} from "../../src/index.ts";

const Charge = command("billing.Charge", { to: "billing" })<{ orderId: string; amount: number }>();
const Charged = event("billing.Charged")<{ orderId: string; amount: number }>();
const Ship = command("shipping.Ship", { to: "shipping" })<{ orderId: string }>();
const Begun = event("delivery.Begun")<{ orderId: string }>();

test("declare – a definition makes messages of its type", () => {
  const message = Charge({ orderId: "1", amount: 5 });
  assert.equal(message.definition.type, "billing.Charge");
  assert.equal(message.definition.to, "billing");
  assert.deepEqual(message.body, { orderId: "1", amount: 5 });
  assert.equal(Charged.kind, "event");
  assert.equal(reply("billing.Receipt")<{ text: string }>().kind, "reply");
});

test("declare – a component name with a dash is refused with the reason", () => {
  assert.throws(
    () => component("sales-desk"),
    (error: unknown) => error instanceof InvalidName && /dash/.test(error.message) && error.value === "sales-desk",
  );
  assert.throws(() => command("x.Y", { to: "a-b" }), InvalidName);
});

test("declare – names that would collide with generated streams are refused", () => {
  for (const name of [
    "a.direct",
    "a.routed",
    "subscriptions",
    "subscriptions.2",
    "retries",
    "deferred",
    "backfill.1",
    "",
    "1a",
    "in out",
  ])
    assert.throws(() => component(name), InvalidName, name);
  for (const name of ["in", "out", "in.sales", "out.x", "intermediate.sales"])
    assert.throws(() => aggregate(name, {}, () => {}), InvalidName, name);
  component("routed");
  component("in");
});

// What the compiler refuses, and plain JavaScript does not.
test("declare – a message whose body nobody has said is refused with what is missing, wherever it stands", () => {
  const unsaid = command("billing.Charge", { to: "billing" }) as unknown as typeof Charge;
  const named = "billing.Charge" as unknown as typeof Charged;
  const missing = /is no message definition.*Call it once more/;
  const attempts: readonly (() => unknown)[] = [
    () => component("billing", (c) => c.handle(unsaid, () => {})),
    () => component("billing", (c) => c.handle(named, () => {})),
    () => component("billing", (c) => c.receptor(named, () => [])),
    () =>
      aggregate("charge", {}, (a) =>
        a.decide(
          unsaid,
          () => "1",
          () => [],
        ),
      ),
    () => aggregate("charge", {}, (a) => a.evolve(named)),
    () => aggregate("charge", {}, (a) => a.upcast(named, () => [])),
    () => processManager("delivery", {}, (p) => p.gateway(named, () => [])),
    () => processManager("delivery", {}, (p) => p.completedBy(named)),
    () =>
      view(
        "charges",
        () => 0,
        (v) => v.on(named, () => {}),
      ),
  ];
  for (const attempt of attempts) assert.throws(attempt, { name: "TypeError", message: missing }, String(attempt));
});

test("declare – a handler that is none is refused where it is declared", () => {
  const none = undefined as unknown as () => void;
  assert.throws(() => component("billing", (c) => c.handle(Charge, none)), /handler of billing\.Charge is no function/);
});

test("declare – a message type that a generated script could not hold is refused", () => {
  for (const type of ["", "$any", "a b", 'a"b', "ü", "x".repeat(201)])
    assert.throws(() => event(type), InvalidName, type);
});

test("declare – a component handles only its own commands", () => {
  assert.throws(
    () => component("sales", (c) => c.handle(Charge, () => {})),
    (error: unknown) => error instanceof WrongOwner && error.owner === "billing",
  );
});

test("declare – an aggregate is two pure functions", () => {
  const charge = aggregate("charge", { total: 0 }, (a) => {
    a.decide(
      Charge,
      (m) => m.orderId,
      (state, m) => (state.total > 0 ? undefined : Charged(m)),
    );
    a.evolve(Charged, (state, e) => ({ total: state.total + e.amount }));
  });
  const [charged] = charge.decide(charge.initial, Charge({ orderId: "1", amount: 5 }));
  assert.ok(charged);
  const state = charge.evolve(charge.initial, charged);
  assert.deepEqual(state, { total: 5 });
  assert.deepEqual(charge.decide(state, Charge({ orderId: "1", amount: 5 })), []);
  assert.deepEqual(charge.evolve(state, Ship({ orderId: "1" })), state, "a command in the stream folds to nothing");
  assert.throws(() => charge.decide(state, Ship({ orderId: "1" })), RangeError);
});

test("declare – a gateway follows each event with what it asks of others, given the state after it", () => {
  const delivery = processManager("delivery", { begun: 0 }, (p) => {
    p.startedBy(
      Charged,
      (e) => e.orderId,
      (_, e) => [Begun({ orderId: e.orderId }), Begun({ orderId: e.orderId })],
    );
    p.evolve(Begun, (state) => ({ begun: state.begun + 1 }));
    p.gateway(Begun, (e, state) => Ship({ orderId: `${e.orderId}/${state.begun}` }));
  });
  const decided = delivery.decide(delivery.initial, Charged({ orderId: "1", amount: 5 }));
  assert.deepEqual(
    decided.map((m) => [m.definition.type, m.body]),
    [
      ["delivery.Begun", { orderId: "1" }],
      ["shipping.Ship", { orderId: "1/1" }],
      ["delivery.Begun", { orderId: "1" }],
      ["shipping.Ship", { orderId: "1/2" }],
    ],
  );
});

test("declare – what is declared twice is refused", () => {
  const one = aggregate("charge", {}, () => {});
  assert.throws(() => component("billing", (c) => (c.aggregate(one), c.aggregate(one))), DuplicateDeclaration);
  assert.throws(() => component("charge", (c) => c.aggregate(one)), DuplicateDeclaration);
  assert.throws(
    () =>
      view(
        "v",
        () => 0,
        (v) => {
          v.on(Charged, (n) => n + 1);
          v.on(Charged, (n) => n + 1);
        },
      ),
    DuplicateDeclaration,
  );
});
