import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyOverview, overview } from "../src/overview.ts";
import { progressText } from "../src/show.ts";
import { line, snapshotOf, table } from "../src/summary.ts";

/** The view after these events, each as [type, body, second it was sent at]. */
function folded(...events: readonly (readonly [type: string, body: object, second: number])[]) {
  const state = emptyOverview();
  for (const [type, body, second] of events) {
    const facts = { messageId: "", type, correlationId: "", headers: {}, sentAt: new Date(second * 1000) };
    overview.folds.find(({ on }) => on.type === type)?.fold(state, body, facts);
  }
  return state;
}

const one = { orderId: "hamburg.1" };
const course = [
  ["ordering.OrderPlaced", one, 10],
  ["matching.OrderMatched", one, 11],
  ["fulfillment.OrderShipped", one, 12],
  ["fees.FeeCharged", { ...one, fee: 1000 }, 12],
  ["accounting.AccountDebited", { ...one, account: "buyers:Ada", amount: 500_000 }, 13],
  ["accounting.AccountCredited", { ...one, account: "suppliers:Otago", amount: 499_000 }, 13],
  ["accounting.AccountCredited", { ...one, account: "income:fees", amount: 1000 }, 13],
  ["accounting.PurchaseBooked", one, 13],
  ["settlement.PurchaseCompleted", one, 14],
] as const;

test("overview – holds each order's steps with their moments, totals and balances", () => {
  const { orders, totals, balances, durations } = folded(...course, ["ordering.OrderPlaced", { orderId: "x" }, 20]);
  assert.deepEqual(orders.get("hamburg.1")?.fulfilled, new Date(12_000));
  assert.deepEqual(orders.get("x"), { placed: new Date(20_000) });
  assert.deepEqual(totals, { placed: 2, matched: 1, fulfilled: 1, charged: 1, booked: 1, completed: 1 });
  assert.deepEqual(
    [...balances.values()].reduce((sum, balance) => sum + balance),
    0,
  );
  assert.deepEqual(durations, [4000]);
});

test("overview – tells of one order", () => {
  const { orders } = folded(...course.slice(0, 2));
  assert.match(
    progressText("hamburg.1", orders.get("hamburg.1")!),
    /^Order hamburg\.1\n  placed +1970-01-01T00:00:10\.000Z\n  matched +1970-01-01T00:00:11\.000Z\n  fulfilled +not yet\n/,
  );
});

test("overview – a step that shows twice counts once", () => {
  const { totals, durations } = folded(...course, ["settlement.PurchaseCompleted", one, 30]);
  assert.equal(totals.completed, 1);
  assert.deepEqual(durations, [4000]);
});

test("summary – shows what came in the time between, the lag, and what is parked", () => {
  const before = snapshotOf(0, emptyOverview(), undefined);
  const queues = [
    { component: "fees", inHand: 0, parked: 2 },
    { component: "matching", inHand: 3, parked: 0 },
  ];
  const now = snapshotOf(2000, folded(...course, ["ordering.OrderPlaced", { orderId: "x" }, 20]), queues);
  const text = table(now, before);
  assert.match(text, /^placed +2 +1\.0$/m);
  assert.match(text, /^completed +1 +0\.5$/m);
  assert.match(text, /^lag: +1 under way, 4000 ms from placed to completed$/m);
  assert.match(text, /^in hand: +matching 3$/m);
  assert.match(text, /^parked: +fees 2$/m);
  assert.match(text, /^booked: +€ 5,000, of which € 10 fees$/m);
  assert.match(line(now, before), /^placed 2, .*completed 1, 0\.5 a second; .*fees 2; /);
  assert.doesNotMatch(line(now, before), /\n| {2}/);
  assert.match(line(now, undefined), /completed 1; lag: /);
});

test("overview – an order that cannot be shipped ends, too, and is counted apart", () => {
  const cancelled = ["settlement.PurchaseCancelled", { ...one, reason: "No truck." }, 14] as const;
  const state = folded(...course.slice(0, 2), cancelled, cancelled);
  assert.deepEqual([state.totals.completed, state.cancelled], [1, 1]);
  assert.match(
    progressText("hamburg.1", state.orders.get("hamburg.1")!),
    /\n  completed +1970-.*\n  canceled:  No truck\.$/,
  );
});

test("summary – an amount that is nothing has no sign", () => {
  const text = line(snapshotOf(0, emptyOverview(), []), undefined);
  assert.match(text, /booked: +€ 0, of which € 0 fees/);
  const state = folded(["accounting.AccountDebited", { ...one, account: "income:fees", amount: 10 }, 1]);
  assert.match(line(snapshotOf(0, state, []), undefined), /of which € 0 fees/);
});

test("summary – says when the server does not answer", () => {
  assert.match(table(snapshotOf(0, emptyOverview(), undefined), undefined), /parked: +the server does not answer/);
});
