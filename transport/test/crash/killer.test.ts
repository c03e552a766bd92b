import assert from "node:assert/strict";
import { test } from "node:test";
import { deploy } from "../../src/index.ts";
import { bench, parked, read, until } from "../endpoint/harness.ts";
import { crew } from "./child.ts";
import { press, pressOf } from "./killer.ts";

test("failures – 46. a message that kills its process each time is parked; 61. none of those in flight beside it is", async () => {
  await using b = await bench();
  const { connectionString } = b;
  await deploy([press(b.name)], { connectionString });
  const innocents = 7;
  for (let n = 0; n <= innocents; n += 1) await b.sender.send(pressOf(b.name), { n, kills: n === 2 });
  await using presses = crew("killer-process.ts", connectionString, b.run);
  const over = Promise.withResolvers<void>();
  let isOver = false;
  let kills = 0;
  const running = (async () => {
    while (!isOver) {
      const child = await presses.start();
      if (!isOver) await Promise.race([child.exited, over.promise]);
      kills += isOver ? 0 : 1;
    }
  })();
  const stop = async (): Promise<void> => {
    isOver = true;
    over.resolve();
    await running;
  };
  await using _ = { [Symbol.asyncDispose]: stop };
  const [reason, ...others] = await parked(b.client, b.name("press"), 1);
  await until("the innocent ones are handled", async () => {
    return (await read(b.client, `intermediate.${b.name("press")}`)).length >= innocents;
  });
  await stop();
  assert.deepEqual(others, []);
  assert.match(reason!.exception.message, /2 attempts to handle this message, alone in their process/);
  assert.equal(kills, 4, "twice beside others, and twice alone");
  const left = (await read(b.client, `intermediate.${b.name("press")}`)).map(
    ({ event }) => (event!.data as { n: number }).n,
  );
  assert.deepEqual(left.toSorted(), [0, 1, 3, 4, 5, 6, 7]);
  assert.equal((await parked(b.client, b.name("press"), 1)).length, 1);
});
