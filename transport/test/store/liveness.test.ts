import assert from "node:assert/strict";
import { mock, test, type TestContext } from "node:test";
import { Liveness, type Standing } from "../../src/store/liveness.ts";

/** Connections of one process to one server that never stop waiting for it. */
function connections(t: TestContext, count: number) {
  const timers = mock.timers;
  timers.enable({ apis: ["setInterval", "setTimeout", "Date"] });
  t.after(() => timers.reset());
  const heard = { times: 0 };
  const asked = Array.from({ length: count }, () => 0);
  const lost = Array.from({ length: count }, () => 0);
  let answers: (connection: number) => Standing = () => "leads";
  let slowness = 0;
  const all = asked.map((_, n) => {
    const liveness: Liveness = new Liveness({
      heard,
      isWaited: () => true,
      now: () => Date.now(),
      lost: () => void (lost[n]! += 1),
      async probe(limit) {
        asked[n]! += 1;
        const standing = slowness > limit ? "silent" : answers(n);
        const takes = standing === "silent" ? limit : slowness;
        if (takes > 0) await new Promise((resolve) => setTimeout(resolve, takes));
        if (standing !== "silent") liveness.heard();
        return standing;
      },
    });
    liveness.watch();
    t.after(() => liveness.close());
    return liveness;
  });
  return {
    asked,
    lost,
    all,
    answer: (how: (connection: number) => Standing) => void (answers = how),
    slowDown: (milliseconds: number) => void (slowness = milliseconds),
    async pass(milliseconds: number) {
      for (let passed = 0; passed < milliseconds; passed += 100) {
        timers.tick(100);
        for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
      }
    },
  };
}

test("liveness – while all is quiet, mostly one of the connections asks whether the server is there", async (t) => {
  const { asked, lost, pass } = connections(t, 20);
  await pass(60_000);
  const questions = asked.reduce((sum, count) => sum + count, 0);
  assert.ok(questions >= 24 && questions <= 60_000 / 2_000 + 20 * (60_000 / 10_000), `${questions} in a minute`);
  assert.ok(lost.every((count) => count === 0));
});

test("liveness – 76. a node that is silent on every connection is left within five seconds, on each of them", async (t) => {
  const { answer, lost, pass } = connections(t, 3);
  await pass(10_000);
  answer(() => "silent");
  await pass(5_000);
  assert.deepEqual(lost, [1, 1, 1]);
});

test("liveness – one connection that gets no answer in time beside others that do is asked again, and left if it gets none then", async (t) => {
  const { answer, asked, lost, pass } = connections(t, 3);
  await pass(2_600);
  answer((n) => (n === 1 && asked[1] === 1 ? "silent" : "leads"));
  await pass(30_000);
  assert.deepEqual(lost, [0, 0, 0], "once is no reason");
  answer((n) => (n === 1 ? "silent" : "leads"));
  await pass(18_000);
  const [one, other, third] = lost;
  assert.deepEqual([one, third], [0, 0]);
  assert.ok(other! > 0);
});

test("liveness – a node that says that it leads no more is left at once", async (t) => {
  const { answer, all, lost, pass } = connections(t, 2);
  answer((n) => (n === 0 ? "leads no more" : "leads"));
  all[0]!.suspect();
  await pass(100);
  assert.deepEqual(lost, [1, 0]);
});

for (const isHeard of [true, false]) {
  const between = isHeard ? "says something" : "has said nothing yet";
  test(`liveness – a node that takes seconds to answer is not left again and again, where it ${between} on a new connection`, async (t) => {
    const { all, answer, lost, pass, slowDown } = connections(t, 1);
    slowDown(5_000);
    for (let seconds = 0; seconds < 90; seconds += 1) {
      const before = lost[0];
      await pass(1_000);
      if (isHeard && lost[0] !== before) all[0]!.heard();
    }
    const most = isHeard ? 2 : 6;
    assert.ok(lost[0]! > 0 && lost[0]! <= most, `left ${lost[0]} times`);
    const left = lost[0]!;
    await pass(120_000);
    assert.equal(lost[0], left, "it is known to be slow");

    slowDown(0);
    await pass(20_000);
    answer(() => "silent");
    await pass(5_000);
    assert.equal(lost[0], left + 1, "once it is quick again, its silence is noticed as soon as ever");
  });
}

test("liveness – 76. behind a node that was frozen another one is found, and left as soon when it falls silent, too", async (t) => {
  const { all, answer, lost, pass } = connections(t, 1);
  for (let times = 1; times <= 4; times += 1) {
    answer(() => "silent");
    await pass(5_000);
    assert.equal(lost[0], times);
    answer(() => "leads");
    all[0]!.heard();
    await pass(1_000);
  }
});
