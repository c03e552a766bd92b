import assert from "node:assert/strict";
import { test } from "node:test";
import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { openTelemetry } from "@sluice/transport/opentelemetry";
import fc from "fast-check";
import { command, component, startEndpoint } from "../../src/index.ts";
import { extract, inject, spanContextOf, traceparentOf } from "../../src/telemetry/opentelemetry/trace-context.ts";
import { bench, until } from "../endpoint/harness.ts";
import { type RecordedSpan, recordingProvider } from "./recorded-spans.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const PARENT = "b7ad6b7169203331";
const TRACEPARENT = `00-${TRACE}-${PARENT}-01`;

test("trace context – a traceparent is read as W3C describes it, and everything else is none", () => {
  assert.deepEqual(spanContextOf(TRACEPARENT), { traceId: TRACE, spanId: PARENT, traceFlags: 1, isRemote: true });
  assert.ok(spanContextOf(`cc-${TRACE}-${PARENT}-00-of-a-later-version`));
  for (const bad of [
    undefined,
    7,
    true,
    "",
    TRACEPARENT.toUpperCase(),
    `ff-${TRACE}-${PARENT}-01`,
    `${TRACEPARENT}-more`,
    `00-${"0".repeat(32)}-${PARENT}-01`,
    `00-${TRACE}-${"0".repeat(16)}-01`,
    `00-${TRACE}-${PARENT}`,
  ])
    assert.equal(spanContextOf(bad), undefined, String(bad));
});

test("trace context – what is written is read again, with its state", () => {
  const hex = (length: number) => fc.stringMatching(new RegExp(`^[1-9a-f][0-9a-f]{${length - 1}}$`));
  fc.assert(
    fc.property(hex(32), hex(16), fc.nat(3), (traceId, spanId, traceFlags) => {
      assert.equal(spanContextOf(traceparentOf({ traceId, spanId, traceFlags }))?.traceFlags, traceFlags);
      const read = extract({
        traceparent: traceparentOf({ traceId, spanId, traceFlags }),
        tracestate: "shop=1,bank=2",
      });
      const headers: Record<string, string | number | boolean> = { traceparent: "of the message before" };
      inject(read, headers);
      assert.equal(headers["traceparent"], traceparentOf({ traceId, spanId, traceFlags }));
      assert.equal(headers["tracestate"], "shop=1,bank=2");
    }),
  );
  const headers = { traceparent: TRACEPARENT };
  inject(ROOT_CONTEXT, headers);
  assert.deepEqual(headers, { traceparent: TRACEPARENT }, "where there is no span, what is there stays");
  assert.equal(trace.getSpanContext(extract({})), undefined);
});

test("traces – 57. a trace that a sender without tracing hands on is gone on with, and its state with it", async () => {
  await using b = await bench();
  const { connectionString, name } = b;
  const Do = command(`${name("work")}.Do`, { to: name("work") })<object>();
  const spans: RecordedSpan[] = [];
  const instrumentation = [openTelemetry({ traces: recordingProvider((span) => spans.push(span)) })];
  const states: unknown[] = [];
  const work = component(name("work"), (c) =>
    c.handle(Do, async (_, ctx) => {
      states.push(ctx.headers["tracestate"]);
      if (states.length === 1) await ctx.send(Do, {});
    }),
  );
  const endpoint = await startEndpoint([work], { connectionString, instrumentation });
  await b.sender.send(Do, {}, { headers: { traceparent: TRACEPARENT, tracestate: "shop=1" } });
  await until("both are handled", () => endpoint.counts(name("work")).handled === 2);
  await endpoint.stop();
  assert.equal(spans.length, 4);
  assert.deepEqual(new Set(spans.map(({ traceId }) => traceId)), new Set([TRACE]));
  assert.deepEqual(spans.find(({ parent }) => parent === PARENT)?.name, `process ${name("work")}`);
  assert.deepEqual(states, ["shop=1", "shop=1"]);
});

test("metrics – 58. critical time counts from when a deferred message was due, also when it was tried again", async () => {
  await using b = await bench();
  const Do = command(`${b.name("work")}.Do`, { to: b.name("work") })<object>();
  let failures = 1;
  const options = { immediateRetries: 0, delayedRetries: 1, timeIncrease: 20 };
  const work = component(b.name("work"), options, (c) =>
    c.handle(Do, () => {
      failures -= 1;
      if (failures >= 0) throw new Error("once");
    }),
  );
  await b.start(work);
  const before = Date.now();
  const delayFor = 1_000;
  await b.sender.send(Do, {}, { delayFor });
  const handled = await until("it is handled", () => b.seen.find(({ kind }) => kind === "handled"));
  const elapsed = Date.now() - before;
  assert.ok(handled.kind === "handled" && handled.criticalTime !== undefined);
  assert.ok(handled.criticalTime >= 20 && handled.criticalTime <= elapsed - delayFor, String(handled.criticalTime));
});
