import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Agenda } from "../../src/schedule/agenda.ts";
import { Heap } from "../../src/schedule/heap.ts";
import { beginOf, minuteOf } from "../../src/topology/minute.ts";

const NOW = Date.UTC(2026, 0, 1, 12, 0, 30);
const entry = (n: number, due: number) => ({
  kind: "message" as const,
  id: String(n),
  minute: minuteOf(due),
  due,
  place: `${n}@s`,
  target: "deferred" as const,
  stored: NOW,
});
const agenda = () => {
  const before = minuteOf(NOW) - 1;
  return new Agenda({ finished: before, latest: before, heard: -1n, sources: new Set() });
};

test("time – what waits for a later minute is not held, only its last minute: a million cost no memory each", () => {
  const subject = agenda();
  assert.equal(subject.nextWake(), undefined);
  for (let n = 0; n < 100_000; n += 1) {
    const due = NOW + 60_000 + n;
    subject.hear(BigInt(n), minuteOf(due), ".sales.routed", entry(n, due));
  }
  // Had it kept them they would be due now.
  assert.deepEqual(subject.due(NOW + 86_400_000), []);
  const { latest, heard, sources } = subject.progress;
  assert.deepEqual([latest, heard, [...sources]], [minuteOf(NOW + 159_999), 99_999n, [".sales.routed"]]);
  assert.ok(subject.nextWake()! < beginOf(minuteOf(NOW) + 1));
});

test("time – of the minutes at hand all is due in its order, once it is read, and no minute is finished before all of it is linked", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 200_000 })), fc.nat(300_000), (delays, passed) => {
      const subject = agenda();
      const entries = delays.map((delay, n) => entry(n, NOW + delay));
      for (const [n, each] of entries.entries()) subject.hear(BigInt(n), each.minute, "", undefined);
      const now = NOW + passed;
      for (let minute = subject.openNext(now); minute !== undefined; minute = subject.openNext(now)) {
        for (const each of entries) if (each.minute === minute) subject.add(each);
      }
      const due = entries.filter((each) => each.due <= now).toSorted((a, b) => a.due - b.due);
      assert.deepEqual(
        subject.due(now).map((each) => each.due),
        due.map((each) => each.due),
      );
      subject.close(now);
      const [first] = due;
      if (first !== undefined) assert.ok(subject.progress.finished < first.minute);
      for (const each of due) subject.done(each);
      assert.deepEqual(subject.due(now), []);
      subject.close(now);
      assert.ok(subject.progress.finished <= minuteOf(now));
      const wake = subject.nextWake();
      const waiting = entries.filter((each) => each.due > now).map((each) => each.due);
      if (waiting.length > 0) assert.ok(wake! > now && wake! <= Math.min(...waiting));
    }),
  );
});

test("heap – gives the smallest first, whatever the order of pushes and pops", () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer(), { freq: 3 })), (steps) => {
      const heap = new Heap<number>((a, b) => a - b);
      let sorted: number[] = [];
      for (const step of steps) {
        if (step === null) {
          assert.equal(heap.pop(), sorted[0]);
          sorted = sorted.slice(1);
        } else {
          heap.push(step);
          sorted = [...sorted, step].toSorted((a, b) => a - b);
        }
        assert.equal(heap.peek(), sorted[0]);
      }
    }),
  );
});
