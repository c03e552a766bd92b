import assert from "node:assert/strict";
import { test } from "node:test";
import { record, SimulatedGroup } from "./simulated-group.ts";

test("group – a consumer never holds more than its slots; each settlement lets the next message come", () => {
  const world = new SimulatedGroup();
  const one = world.join(2);
  world.read(5);
  assert.deepEqual(one.revisions, ["0", "1"]);
  world.ack(1);
  assert.deepEqual(one.revisions, ["0", "1", "2"]);
  assert.equal(one.consumer.inFlight, 2);
});

test("group – an ack of an unknown id, or a second one, changes nothing", () => {
  const world = new SimulatedGroup();
  const one = world.join(1);
  world.read(2);
  world.ack(0);
  world.ack(0, 99);
  assert.deepEqual(one.revisions, ["0", "1"]);
  assert.equal(world.group.inFlight, 1);
});

test("group – any consumer may ack for another, whose slot is then free", () => {
  const world = new SimulatedGroup();
  const [one, other] = [world.join(1), world.join(1)];
  world.read(3);
  world.ack(0);
  assert.deepEqual([one.revisions, other.revisions], [["0", "2"], ["1"]]);
});

test("group – messages nacked for retry in any order come again in theirs, before anything newer", () => {
  const world = new SimulatedGroup();
  const one = world.join(3);
  world.read(5);
  world.nack("retry", 2, 0, 1);
  assert.deepEqual(one.revisions.slice(3), ["0 retry 1", "1 retry 1", "2 retry 1"]);
});

test("group – an unknown nack is a retry; skip and stop are done with", () => {
  const world = new SimulatedGroup();
  const one = world.join(3);
  world.read(3);
  world.nack("unknown", 0);
  world.nack("skip", 1);
  world.nack("stop", 2);
  assert.deepEqual(one.revisions.slice(3), ["0 retry 1"]);
  assert.equal(world.group.inFlight, 1);
});

test("group – a message is parked with the reason when its retries are used up", () => {
  const world = new SimulatedGroup({ maxRetryCount: 2 });
  const one = world.join(1);
  world.read(1);
  for (let i = 0; i < 3; i++) world.nack("retry", 0);
  assert.deepEqual(one.revisions, ["0", "0 retry 1", "0 retry 2"]);
  assert.deepEqual(
    world.parking.map(({ reason }) => reason),
    ["Reached retry count of 2"],
  );
});

test("group – a message being parked stays in flight until its link is stored", () => {
  const world = new SimulatedGroup({ maxCheckpointCount: 1 });
  const one = world.join(1);
  world.read(2);
  world.nack("park", 0);
  assert.equal(world.group.inFlight, 1);
  assert.deepEqual(one.revisions, ["0"]);
  assert.deepEqual(world.checkpoints, []);
  world.parkingEnds(true);
  assert.deepEqual(one.revisions, ["0", "1"]);
  assert.deepEqual(world.checkpoints, [0]);
});

test("group – while a message is being parked neither an ack, a time-out nor a leaving consumer touches it", () => {
  const world = new SimulatedGroup({ messageTimeout: 10 });
  const one = world.join(1);
  world.read(1);
  world.nack("park", 0);
  world.ack(0);
  world.pass(1000);
  world.leave(one);
  const other = world.join(1);
  assert.deepEqual(other.revisions, []);
  world.parkingEnds(true);
  assert.deepEqual([other.revisions, world.group.inFlight], [[], 0]);
});

test("group – a message that could not be parked comes again, its count as it was", () => {
  const world = new SimulatedGroup();
  const one = world.join(1);
  world.read(1);
  world.nack("park", 0);
  world.parkingEnds(false);
  assert.deepEqual(one.revisions, ["0", "0"]);
});

test("group – a message not settled in time comes again, a late ack of its first delivery settles it", () => {
  const world = new SimulatedGroup({ messageTimeout: 1500 });
  const one = world.join(1);
  world.read(1);
  world.pass(1000);
  assert.deepEqual(one.revisions, ["0"]);
  world.pass(1000);
  assert.deepEqual(one.revisions, ["0", "0 retry 1"]);
  world.ack(0);
  assert.equal(world.group.inFlight, 0);
});

test("group – with a time-out of 0 a message is due at the next look", () => {
  const world = new SimulatedGroup({ messageTimeout: 0 });
  const one = world.join(1);
  world.read(1);
  world.pass(1);
  assert.deepEqual(one.revisions, ["0", "0 retry 1"]);
});

test("group – what a consumer had comes again when it leaves, however small the retry limit is", () => {
  const world = new SimulatedGroup({ maxRetryCount: 0 });
  const one = world.join(2);
  world.read(2);
  world.leave(one);
  const other = world.join(2);
  assert.deepEqual(other.revisions, ["0 retry 1", "1 retry 1"]);
  assert.deepEqual(world.parking, []);
});

test("group – a full connection gets nothing until it has drained", () => {
  const world = new SimulatedGroup();
  const one = world.join(5);
  one.takes = false;
  world.read(3);
  assert.deepEqual(one.revisions, ["0"]);
  world.group.drained(one.consumer);
  world.pump();
  assert.deepEqual(one.revisions, ["0", "1"]);
});

test("group – replayed messages come behind all retries, their count from 0, and count for no checkpoint", () => {
  const world = new SimulatedGroup({ maxCheckpointCount: 1 });
  world.read(2);
  const one = world.join(2);
  for (const revision of [100, 101]) {
    const entry = record(revision);
    world.group.replay({ event: undefined, link: entry }, entry);
  }
  world.nack("retry", 0);
  assert.deepEqual(one.revisions, ["0", "1", "0 retry 1"]);
  world.ack(0, 1);
  assert.deepEqual(one.revisions.slice(3), ["100", "101"]);
  assert.deepEqual(world.checkpoints, [1]);
  world.ack(100, 101);
  assert.deepEqual([world.checkpoints, world.group.inFlight], [[1], 0]);
});

test("group – a second event with an id in flight waits until the first is settled", () => {
  const world = new SimulatedGroup({ maxCheckpointCount: 1 });
  const one = world.join(3);
  world.read(2, (revision) => record(revision, { id: "id-0" }));
  world.read(1, record);
  assert.deepEqual(one.revisions, ["0", "2"]);
  world.ack(2);
  assert.deepEqual(world.checkpoints, []);
  world.ack(0);
  assert.deepEqual(one.revisions, ["0", "2", "1"]);
  assert.deepEqual(world.checkpoints, [0]);
  world.ack(0);
  assert.deepEqual(world.checkpoints, [0, 2]);
});

test("group – messages waiting, in flight and due again are counted, and what room they leave", () => {
  const world = new SimulatedGroup({ historyBufferSize: 10 });
  world.read(5);
  const one = world.join(2);
  assert.deepEqual([world.group.buffered, world.group.inFlight, world.group.room], [3, 2, 7]);
  world.leave(one);
  assert.deepEqual([world.group.buffered, world.group.retrying, world.group.inFlight, world.group.room], [3, 2, 0, 5]);
});

test("group – measurements of a consumer are taken where statistics are asked for", () => {
  const world = new SimulatedGroup({ extraStatistics: true });
  const one = world.join(2);
  world.read(2);
  assert.deepEqual(one.consumer.measurements.summary(), []);
  world.now = 40;
  world.ack(0);
  const keys = one.consumer.measurements.summary().map(({ key, value }) => `${key} ${value}`);
  assert.deepEqual(keys.slice(0, 4), ["Mean 40", "Median 40", "Fastest 40", "Quintile 1 40"]);
  assert.equal(keys.length, 14);
});
