import assert from "node:assert/strict";
import { test } from "node:test";
import {
  aggregate,
  type AggregateBuilder,
  command,
  event,
  InvalidInitialState,
  processManager,
} from "../../src/index.ts";
import type { StandardSchema } from "../../src/index.ts";
import { messageContextOf } from "../../src/messages/headers.ts";

const Charge = command("billing.Charge", { to: "billing" })<{ id: string; amount: number }>();
const Charged = event("billing.Charged")<{ id: string; amount: number }>();
const context = messageContextOf("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "", { version: 1 });

test("aggregate – an initial value is a frozen copy that no instance can change for another; a function makes a new one", () => {
  const given = { list: [] as number[] };
  const build = (a: AggregateBuilder<{ list: number[] }>) =>
    a.evolve(Charged, (state, { amount }) => (state.list.push(amount), state));
  const valued = aggregate("valued", given, build);
  const charged = Charged({ id: "1", amount: 5 });
  assert.throws(() => valued.evolve(valued.initial, charged), TypeError, "an evolve that is not pure fails loudly");
  given.list.push(1);
  assert.deepEqual(valued.initial, { list: [] });
  const made = aggregate("made", () => ({ list: [] as number[] }), build);
  assert.deepEqual(made.evolve(made.initial, charged), { list: [5] });
  assert.deepEqual(made.initial, { list: [] });
});

test("aggregate – an initial value that would be shared is refused", () => {
  for (const initial of [new Map(), { at: new Date() }, { f: () => {} }, [new URL("x:y")]])
    assert.throws(() => aggregate<unknown>("shared", initial, () => {}), InvalidInitialState);
  assert.throws(() => aggregate("few", 0, { snapshot: 0 }, () => {}), RangeError);
  aggregate(
    "map",
    () => new Map(),
    () => {},
  );
});

test("aggregate – 54. old events are upcast, over several steps, into one event, several or none", () => {
  const V1 = event("order.PlacedV1")<{ name: string }>();
  const V2 = event("order.PlacedV2")<{ first: string; last: string }>();
  const Placed = event("order.Placed")<{ buyer: string; version?: number }>();
  const Noted = event("order.Noted")<{ text: string }>();
  const Dropped = event("order.Dropped")<object>();
  const order = aggregate("order", [] as readonly string[], (a) => {
    a.upcast(V1, ({ name }) => V2({ first: name.split(" ")[0] ?? "", last: name.split(" ")[1] ?? "" }));
    a.upcast(V2, ({ first, last }) => [Placed({ buyer: `${last}, ${first}`, version: 2 }), Noted({ text: "was old" })]);
    a.upcast(Placed, (body, { headers }) => Placed({ version: Number(headers["version"]), ...body }));
    a.upcast(Dropped, () => []);
    a.evolve(Placed, (state, { buyer, version }) => [...state, `${buyer} ${version}`]);
    a.evolve(Noted, (state, { text }) => [...state, text]);
  });
  const upcast = (message: Parameters<typeof order.upcast>[0]) =>
    order.upcast(message, context).reduce((state, now) => order.evolve(state, now), order.initial);
  assert.deepEqual(upcast(V1({ name: "Ada Lovelace" })), ["Lovelace, Ada 2", "was old"]);
  assert.deepEqual(upcast(Placed({ buyer: "Ada" })), ["Ada 1"], "an older form of the same type");
  assert.deepEqual(upcast(Dropped({})), []);
  assert.ok(order.folds(V1.type) && order.folds(Placed.type) && !order.folds("other"));
});

test("aggregate – an event is folded as its schema gives it; an asynchronous schema is refused", () => {
  const schema = (
    validate: StandardSchema<{ at: string }, { at: Date }>["~standard"]["validate"],
  ): StandardSchema<{ at: string }, { at: Date }> => ({ "~standard": { version: 1, vendor: "test", validate } });
  const dated = (value: unknown) => ({ value: { at: new Date((value as { at: string }).at) } });
  const Sync = event("x.Sync")(schema(dated));
  const Async = event("x.Async")(schema(async (value) => dated(value)));
  const x = aggregate("x", 0, (a) => {
    a.evolve(Sync, (_, { at }) => at.getTime());
    a.evolve(Async, (_, { at }) => at.getTime());
  });
  assert.equal(x.evolve(0, Sync({ at: "1970-01-01T00:00:01Z" })), 1_000);
  assert.throws(() => x.evolve(0, Async({ at: "1970-01-01T00:00:01Z" })), /synchronous/);
});

test("aggregate – the fold's version changes with its functions and with the version that its author gives", () => {
  const version = (snapshot: number | { every: number; version?: number }, factor: 1 | 2) =>
    aggregate("a", 0, { snapshot }, (a) =>
      a.evolve(Charged, factor === 1 ? (sum, { amount }) => sum + amount : (sum, { amount }) => sum + 2 * amount),
    ).foldVersion;
  assert.equal(version(5, 1), version({ every: 7 }, 1));
  assert.equal(new Set([version(5, 1), version(5, 2), version({ every: 5, version: 2 }, 1)]).size, 3);
});

test("process manager – a message that starts an instance, one that goes on with it, and a timeout say so", () => {
  const byId = ({ id }: { id: string }) => id;
  const Overdue = command("p.Overdue", { to: "p" })<{ id: string }>();
  const p = processManager("process", 0, (p) => {
    p.startedBy(Charged, byId, () => []);
    p.on(Charge, byId, () => [], { notFound: ({ id }) => Overdue({ id }), completed: "fail" });
    p.timeout(Overdue, byId, () => []);
  });
  assert.deepEqual(
    p.entries.map(({ notFound, completed }) => [typeof notFound === "function" ? "function" : notFound, completed]),
    [
      ["begin", "ignore"],
      ["function", "fail"],
      ["ignore", "ignore"],
    ],
  );
});
