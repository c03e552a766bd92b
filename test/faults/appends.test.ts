import assert from "node:assert/strict";
import { test } from "node:test";
import { command, component, startSender, ServerUnreachable, startEndpoint } from "@sluice/transport";
import { until } from "../until.ts";
import { type Bench, bench } from "./bench.ts";
import { Do } from "./work.ts";

const STREAM = "in.work-shop";
const BATCH = "Streams/BatchAppend";

async function stored(b: Bench, stream: string = STREAM): Promise<readonly unknown[]> {
  const numbers: unknown[] = [];
  for await (const { event } of b.direct.readStream(stream)) {
    numbers.push((event?.data as Partial<{ n: number }> | undefined)?.n);
  }
  return numbers;
}

test("appends – messages of one caller that does not await are stored in the order of the calls", async () => {
  await using b = await bench();
  const sender = await startSender("shop", { connectionString: b.proxy.connectionString });
  const numbers = Array.from({ length: 600 }, (_, n) => n);
  // Those with an id of their own share no append, so that many are under way.
  const ids = numbers.map((n) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`);
  await Promise.all(numbers.map((n) => sender.send(Do, { n }, n % 3 === 0 ? {} : { id: ids[n]! })));
  assert.deepEqual(await stored(b), numbers);
  await sender.stop();
});

test("appends – one call carries them all", async () => {
  await using b = await bench();
  const sender = await startSender("shop", { connectionString: b.proxy.connectionString });
  await sender.send(Do, { n: 0 });
  await Promise.all([1, 2, 3, 4].map((n) => sender.send(Do, { n })));
  assert.deepEqual(await stored(b), [0, 1, 2, 3, 4]);
  assert.equal(b.proxy.endOpenCalls(BATCH, { code: 14, message: "Connection dropped" }), 1);
  await sender.stop();
});

test("appends – when their call ends, the three under way are not known to be stored, and what comes next goes on a new one", async () => {
  await using b = await bench();
  const sender = await startSender("shop", { connectionString: b.proxy.connectionString });
  await sender.send(Do, { n: 0 });
  b.proxy.script({ method: BATCH, times: 3, fault: { kind: "silence" } });
  const ids = [1, 2, 3].map((n) => `00000000-0000-4000-8000-00000000000${n}`);
  const sent = ids.map((id, n) => sender.send(Do, { n: n + 1 }, { id }));
  const failed = Promise.all(sent.map((one) => assert.rejects(one, ServerUnreachable)));
  await until(async () => b.proxy.calls.filter(({ outcome }) => outcome === "silence").length === 3 || undefined);
  b.proxy.endOpenCalls(BATCH, { code: 14, message: "Connection dropped" });
  await failed;
  for (const [n, id] of ids.entries()) await sender.send(Do, { n: n + 1 }, { id });
  assert.deepEqual(await stored(b), [0, 1, 2, 3]);
  await sender.stop();
});

test("appends – one that is not answered is given up in time, and the others go on", async () => {
  await using b = await bench();
  const sender = await startSender("shop", { connectionString: b.proxy.connectionString });
  await sender.send(Do, { n: 0 });
  b.proxy.script({ method: BATCH, times: 1, fault: { kind: "silence" } });
  const given = assert.rejects(sender.send(Do, { n: 1 }), ServerUnreachable);
  await until(async () => b.proxy.calls.some(({ outcome }) => outcome === "silence") || undefined);
  await sender.send(Do, { n: 2 });
  await given;
  assert.deepEqual(await stored(b), [0, 2]);
  await sender.stop();
});

test("appends – a server that knows no such call gets each append in a call of its own", async () => {
  await using b = await bench();
  b.proxy.script({ method: BATCH, fault: { kind: "answer", code: 12, message: "unknown method" } });
  const Next = command("next.Do", { to: "next" })<{ n: number }>();
  const work = component("work", (c) => c.handle(Do, (m, ctx) => ctx.send(Next, m)));
  const { connectionString } = b.proxy;
  const endpoint = await startEndpoint([work], { connectionString });
  const sender = await startSender("shop", { connectionString });
  await Promise.all([0, 1, 2, 3].map((n) => sender.send(Do, { n })));
  assert.deepEqual(await stored(b), [0, 1, 2, 3]);
  await until(async () => endpoint.counts("work").handled === 4 || undefined);
  assert.deepEqual((await stored(b, "intermediate.work")).toSorted(), [0, 1, 2, 3]);
  await sender.stop();
  await endpoint.stop();
});
