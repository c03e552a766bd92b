import assert from "node:assert/strict";
import { test } from "node:test";
import { command, component, type LogRecord, logTo, startEndpoint, type StructuredLogger } from "../../src/index.ts";
import { type Bench, bench, until } from "./harness.ts";

const TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const messagesOf = ({ name }: Bench) => ({
  Do: command(`${name("work")}.Do`, { to: name("work") })<{ n: number }>(),
});

/** Has a message handled, and one fail and be parked, while `on` hears of it. @returns the ids of the two */
async function run(b: Bench, on: ReturnType<typeof logTo>): Promise<readonly [string, string]> {
  const { Do } = messagesOf(b);
  const work = component(b.name("work"), { immediateRetries: 1, delayedRetries: 0 }, (c) =>
    c.handle(Do, ({ n }) => {
      if (n === 0) throw new RangeError("the press\nis stuck");
    }),
  );
  const endpoint = await startEndpoint([work], { connectionString: b.connectionString, on });
  const good = await b.sender.send(Do, { n: 1 }, { headers: { traceparent: TRACEPARENT } });
  await until("it is handled", () => endpoint.counts(b.name("work")).handled === 1);
  const bad = await b.sender.send(Do, { n: 0 });
  await until("it is parked", () => endpoint.counts(b.name("work")).parked === 1);
  await endpoint.stop();
  return [good, bad];
}

test("logs – all that happens, one readable line each, with its fields for a logger such as pino's", async () => {
  await using b = await bench();
  const logged: (readonly [string, object, string])[] = [];
  const write =
    (level: string) =>
    (fields: object, message: string): void =>
      void logged.push([level, fields, message]);
  const logger: StructuredLogger = {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
  };
  const [good, bad] = await run(b, logTo(logger, { level: "debug" }));
  const [work, type] = [b.name("work"), messagesOf(b).Do.type];
  const lines = logged.map(([level, , message]) => `${level} ${message.replace(/in \d+ ms/, "in some ms")}`);
  assert.deepEqual(lines, [
    `info ${work}: connected to its queue`,
    `debug ${work}: ${type} ${good} was handled in some ms`,
    `warn ${work}: ${type} ${bad} failed at attempt 1: RangeError: the press is stuck`,
    `debug ${work}: ${type} ${bad} is tried again at once, after 1 attempts`,
    `warn ${work}: ${type} ${bad} failed at attempt 2: RangeError: the press is stuck`,
    `error ${work}: ${type} ${bad} was parked after 2 attempts: RangeError: the press is stuck`,
  ]);
  const [, handled, , , , parked] = logged.map(([, fields]) => fields);
  assert.partialDeepStrictEqual(handled, {
    kind: "handled",
    component: work,
    messageId: good,
    type,
    trace_id: "0af7651916cd43dd8448eb211c80319c",
    attempts: 1,
  });
  assert.partialDeepStrictEqual(parked, { kind: "parked", component: work, messageId: bad, attempts: 2 });
  assert.ok(parked !== undefined && "err" in parked && parked.err instanceof RangeError);
});

test("logs – without a logger what matters is a line on stderr, with the time; what matters less is left out", async (t) => {
  await using b = await bench();
  const lines: string[] = [];
  const write = t.mock.method(process.stderr, "write", (line: string) => lines.push(line) > 0);
  const [, bad] = await run(b, logTo());
  write.mock.restore();
  const [work, type] = [b.name("work"), messagesOf(b).Do.type];
  const said = lines.filter((line) => line.includes(" sluice: "));
  for (const line of said) assert.match(line, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z /);
  assert.deepEqual(
    said.map((line) => line.slice(25)),
    [
      `info  sluice: ${work}: connected to its queue\n`,
      `warn  sluice: ${work}: ${type} ${bad} failed at attempt 1: RangeError: the press is stuck\n`,
      `warn  sluice: ${work}: ${type} ${bad} failed at attempt 2: RangeError: the press is stuck\n`,
      `error sluice: ${work}: ${type} ${bad} was parked after 2 attempts: RangeError: the press is stuck\n`,
    ],
  );
});

test("logs – a function of one's own takes records", async () => {
  await using b = await bench();
  const records: LogRecord[] = [];
  await run(
    b,
    logTo((record) => void records.push(record), { level: "error" }),
  );
  assert.deepEqual(
    records.map(({ level, fields }) => [level, fields["kind"]]),
    [["error", "parked"]],
  );
});
