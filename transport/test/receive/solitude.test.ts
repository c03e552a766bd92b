import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { test } from "node:test";
import fc from "fast-check";
import { Solitude } from "../../src/receive/solitude.ts";

test("receiving – 61. one that is alone has nobody beside it, and all get their turn", async () => {
  const visit = fc.record({ alone: fc.boolean(), turns: fc.nat(3), givesUp: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(visit, { maxLength: 12 }), async (visits) => {
      const solitude = new Solitude();
      const inside = new Set<number>();
      let ended = 0;
      const enter = async (alone: boolean, signal: AbortSignal): Promise<boolean> => {
        if (alone) return solitude.enterAlone(signal);
        let again = Promise.withResolvers<void>();
        while (!solitude.enter(() => again.resolve())) {
          await again.promise;
          again = Promise.withResolvers();
        }
        return true;
      };
      const stay = async ({ alone, turns, givesUp }: (typeof visits)[number], n: number): Promise<void> => {
        const abort = new AbortController();
        const entering = enter(alone, abort.signal);
        if (givesUp) abort.abort();
        if (await entering) {
          inside.add(n);
          for (let left = turns; left > 0; left -= 1) {
            if (alone) assert.equal(inside.size, 1);
            await turn();
          }
          inside.delete(n);
          solitude.leave();
        }
        ended += 1;
      };
      const all = visits.map(stay);
      for (let turns = 0; turns < 200 && ended < visits.length; turns += 1) await turn();
      assert.equal(ended, visits.length, "nobody waits for ever");
      await Promise.all(all);
    }),
  );
});
