import assert from "node:assert/strict";
import { test } from "node:test";
import { Store } from "../../src/store/store.ts";
import { Appender } from "../../src/dispatch/appender.ts";
import { InstanceCache } from "../../src/event-sourced/instance-cache.ts";
import { handlerOf } from "../../src/endpoint/handle-message.ts";
import { command, component, type ComponentBuilder, event, UnknownMessageType } from "../../src/index.ts";
import { jsonSerializer } from "../../src/messages/json-serializer.ts";
import { OutgoingPipeline } from "../../src/pipeline/outgoing-pipeline.ts";
import type { Operations } from "../../src/seam/index.ts";
import { SYSTEM_CLOCK } from "../../src/schedule/clock.ts";

const Do = command("work.Do", { to: "work" })<{ n: number; list: number[] }>();
const Done = event("work.Done")<{ n: number }>();

/** A handler of messages; what it gives to the transport is only noted. */
function handling(build: (builder: ComponentBuilder) => void) {
  const dispatched: Operations[] = [];
  const store = new Store("esdb://127.0.0.1:1?tls=false");
  const appender = new Appender(store);
  const pipeline = new OutgoingPipeline();
  const handle = handlerOf(
    component("work", build),
    { store, appender, cache: new InstanceCache<never>(0), random: () => 0, pipeline, serializer: jsonSerializer },
    { incoming: [], pipeline, clock: SYSTEM_CLOCK },
    () => {},
  );
  const received = (type: string, body: object) => ({
    message: { id: ID, type, headers: {}, body: Buffer.from(JSON.stringify(body)), isJson: true },
    nativeId: ID,
    receiveAddress: "work",
    attempt: 1,
    delayedRetries: 0,
    isRedelivery: false,
    items: new Map(),
    mayRepeat: () => false,
    signal: new AbortController().signal,
    dispatcher: { dispatch: async (operations: Operations) => void dispatched.push(operations) },
  });
  return { dispatched, handle, received };
}

const ID = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";

test("receiving – 26. what handlers send is given to the transport at their end, in the order of the calls", async () => {
  const { dispatched, handle, received } = handling((c) =>
    c.handle(Do, async (_, ctx) => {
      for (const n of [1, 2, 3]) await ctx.publish(Done, { n });
      assert.deepEqual(dispatched, []);
    }),
  );
  await handle(received("work.Do", { n: 1, list: [] }));
  const bodies = dispatched.map(({ multicast }) => Buffer.from(multicast![0]!.message.body).toString());
  assert.deepEqual(bodies, ['{"n":1}', '{"n":2}', '{"n":3}']);
});

test("receiving – 14. what a handler changes in its message is seen neither by the next handler nor by the retry", async () => {
  const seen: unknown[] = [];
  const change = (body: { n: number; list: number[] }) => {
    seen.push(structuredClone(body));
    body.n = 7;
    body.list.push(7);
  };
  const { handle, received } = handling((c) => {
    c.handle(Do, change);
    c.handle(Do, (body, ctx) => {
      change(body);
      assert.throws(() => ((ctx.headers as Record<string, string>)["x"] = "y"), TypeError);
    });
  });
  const one = received("work.Do", { n: 1, list: [1] });
  await handle(one);
  await handle(one);
  assert.deepEqual(
    seen,
    Array.from({ length: 4 }, () => ({ n: 1, list: [1] })),
  );
});

test("receiving – a type without a handler is told with what to do", async () => {
  const { handle, received } = handling((c) => c.handle(Do, () => {}));
  await assert.rejects(
    handle(received("work.Other", {})),
    (error: unknown) => error instanceof UnknownMessageType && /no handler/.test(error.message),
  );
});
