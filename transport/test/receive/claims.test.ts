import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Claims, type Note } from "../../src/receive/claims.ts";

const TIME = 1_000;

test("dedupe – 66. of the instances that have copies of one message, one may handle it, however late each reads the notes of the others", () => {
  // Each step lets an instance append its claim, or read one note more.
  const step = fc.record({ instance: fc.nat(2), reads: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const log: Note[] = [];
      const instances = [0, 1, 2].map((n) => ({ claims: new Claims(`${n}`, TIME), read: 0, at: -1 }));
      const verdicts = new Map<number, boolean>();
      const decide = (n: number): void => {
        const { claims, read, at } = instances[n]!;
        if (at >= 0 && read > at && !verdicts.has(n)) verdicts.set(n, !claims.isTaken("id", `link ${n}`, 0));
      };
      const readOne = (n: number): void => {
        const reader = instances[n]!;
        const note = log[reader.read];
        if (note === undefined) return;
        reader.claims.take(note, 0);
        reader.read += 1;
        decide(n);
      };
      for (const { instance, reads } of steps) {
        const one = instances[instance]!;
        if (reads) readOne(instance);
        else if (one.at < 0) {
          one.at = log.length;
          log.push({ instance: `${instance}`, begun: [["id", `link ${instance}`]] });
        }
      }
      for (const n of [0, 1, 2]) for (let left = log.length; left > 0; left -= 1) readOne(n);
      const allowed = [...verdicts].filter(([, may]) => may).map(([n]) => n);
      if (log.length > 0) assert.deepEqual(allowed, [Number(log[0]!.instance)], "the first alone");
    }),
  );
});

test("dedupe – a claim is void when it is released, its time is over, its instance has left, or its message came here instead", () => {
  const claims = new Claims("own", TIME);
  const begin = (instance: string): void => claims.take({ instance, begun: [["id", `link of ${instance}`]] }, 0);
  begin("other");
  assert.equal(claims.isTaken("id", "link of own", 0), true);
  assert.equal(claims.isTaken("id", "link of other", 0), false, "the server has taken it from the other");
  assert.equal(claims.isTakenOver("id", "link of other", 0), true, "which may be about to tell that it has handled it");
  assert.equal(claims.isTakenOver("id", "link of own", 0), false);
  assert.equal(claims.isTakenOver("id", "link of other", TIME), false);
  assert.equal(claims.isTaken("id", "link of own", TIME), false);
  claims.take({ instance: "other", released: ["id"] }, 0);
  assert.equal(claims.isTakenOver("id", "link of other", 0), false);
  assert.equal(claims.isTaken("id", "link of own", 0), false);
  begin("other");
  claims.take({ instance: "other", state: "left" }, 0);
  assert.equal(claims.isTaken("id", "link of own", 0), false);
  assert.equal(claims.hasOthers, false);
});

test("dedupe – what the server has taken from one instance and given to another is in the hand of that one alone", () => {
  const claims = new Claims("own", TIME);
  claims.take({ instance: "killed", begun: [["id", "link"]] }, 0);
  claims.take({ instance: "other", begun: [["id", "link"]] }, 0);
  assert.equal(claims.isTaken("id", "link of own", 0), true);
  assert.equal(claims.isTakenOver("id", "link", 0), true, "the first may be about to tell that it has handled it");
  claims.take({ instance: "other", released: ["id"] }, 0);
  assert.equal(claims.isTaken("id", "link of own", 0), false);
});

test("dedupe – an instance that says nothing for long is not waited for any more", () => {
  const claims = new Claims("own", TIME);
  claims.take({ instance: "other", state: "joined" }, 0);
  for (let n = 0; n < 2_000; n += 1) claims.handled(0);
  assert.equal(claims.hasOthers, false);
});

test("dedupe – an instance that has a message in hand is there, however long it says nothing, until that is taken from it", () => {
  const claims = new Claims("own", TIME);
  claims.take({ instance: "other", begun: [["id", "link of other"]] }, 0);
  for (let n = 0; n < 2_000; n += 1) claims.handled(TIME - 1);
  assert.equal(claims.hasOthers, true);
  assert.equal(claims.isTaken("id", "link of own", TIME - 1), true);
  for (let n = 0; n < 1_000; n += 1) claims.handled(TIME);
  assert.equal(claims.hasOthers, false);
});
