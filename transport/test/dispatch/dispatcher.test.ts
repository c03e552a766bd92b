import assert from "node:assert/strict";
import { test } from "node:test";
import { Appender } from "../../src/dispatch/appender.ts";
import { Batch } from "../../src/dispatch/batch.ts";
import { Dispatcher } from "../../src/dispatch/dispatcher.ts";
import { HandlerEnded } from "../../src/dispatch/handler-ended.ts";
import { InvalidHeader } from "../../src/messages/invalid-header.ts";
import { InvalidTiming } from "../../src/messages/invalid-timing.ts";
import { InvalidName } from "../../src/topology/invalid-name.ts";
import type { Headers, TransportMessage } from "../../src/seam/index.ts";
import { metadataOf, type NewEvent } from "../../src/store/event.ts";

const NOW = Date.UTC(2026, 0, 1, 12);
const ID = (n: number) => `6ba7b810-9dad-11d1-80b4-0000000000${String(n).padStart(2, "0")}`;
const message = (n: number, headers: Headers = {}): TransportMessage => ({
  id: ID(n),
  type: "T",
  headers,
  body: Buffer.from("{}"),
  isJson: true,
});

/** A server that notes what is appended. */
function noting() {
  const appends: { readonly stream: string; readonly events: readonly NewEvent[] }[] = [];
  const appender = new Appender({
    append: async (stream, events) => (appends.push({ stream, events }), { revision: 0n, position: undefined }),
    read: async () => [],
    keepsOrder: true,
  });
  const origin = { appender, source: "sales", now: () => NOW };
  return { appends, origin, streams: () => appends.map(({ stream }) => stream) };
}

const said = ({ metadata }: NewEvent) => metadataOf({ metadata });

test("dispatch – what a bus does not say of a message is said for it; what a message brings along of another way is left out", async () => {
  const { appends, origin } = noting();
  const handling = { messageId: ID(7), correlationId: "order 17" };
  const batch = new Batch({ ...origin, handling, intermediate: "intermediate.sales", mayRepeat: () => false });
  const brought = {
    color: "blue",
    "sluice.destination": "elsewhere",
    "sluice.delayedRetries": 3,
    "sluice.source": "me",
  };
  await batch.dispatch({ unicast: [{ message: message(1, brought), destination: "billing" }] });
  await batch.dispatch({ multicast: [{ message: message(2), baseTypes: ["A", "B"] }] });
  batch.end();
  await batch.leave();
  assert.equal(appends.length, 1);
  const [command, event] = appends[0]!.events.map(said);
  assert.deepEqual(command, {
    color: "blue",
    "sluice.source": "me",
    "sluice.destination": "billing",
    $correlationId: "order 17",
    $causationId: ID(7),
    "sluice.intent": "Send",
    "sluice.sentAt": "2026-01-01T12:00:00.000Z",
  });
  assert.equal(event!["sluice.intent"], "Publish");
  assert.equal(event!["sluice.baseTypes"], "A,B");
  await assert.rejects(batch.dispatch({ multicast: [{ message: message(3) }] }), HandlerEnded);
});

test("dispatch – outside of handlers what goes to one stream is appended to it, what goes to several to the intermediate stream where there is one", async () => {
  for (const intermediate of [undefined, "intermediate.sales"]) {
    const { appends, origin, streams } = noting();
    const dispatcher = new Dispatcher({ ...origin, intermediate });
    await dispatcher.dispatch({ unicast: [1, 2].map((n) => ({ message: message(n), destination: "billing" })) });
    assert.deepEqual(streams(), ["in.billing-sales"]);
    await dispatcher.dispatch({
      unicast: [
        { message: message(3), destination: "billing" },
        { message: message(4), destination: "shipping", isolated: true },
        { message: message(5), destination: "stock" },
      ],
    });
    const later = streams().slice(1).toSorted();
    assert.deepEqual(
      later,
      intermediate === undefined
        ? ["in.billing-sales", "in.shipping-sales", "in.stock-sales"]
        : ["in.shipping-sales", intermediate],
    );
    assert.equal(appends.flatMap(({ events }) => events).length, 5);
  }
});

test("dispatch – 39. deferred into the past it goes at once; 72. what cannot be sent refuses the whole batch at the call", async () => {
  const { origin, streams } = noting();
  const dispatcher = new Dispatcher({ ...origin, intermediate: undefined });
  const to = (n: number, more: object = {}, headers: Headers = {}) =>
    dispatcher.dispatch({
      unicast: [
        { message: message(50 + n), destination: "billing" },
        { message: message(n, headers), destination: "billing", ...more },
      ],
    });
  await to(1, { deliverAt: new Date(NOW - 1) });
  assert.deepEqual(streams(), ["in.billing-sales"]);
  await assert.rejects(to(2, { deliverAt: new Date(Number.NaN) }), InvalidTiming);
  await assert.rejects(to(3, { discardAfter: new Date(8.64e15) }), InvalidTiming);
  await assert.rejects(to(4, { destination: "bad-name" }), InvalidName);
  await assert.rejects(to(5, {}, { $correlationId: 7 }), InvalidHeader);
  await assert.rejects(to(6, {}, { x: Number.NaN }), InvalidHeader);
  await assert.rejects(dispatcher.dispatch({ multicast: [{ message: { ...message(8), type: "$x" } }] }), InvalidName);
  await assert.rejects(dispatcher.dispatch({ multicast: [{ message: { ...message(8), id: "no" } }] }), InvalidName);
  assert.equal(streams().length, 1);
});
