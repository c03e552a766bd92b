import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CommitPace } from "../../src/log/commit-pace.ts";
import { CommitQueue, type StagedWrites } from "../../src/log/commit-queue.ts";

const write = (): StagedWrites => ({ records: [], bytes: 1, comesBack: true, done: () => {} });

function queueAfter(writes: number): CommitQueue {
  const pace = new CommitPace();
  pace.committed(writes, 0, 1e9);
  return new CommitQueue(pace);
}

describe("the queue of a log", () => {
  test("lets a group go as soon as those are there who are expected", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const queue = queueAfter(3);
    queue.push(write());
    const gathered = queue.gathered();
    queue.push(write());
    queue.push(write());
    await gathered;
    assert.equal(queue.nextGroup().length, 3);
    assert.ok(queue.isEmpty);
  });

  test("expects nobody back who has gone ahead of the disk", async () => {
    const queue = queueAfter(1);
    queue.committed([{ ...write(), comesBack: false }, write(), { ...write(), comesBack: false }], 1e9);
    queue.push(write());
    await queue.gathered();
    assert.equal(queue.nextGroup().length, 1);
  });

  test("lets a group go when its patience is over", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const queue = queueAfter(3);
    queue.push(write());
    const gathered = queue.gathered();
    t.mock.timers.tick(10);
    await gathered;
    assert.equal(queue.nextGroup().length, 1);
  });
});
