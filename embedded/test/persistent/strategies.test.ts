import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConsumerStrategy } from "../../src/persistent/group-settings.ts";
import { linkTo, record, type SimulatedConsumer, SimulatedGroup } from "./simulated-group.ts";

const group = (consumerStrategy: ConsumerStrategy): SimulatedGroup => new SimulatedGroup({ consumerStrategy });
const revisions = (...consumers: readonly SimulatedConsumer[]): string[][] => consumers.map((one) => one.revisions);
const links = (...streams: readonly string[]) => {
  let next = 0;
  return (revision: number) => linkTo(streams[next++]!, revision);
};

test("round robin – takes consumers in turn, whether or not they settle", () => {
  const world = group("RoundRobin");
  const [one, other] = [world.join(10), world.join(10)];
  world.read(5);
  world.ack(0, 2, 4);
  world.read(3);
  assert.deepEqual(revisions(one, other), [
    ["0", "2", "4", "6"],
    ["1", "3", "5", "7"],
  ]);
});

test("round robin – passes over a consumer that is full", () => {
  const world = group("RoundRobin");
  const [one, other] = [world.join(1), world.join(3)];
  world.read(6);
  assert.deepEqual(revisions(one, other), [["0"], ["1", "2", "3"]]);
  world.ack(0);
  world.ack(3);
  assert.deepEqual(revisions(one, other), [
    ["0", "4"],
    ["1", "2", "3", "5"],
  ]);
});

test("dispatch to single – fills one consumer, then the next, which then stays first", () => {
  const world = group("DispatchToSingle");
  const [one, other] = [world.join(2), world.join(3)];
  world.read(3);
  assert.deepEqual(revisions(one, other), [["0", "1"], ["2"]]);
  world.ack(0, 1);
  world.read(3);
  assert.deepEqual(revisions(one, other), [
    ["0", "1", "5"],
    ["2", "3", "4"],
  ]);
});

test("pinned – a key's messages go to one consumer, new keys to the one with the fewest", () => {
  const world = group("Pinned");
  const [one, other] = [world.join(10), world.join(10)];
  world.read(8, links("red", "red", "green", "blue", "green", "white", "red", "blue"));
  assert.deepEqual(revisions(one, other), [
    ["0", "1", "3", "6", "7"],
    ["2", "4", "5"],
  ]);
});

test("pinned – a full consumer holds back its own keys only, and gets them in order when it has room", () => {
  const world = group("Pinned");
  const [one, other] = [world.join(2), world.join(2)];
  world.read(6, links("sun", "sun", "sun", "moon", "sun", "moon"));
  assert.deepEqual(revisions(one, other), [
    ["0", "1"],
    ["3", "5"],
  ]);
  world.ack(0, 1);
  assert.deepEqual(revisions(one, other), [
    ["0", "1", "2", "4"],
    ["3", "5"],
  ]);
});

test("pinned – keys of a consumer that leaves move to the others; one that joins takes its share of them", () => {
  const world = group("Pinned");
  const [one, other] = [world.join(20), world.join(20)];
  const keys = ["ada", "bob", "cay", "dan"];
  world.read(4, links(...keys));
  assert.deepEqual(revisions(one, other), [
    ["0", "2"],
    ["1", "3"],
  ]);
  world.ack(0);
  world.leave(one);
  assert.deepEqual(other.revisions, ["1", "3", "2 retry 1"]);
  world.read(4, links(...keys));
  assert.equal(other.got.length, 7);
  const third = world.join(20);
  world.read(4, links(...keys));
  assert.deepEqual([other.got.length, third.got.length], [9, 2]);
  const before = third.revisions.map((revision) => Number(revision) % 4);
  world.read(4, links(...keys));
  assert.deepEqual(
    third.revisions.slice(2).map((revision) => Number(revision) % 4),
    before,
  );
});

test("pinned – what waited with nobody there comes in order to the first who joins", () => {
  const world = group("Pinned");
  world.read(4, links("a", "b", "a", "c"));
  const one = world.join(2);
  assert.deepEqual(one.revisions, ["0", "1"]);
  const other = world.join(2);
  world.ack(0, 1);
  assert.deepEqual([...one.revisions.slice(2), ...other.revisions].toSorted(), ["2", "3"]);
});

test("pinned – what waited for a consumer that leaves comes to the other in the order it was read", () => {
  const world = group("Pinned");
  const [one, other] = [world.join(1), world.join(1)];
  world.read(8, links("red", "green", "red", "green", "green", "red", "green", "red"));
  world.leave(one);
  for (const revision of [1, 0, 2, 3, 4, 5, 6, 7]) world.ack(revision);
  assert.deepEqual(other.revisions, ["1", "0 retry 1", "2", "3", "4", "5", "6", "7"]);
});

test("pinned by correlation – one correlation id, one consumer, whatever the stream; without one the stream counts", () => {
  const world = group("PinnedByCorrelation");
  const [one, other] = [world.join(10), world.join(10)];
  const ids = ["x", "y", "x", undefined, "y", undefined];
  world.read(6, (revision) => {
    const id = ids[revision];
    const metadata = id === undefined ? "no json" : JSON.stringify({ $correlationId: id });
    return record(revision, { stream: `s-${id ?? "none"}`, metadata: Buffer.from(metadata) });
  });
  assert.deepEqual(revisions(one, other), [
    ["0", "2", "3", "5"],
    ["1", "4"],
  ]);
});
