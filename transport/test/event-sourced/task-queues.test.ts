import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { test } from "node:test";
import fc from "fast-check";
import { TaskQueues } from "../../src/event-sourced/task-queues.ts";

interface Task {
  readonly key: string;
  readonly n: number;
  readonly turns: number;
}

test("instances – one round of a line at a time, its tasks in their order; lines side by side", async () => {
  const given = fc.record({ key: fc.constantFrom("a", "b"), turns: fc.nat(3), later: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(given, { maxLength: 15 }), fc.integer({ min: 1, max: 4 }), async (tasks, together) => {
      const running = new Set<string>();
      const done: Task[] = [];
      const all = Promise.withResolvers<void>();
      const queues = new TaskQueues<Task>(async (waiting) => {
        const round = waiting.splice(0, together);
        const [{ key, turns }] = round as [Task, ...Task[]];
        assert.ok(!running.has(key), "no two rounds of a line at once");
        running.add(key);
        for (let i = 0; i < turns; i += 1) await turn();
        running.delete(key);
        done.push(...round);
        if (done.length === tasks.length) all.resolve();
      });
      for (const [n, { later, ...task }] of tasks.entries()) {
        if (later) await turn();
        queues.add(task.key, { ...task, n });
      }
      if (tasks.length > 0) await all.promise;
      for (const key of ["a", "b"]) {
        const order = done.filter((task) => task.key === key).map(({ n }) => n);
        assert.deepEqual(
          order,
          order.toSorted((x, y) => x - y),
        );
      }
    }),
  );
  const blocked = Promise.withResolvers<void>();
  const through = Promise.withResolvers<void>();
  const queues = new TaskQueues<string>(async (waiting) => {
    if (waiting.shift() === "blocked") await blocked.promise;
    else through.resolve();
  });
  queues.add("a", "blocked");
  queues.add("b", "other");
  await through.promise;
  blocked.resolve();
});
