import assert from "node:assert/strict";
import { test } from "node:test";
import { command, component, startEndpoint } from "../../src/index.ts";
import { type Bench, bench, until } from "./harness.ts";

/** The messages of one test. */
const messagesOf = ({ name }: Bench) => ({
  Do: command(`${name("work")}.Do`, { to: name("work") })<{ n: number }>(),
});

test("endpoint – without an observer, failures and parked messages are printed on stderr, one line each", async (t) => {
  await using b = await bench();
  const { Do } = messagesOf(b);
  const lines: string[] = [];
  const write = t.mock.method(process.stderr, "write", (line: string) => lines.push(line) > 0);
  const work = component(b.name("work"), { immediateRetries: 1, delayedRetries: 0 }, (c) =>
    c.handle(Do, () => {
      throw new Error("the press\nis stuck");
    }),
  );
  const endpoint = await startEndpoint([work], { connectionString: b.connectionString });
  const id = await b.sender.send(Do, { n: 1 });
  await until("it is parked", () => endpoint.counts(b.name("work")).parked === 1);
  await endpoint.stop();
  write.mock.restore();
  assert.deepEqual(
    lines.filter((line) => line.startsWith("sluice: ")),
    [
      `sluice: ${b.name("work")}: ${Do.type} ${id} failed at attempt 1: Error: the press is stuck\n`,
      `sluice: ${b.name("work")}: ${Do.type} ${id} failed at attempt 2: Error: the press is stuck\n`,
      `sluice: ${b.name("work")}: ${Do.type} ${id} was parked after 2 attempts: Error: the press is stuck\n`,
    ],
  );
});
