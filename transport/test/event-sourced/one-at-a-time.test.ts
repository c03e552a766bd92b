import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { test } from "node:test";
import fc from "fast-check";
import { OneAtATime } from "../../src/event-sourced/one-at-a-time.ts";

test("instances – tasks of one key run one after the other in order, whatever fails; those of others side by side", async () => {
  const task = fc.record({ key: fc.constantFrom("a", "b"), turns: fc.nat(3), fails: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(task, { maxLength: 12 }), async (tasks) => {
      const turns = new OneAtATime();
      const running = new Map<string, number>();
      const ended: [string, number][] = [];
      const results = await Promise.allSettled(
        tasks.map(({ key, turns: wait, fails }, n) =>
          turns.run(key, async () => {
            running.set(key, (running.get(key) ?? 0) + 1);
            assert.equal(running.get(key), 1);
            for (let i = 0; i < wait; i += 1) await turn();
            running.set(key, 0);
            ended.push([key, n]);
            if (fails) throw new Error("x");
            return n;
          }),
        ),
      );
      for (const [n, result] of results.entries()) assert.equal(result.status === "rejected", tasks[n]!.fails);
      for (const key of ["a", "b"]) {
        const order = ended.filter(([of]) => of === key).map(([, n]) => n);
        assert.deepEqual(
          order,
          order.toSorted((x, y) => x - y),
        );
      }
    }),
  );
  const turns = new OneAtATime();
  const { promise, resolve } = Promise.withResolvers<void>();
  const blocked = turns.run("a", () => promise);
  assert.equal(await turns.run("b", async () => "through"), "through");
  resolve();
  await blocked;
});
