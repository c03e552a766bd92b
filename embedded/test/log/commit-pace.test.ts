import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CommitPace } from "../../src/log/commit-pace.ts";

/** Commits that all took so long, with writes in between that came at such intervals. */
function paceAfter({ writes = 1, waiting = 0, milliseconds = 4, interval = 0.05 }): CommitPace {
  const pace = new CommitPace();
  for (let i = 0; i < 100; i++) pace.came(interval);
  for (let i = 0; i < 100; i++) pace.committed(writes, waiting, milliseconds);
  return pace;
}

const near = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 0.01, `${actual} is not about ${expected}`);

describe("when a group of writes goes to disk", () => {
  test("who writes alone never waits", () => {
    assert.equal(new CommitPace().patience(1), 0);
    assert.equal(paceAfter({}).patience(1), 0);
  });

  test("the first of many who were written together waits for the others, as long as three commits take", () => {
    const pace = paceAfter({ writes: 32, milliseconds: 3.3 });
    near(pace.patience(1), 9.9);
    near(pace.patience(31), 9.9);
    assert.equal(pace.patience(32), 0);
  });

  test("those who waited during the last commit are expected, too", () => {
    assert.equal(paceAfter({ writes: 1, waiting: 31 }).patience(32), 0);
    assert.ok(paceAfter({ writes: 1, waiting: 31 }).patience(31) > 0);
  });

  test("where a commit takes less time than all of them need to come, half of them are enough", () => {
    const pace = paceAfter({ writes: 16, waiting: 16, milliseconds: 2, interval: 0.2 });
    near(pace.patience(15), 6);
    assert.equal(pace.patience(16), 0);
  });

  test("those who did not come to the last commit are not waited for again", () => {
    const pace = paceAfter({ writes: 32 });
    pace.committed(1, 0, 4);
    assert.equal(pace.patience(1), 0);
  });

  test("a slow disk makes nobody wait for long", () => {
    near(paceAfter({ writes: 32, milliseconds: 5000 }).patience(1), 10);
  });
});
