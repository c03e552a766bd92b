import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { linkTo, type SimulatedConsumer, SimulatedGroup } from "./simulated-group.ts";

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
  world.passOver(6);
  assert.deepEqual(world.checkpoints, [3, 6]);
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

test("checkpoints – one that waited while others were passed over takes them back to its true place", () => {
  const world = new SimulatedGroup(AT_ONCE);
  world.passOver(1);
  world.read(2);
  world.passOver(2);
  assert.deepEqual(world.checkpoints, [0, 3, 4]);
  world.join(1);
  world.ack(1);
  assert.deepEqual(world.checkpoints, [0, 3, 4, 1]);
  world.passOver(1);
  assert.deepEqual(world.checkpoints, [0, 3, 4, 1], "the next one is out: it holds them back");
  world.ack(2);
  assert.deepEqual(world.checkpoints, [0, 3, 4, 1, 5]);
});

test("checkpoints – none that is written passes what was handed out and is not settled", () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant("read" as const), count: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ do: fc.constant("pass over" as const), count: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ do: fc.constant("join" as const), count: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ do: fc.constant("ack" as const), count: fc.nat({ max: 9 }) }),
    fc.record({ do: fc.constant("leave" as const), count: fc.nat({ max: 3 }) }),
  );
  const strategy = fc.constantFrom("RoundRobin" as const, "Pinned" as const);
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), strategy, (steps, consumerStrategy) => {
      const world = new SimulatedGroup({ ...AT_ONCE, consumerStrategy });
      const consumers: SimulatedConsumer[] = [];
      const settled = new Set<number>();
      const out = () =>
        new Set(consumers.flatMap(({ got }) => got.map(({ revision }) => revision)).filter((n) => !settled.has(n)));
      const everOut = new Set<number>();
      for (const { do: what, count } of steps) {
        const written = world.checkpoints.length;
        for (const revision of out()) everOut.add(revision);
        if (what === "read") world.read(count, (revision) => ({ ...linkTo(`key-${revision % 3}`, revision) }));
        if (what === "pass over") world.passOver(count);
        if (what === "join") consumers.push(world.join(count));
        if (what === "leave" && consumers.length > count) world.leave(consumers.splice(count, 1)[0]!);
        if (what === "ack") {
          const revision = [...out()][count];
          if (revision === undefined) continue;
          settled.add(revision);
          everOut.delete(revision);
          world.ack(revision);
        }
        const highest = Math.max(-1, ...world.checkpoints.slice(written));
        for (const revision of everOut) assert.ok(revision > highest, `${highest} passes ${revision}`);
      }
    }),
    { numRuns: 300 },
  );
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
