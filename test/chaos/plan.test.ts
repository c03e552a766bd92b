import assert from "node:assert/strict";
import { test } from "node:test";
import { type FaultKind, planOf, type PlanSettings } from "./plan.ts";

const SETTINGS: PlanSettings = {
  seed: 7,
  orders: 61,
  rounds: 4,
  faultsInRound: 4,
  instances: 2,
  nodes: 3,
  answers: 6,
  freezeFor: 3_000,
};

const kindsOf = (settings: PlanSettings): readonly FaultKind[] =>
  planOf(settings).flatMap(({ faults }) => faults.map(({ fault }) => fault.kind));

test("chaos – a seed gives the same plan each time, and another seed another one", () => {
  assert.deepEqual(planOf(SETTINGS), planOf(SETTINGS));
  assert.notDeepEqual(planOf(SETTINGS), planOf({ ...SETTINGS, seed: 8 }));
});

test("chaos – each kind of fault comes in a short run", () => {
  assert.equal(new Set(kindsOf(SETTINGS)).size, 14);
});

test("chaos – every order is in one round", () => {
  assert.equal(
    planOf(SETTINGS).reduce((sum, { orders }) => sum + orders, 0),
    61,
  );
});
