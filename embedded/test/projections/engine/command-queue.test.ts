import assert from "node:assert/strict";
import { test } from "node:test";
import { CommandQueue } from "../../../src/projections/management/command-queue.ts";

const overtaken = () => new Error("overtaken");
const gate = () => Promise.withResolvers<void>();

test("commands – are carried out one after the other", async () => {
  const queue = new CommandQueue(overtaken);
  const log: string[] = [];
  const [first, second] = [gate(), gate()];
  const commands = [first, second].map((one, i) =>
    queue.run(async () => {
      log.push(`begin ${i}`);
      await one.promise;
      log.push(`end ${i}`);
    }),
  );
  second.resolve();
  first.resolve();
  await Promise.all(commands);
  assert.deepEqual(log, ["begin 0", "end 0", "begin 1", "end 1"]);
});

test("commands – one that fails does not keep the next from its turn", async () => {
  const queue = new CommandQueue(overtaken);
  await assert.rejects(
    queue.run(() => Promise.reject(new Error("failed"))),
    { message: "failed" },
  );
  assert.equal(await queue.run(async () => "done"), "done");
});

test("commands – one that waits for ever fails when the next has been let pass", async () => {
  const queue = new CommandQueue(overtaken);
  const stuck = queue.run(async (turn) => {
    turn.letOthersPass();
    await gate().promise;
  });
  assert.equal(await queue.run(async () => "done"), "done");
  await assert.rejects(stuck, { message: "overtaken" });
});

test("commands – one that let others pass and comes to its end first succeeds", async () => {
  const queue = new CommandQueue(overtaken);
  const end = gate();
  const slow = queue.run(async (turn) => {
    turn.letOthersPass();
    await end.promise;
    return "in time";
  });
  end.resolve();
  assert.equal(await slow, "in time");
});

test("commands – an urgent one is carried out instead of all before it", async () => {
  const queue = new CommandQueue(overtaken);
  const end = gate();
  let mayGoOn: boolean | undefined;
  const current = queue.run(async (turn) => {
    await end.promise;
    mayGoOn = !turn.isOver;
    turn.check();
  });
  const waiting = queue.run(async () => assert.fail("it was cut off"));
  const refused = Promise.all([
    assert.rejects(current, { message: "overtaken" }),
    assert.rejects(waiting, { message: "overtaken" }),
  ]);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(await queue.runUrgently(async () => "done"), "done");
  await refused;
  end.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(mayGoOn, false, "what was overtaken notices");
});
