import assert from "node:assert/strict";
import { test } from "node:test";
import { linkTo, SimulatedGroup } from "./simulated-group.ts";

const AT_ONCE = { minCheckpointCount: 1, maxCheckpointCount: 1 };

test("checkpoints – one is written as soon as the upper bound is done with, not before", () => {
  const world = new SimulatedGroup({ minCheckpointCount: 3, maxCheckpointCount: 3 });
  world.join(10);
  world.read(8);
  world.ack(0, 1);
  assert.deepEqual(world.checkpoints, []);
  world.ack(2);
  assert.deepEqual(world.checkpoints, [2]);
  for (const revision of [3, 4, 5, 6, 7]) world.ack(revision);
  assert.deepEqual(world.checkpoints, [2, 5]);
});

test("checkpoints – by time one is written at a look after the interval, with the lower bound done", () => {
  const world = new SimulatedGroup({ checkpointAfter: 2500, minCheckpointCount: 2 });
  world.join(10);
  world.read(3);
  world.ack(0);
  world.pass(3000);
  assert.deepEqual(world.checkpoints, []);
  world.ack(1);
  assert.deepEqual(world.checkpoints, []);
  world.pass(1000);
  assert.deepEqual(world.checkpoints, [1]);
});

test("checkpoints – with an interval of 0 none is written by time", () => {
  const world = new SimulatedGroup({ checkpointAfter: 0, minCheckpointCount: 1 });
  world.join(10);
  world.read(2);
  world.ack(0, 1);
  world.pass(100_000);
  assert.deepEqual(world.checkpoints, []);
});

test("checkpoints – the oldest message that is not done with holds them back, also while it waits for its retry", () => {
  const world = new SimulatedGroup(AT_ONCE);
  const one = world.join(10);
  world.read(4);
  world.ack(1, 2);
  assert.deepEqual(world.checkpoints, []);
  world.ack(0);
  assert.deepEqual(world.checkpoints, [2]);
  world.leave(one);
  world.pass(5000);
  assert.deepEqual(world.checkpoints, [2]);
});

test("checkpoints – bounds of 0 write no checkpoint that is nowhere new", () => {
  const world = new SimulatedGroup({ minCheckpointCount: 0, maxCheckpointCount: 0 });
  world.join(1);
  world.read(2);
  world.ack(9);
  world.pass(5000);
  assert.deepEqual(world.checkpoints, []);
  world.ack(0);
  world.ack(9);
  assert.deepEqual(world.checkpoints, [0]);
});

test("checkpoints – what a filter passes over moves them with nobody connected, even past what was not delivered", () => {
  const world = new SimulatedGroup({ minCheckpointCount: 3, maxCheckpointCount: 3 });
  world.read(1);
  world.passOver(5);
  assert.deepEqual(world.checkpoints, [2, 5]);
});

test("checkpoints – what a filter passes over does not move them past what a consumer holds", () => {
  const world = new SimulatedGroup(AT_ONCE);
  world.join(1);
  world.passOver(2);
  world.read(1);
  world.passOver(5);
  assert.deepEqual(world.checkpoints, [0, 1]);
  world.ack(2);
  assert.deepEqual(world.checkpoints, [0, 1, 7]);
});

test("checkpoints – a message that a full pinned consumer keeps waiting holds them back", () => {
  const world = new SimulatedGroup({ ...AT_ONCE, consumerStrategy: "Pinned" });
  world.join(1);
  world.join(5);
  world.read(3, (revision) => linkTo(revision < 2 ? "red" : "green", revision));
  world.ack(2);
  assert.deepEqual(world.checkpoints, []);
  world.ack(0);
  assert.deepEqual(world.checkpoints, [0]);
  world.ack(1);
  assert.deepEqual(world.checkpoints, [0, 2]);
});
