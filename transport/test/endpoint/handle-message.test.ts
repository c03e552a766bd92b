import assert from "node:assert/strict";
import { test } from "node:test";
import { Store } from "../../src/store/store.ts";
import { Appender } from "../../src/dispatch/appender.ts";
import { InstanceCache } from "../../src/event-sourced/instance-cache.ts";
import { handlerOf } from "../../src/endpoint/handle-message.ts";
import { command, component, event, UnknownMessageType } from "../../src/index.ts";
import { jsonSerializer } from "../../src/messages/json-serializer.ts";
import { OutgoingPipeline } from "../../src/pipeline/outgoing-pipeline.ts";
import { messageContextOf } from "../../src/messages/headers.ts";
import { SYSTEM_CLOCK } from "../../src/schedule/clock.ts";

const Do = command("work.Do", { to: "work" })<{ n: number; list: number[] }>();
const Done = event("work.Done")<{ n: number }>();

/** A handler of messages whose appends are only noted. */
function handling(...components: Parameters<typeof component>[1][]) {
  const stored: string[] = [];
  const store = new Store("esdb://127.0.0.1:1?tls=false");
  const appender = new Appender({
    append: async (stream) => (stored.push(stream), { revision: 0n, position: undefined }),
    read: async () => [],
    keepsOrder: false,
  });
  const pipeline = new OutgoingPipeline();
  const [build] = components;
  const handle = handlerOf(
    component("work", build),
    { store, appender, cache: new InstanceCache<never>(0), random: () => 0, pipeline, serializer: jsonSerializer },
    { incoming: [], pipeline, clock: SYSTEM_CLOCK },
    () => {},
  );
  const message = (type: string, body: object) => ({
    context: messageContextOf("6ba7b810-9dad-11d1-80b4-00c04fd430c8", type, {}),
    body,
  });
  return { stored, handle, message };
}

const attempt = (signal = new AbortController().signal) => ({
  number: 1,
  delayedRetries: 0,
  isRedelivery: false,
  items: new Map(),
  mayRepeat: () => false,
  confirm: async () => signal.throwIfAborted(),
  signal,
});

test("receiving – 8. what a handler sent before the deadline does not leave when it ends after it", async () => {
  const deadline = new AbortController();
  const { stored, handle, message } = handling((c) =>
    c.handle(Do, async (m, ctx) => {
      await ctx.publish(Done, m);
      deadline.abort();
    }),
  );
  await assert.rejects(handle(message("work.Do", { n: 1, list: [] }), attempt(deadline.signal)), {
    name: "AbortError",
  });
  assert.deepEqual(stored, []);
});

test("receiving – 14. what a handler changes in its message is seen neither by the next handler nor by the retry", async () => {
  const seen: unknown[] = [];
  const change = (body: { n: number; list: number[] }) => {
    seen.push(structuredClone(body));
    body.n = 7;
    body.list.push(7);
  };
  const { handle, message } = handling((c) => {
    c.handle(Do, change);
    c.handle(Do, (body, ctx) => {
      change(body);
      assert.throws(() => ((ctx.headers as Record<string, string>)["x"] = "y"), TypeError);
    });
  });
  const one = message("work.Do", { n: 1, list: [1] });
  await handle(one, attempt());
  await handle(one, attempt());
  assert.deepEqual(
    seen,
    Array.from({ length: 4 }, () => ({ n: 1, list: [1] })),
  );
});

test("receiving – a type without a handler is told with what to do", async () => {
  const { handle, message } = handling((c) => c.handle(Do, () => {}));
  await assert.rejects(
    handle(message("work.Other", {}), attempt()),
    (error: unknown) => error instanceof UnknownMessageType && /no handler/.test(error.message),
  );
});
