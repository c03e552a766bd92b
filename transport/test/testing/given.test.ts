import assert, { AssertionError } from "node:assert/strict";
import { test } from "node:test";
import { given } from "@sluice/transport/testing";
import { aggregate, command, defer, event, InstanceNotFound, processManager, Unrecoverable } from "../../src/index.ts";

const Place = command("sales.Place", { to: "sales" })<{ id: string; note?: string | undefined }>();
const Remind = command("sales.Remind", { to: "sales" })<{ id: string }>();
const Placed = event("sales.Placed")<{ id: string; note?: string | undefined }>();
const PlacedV1 = event("sales.PlacedV1")<{ order: string }>();
const Done = event("sales.Done")<{ id: string }>();

const order = aggregate("order", { placed: 0 }, (a) => {
  a.decide(
    Place,
    ({ id }) => id,
    ({ placed }, m) => {
      if (m.note === "odd") throw new Unrecoverable("An odd order.");
      return placed > 0 ? [] : [Placed(m), defer(Remind({ id: m.id }), { delayFor: 5 })];
    },
  );
  a.upcast(PlacedV1, ({ order }) => Placed({ id: order }));
  a.evolve(Placed, ({ placed }) => ({ placed: placed + 1 }));
});
const flow = processManager("flow", 0, (p) => {
  p.on(
    Remind,
    ({ id }) => id,
    (_, m) => Done(m),
  );
  p.startedBy(
    Place,
    ({ id }) => id,
    (_, m) => Placed(m),
  );
  p.completedBy(Done);
});

test("testing – given, when, then: of an aggregate, with commands for later, upcasts and JSON bodies", () => {
  const id = "17";
  given(order)
    .when(Place({ id, note: undefined }))
    .then(Placed({ id }), defer(Remind({ id }), { delayFor: 5 }))
    .state({ placed: 1 });
  given(order, PlacedV1({ order: id }))
    .when(Place({ id }))
    .thenNothing()
    .state({ placed: 1 });
  given(order)
    .when(Place({ id, note: "odd" }))
    .throws(Unrecoverable)
    .throws(/odd order/);
});

test("testing – a process manager that has not begun, or has ended, does as it declares", () => {
  given(flow)
    .when(Remind({ id: "1" }))
    .throws(InstanceNotFound);
  given(flow, Placed({ id: "1" }))
    .when(Remind({ id: "1" }))
    .then(Done({ id: "1" }));
  given(flow, Placed({ id: "1" }), Done({ id: "1" }))
    .when(Place({ id: "1" }))
    .thenNothing();
});

test("testing – what does not hold is told with the history, the message and the difference", async () => {
  const told = (expected: RegExp) => (error: unknown) =>
    error instanceof AssertionError && expected.test(error.message);
  const placing = given(order, Placed({ id: "1" })).when(Place({ id: "1" }));
  assert.throws(
    () => placing.then(Placed({ id: "1" })),
    told(/^order: given sales\.Placed, when sales\.Place: [^]*type: 'sales\.Placed'/),
  );
  assert.throws(() => placing.state({ placed: 2 }), told(/its state: [^]*placed: 2/));
  assert.throws(() => placing.throws(Error), told(/does not throw, but decides nothing/));
  const odd = given(order).when(Place({ id: "1", note: "odd" }));
  assert.throws(
    () => odd.thenNothing(),
    told(/given nothing, when sales\.Place: it throws Unrecoverable: An odd order/),
  );
  assert.throws(() => odd.throws(/even/), told(/it throws Unrecoverable/));
  await assert.rejects(Promise.resolve(placing as never), /Do not await it/);
  assert.throws(() => given(order).when(Remind({ id: "1" })), /order takes no sales\.Remind/);
});
