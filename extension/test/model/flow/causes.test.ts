import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { causesOf } from "../../../src/flow/model/causes.ts";
import { anyEvents, made } from "./made-events.ts";

test("causes – any events come out once each, in the order of the log, and no chain ends in itself", () => {
  fc.assert(
    fc.property(anyEvents, (events) => {
      const caused = causesOf(events);
      assert.deepEqual(
        caused.map(({ event }) => event.key),
        events.toSorted((one, other) => Number(one.commit) - Number(other.commit)).map(({ key }) => key),
      );
      const causes = new Map(caused.map(({ event, cause }) => [event.key, cause]));
      for (const key of causes.keys()) {
        let steps = 0;
        for (let at = causes.get(key); at !== undefined; at = causes.get(at)) assert.ok(steps++ < events.length);
      }
    }),
  );
});

test("causes – an event follows from the message it names, and tells how long that took", () => {
  const [, second] = causesOf([made(0, { created: 10 }), made(1, { causationId: "m0", created: 35 })]);
  assert.equal(second?.cause, "0@intermediate.sales");
  assert.deepEqual([second?.way, second?.latency, second?.problems], ["handled", 25, []]);
});

test("causes – what is written twice is told, and the nearest before is taken", () => {
  const twice = { id: "m", messageId: "m" };
  const events = [made(0, twice), made(1, twice), made(2, { causationId: "m" }), made(3, twice)];
  const caused = causesOf(events)[2];
  assert.equal(caused?.cause, "1@intermediate.sales");
  assert.deepEqual(caused?.problems, [
    { kind: "several-causes", keys: ["0@intermediate.sales", "3@intermediate.sales"] },
  ]);
});

test("causes – a message that is missing, a ring and a cause that comes later are told", () => {
  const [lost] = causesOf([made(0, { causationId: "gone" })]);
  assert.deepEqual(lost?.problems, [{ kind: "missing-cause", id: "gone" }]);
  const ring = causesOf([made(0, { causationId: "m1" }), made(1, { causationId: "m0" })]);
  assert.deepEqual(
    ring.map(({ problems }) => problems.map(({ kind }) => kind)),
    [["before-its-cause"], ["cycle"]],
  );
  const [own] = causesOf([made(0, { causationId: "m0" })]);
  assert.deepEqual([own?.cause, own?.problems], [undefined, []]);
});

test("causes – clocks that differ make no negative order", () => {
  const [, later] = causesOf([made(0, { created: 50 }), made(1, { causationId: "m0", created: 20 })]);
  assert.deepEqual([later?.latency, later?.problems], [-30, [{ kind: "clocks-differ" }]]);
});

test("causes – a retry hangs below the message it is a copy of, and what it led to below the retry", () => {
  const original = made(0);
  const copy = made(1, { id: "c1", messageId: "m0", causationId: "before", stream: "in.sales-retries" });
  const outcome = made(2, { causationId: "m0" });
  const [, retried, result] = causesOf([original, copy, outcome]);
  assert.deepEqual([retried?.cause, retried?.way, retried?.problems], [original.key, "copied", []]);
  assert.deepEqual([result?.cause, result?.problems], [copy.key, []]);
});

test("causes – an edited message hangs below the one it was made of", () => {
  const [, edited] = causesOf([made(0), made(1, { editOf: "m0", causationId: "before" })]);
  assert.deepEqual([edited?.cause, edited?.way], ["0@intermediate.sales", "edited"]);
});
