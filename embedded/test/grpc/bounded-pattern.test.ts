import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { eventTypeFilter, jsonEvent, streamNameFilter } from "@eventstore/db-client";
import fc from "fast-check";
import { boundedPattern, groupPattern, isSimple, PatternTooSlowError } from "../../src/grpc/bounded-pattern.ts";
import { dotnetRegex } from "../../src/grpc/dotnet-regex.ts";
import { workTime } from "../../src/time/work-time.ts";
import { all, runningServer } from "./running-server.ts";

const SIMPLE = [
  "^[^$].*",
  "^order-",
  "order",
  "^(order|invoice)-",
  "(?i)^ORDER",
  String.raw`^\$ce-\d+`,
  "colou?r",
  "[a-z]+$",
];
const DOUBTFUL = [
  "(a+)+$",
  "(a|a)*b",
  "a*a*a*b",
  "^(?!x).*",
  String.raw`(a)\1`,
  "(a?){30}",
  "(?:ab)*",
  "a{1,30}a{1,30}",
  "(.*)(.*)x",
];
/** Each of these takes longer than the world lasts on the text. */
const ENDLESS = ["(a+)+$", "(a|a)*b", "(a|aa)+$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(?:a*)*b"];
const LONG = "a".repeat(60);

test("pattern – what is simple is told from what may take for ever", () => {
  for (const source of SIMPLE) assert.equal(isSimple(source), true, source);
  for (const source of [...DOUBTFUL, ...ENDLESS]) assert.equal(isSimple(source), false, source);
});

test("pattern – an expression without end is stopped, and answers other texts as before", () => {
  for (const source of ENDLESS) {
    const pattern = boundedPattern(source);
    assert.throws(() => pattern.test(`${LONG}!`), PatternTooSlowError, source);
    assert.equal(pattern.test("ab!"), dotnetRegex(source).test("ab!"), source);
  }
});

test("pattern – in a group an expression without end does not want such names, and each costs little", () => {
  const pattern = groupPattern("(a+)+$");
  const begin = workTime();
  for (let n = 0; n < 400; n++) assert.equal(pattern.test(`${LONG}${n % 200}!`), false);
  assert.ok(workTime() - begin < 4000);
  assert.equal(pattern.test(LONG), true);
});

test("pattern – a simple expression is quick on the longest name", () => {
  const begin = workTime();
  try {
    boundedPattern("a+b").test("a".repeat(65_535));
  } catch (error) {
    assert.ok(error instanceof PatternTooSlowError);
  }
  assert.ok(workTime() - begin < 1000);
});

test("pattern – bounded or not, prepared or not, the answer is that of the expression", () => {
  const texts = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "-", "x", "$", "é") }), { maxLength: 30 });
  fc.assert(
    fc.property(fc.constantFrom(...SIMPLE, ...DOUBTFUL), texts, fc.boolean(), (source, all, isPrepared) => {
      const pattern = boundedPattern(source);
      const expected = dotnetRegex(source);
      if (isPrepared) pattern.prepare(all);
      for (const text of [...all, ...all]) assert.equal(pattern.test(text), expected.test(text), `${source} ${text}`);
    }),
  );
});

test("pattern – a filter without end costs its sender the call and nobody else anything", async (t) => {
  const { client } = await runningServer(t);
  await client.appendToStream(`${LONG}!`, jsonEvent({ type: `${LONG}!`, data: {} }));
  for (const regex of ENDLESS) {
    for (const filter of [eventTypeFilter({ regex }), streamNameFilter({ regex })]) {
      await assert.rejects(all(client.subscribeToAll({ filter }) as never), /timed out/, regex);
    }
  }
  await client.appendToStream("s", jsonEvent({ type: "Other", data: {} }));
  assert.equal((await all(client.readStream("s"))).length, 1);
});

test("pattern – a doubtful filter finds what it should", async (t) => {
  const { client } = await runningServer(t);
  for (let n = 0; n < 100; n++)
    await client.appendToStream(`order-${n}`, jsonEvent({ type: n % 2 ? "Odd" : "Even", data: {} }));
  const found: string[] = [];
  const subscription = client.subscribeToAll({ filter: eventTypeFilter({ regex: "^(?!Even)(?!\\$).*d+.*$" }) });
  for await (const { event } of subscription) {
    found.push(event!.streamId);
    if (found.length === 50) break;
  }
  assert.deepEqual(
    found,
    Array.from({ length: 50 }, (_, i) => `order-${2 * i + 1}`),
  );
});

const MUCH = `
  import { boundedPattern } from ${JSON.stringify(new URL("../../src/grpc/bounded-pattern.ts", import.meta.url).href)};
  const pattern = boundedPattern("(a|b)*(?=c)c");
  process.send("begun");
  for (let n = 0; n < 300; n++) pattern.test("abab" + n + "c");
`;

test(
  "pattern – a process that lies still, as on a busy machine, does not hold that against the expression",
  { skip: process.platform === "win32" && "no signals that stop a process there" },
  async (t) => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", MUCH], {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    t.after(() => child.kill("SIGKILL"));
    let errors = "";
    child.stderr?.on("data", (text) => (errors += text));
    const ended = once(child, "close");
    await once(child, "message");
    while (child.exitCode === null) {
      child.kill("SIGSTOP");
      await sleep(70);
      child.kill("SIGCONT");
      await sleep(20);
    }
    assert.deepEqual([(await ended)[0], errors], [0, ""]);
  },
);
