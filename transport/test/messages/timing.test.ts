import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { command, defer, event, InvalidTiming, reply } from "../../src/index.ts";
import { toEvent } from "../../src/dispatch/outgoing-event.ts";
import { compose } from "../../src/messages/compose.ts";
import type { OutgoingMessage } from "../../src/messages/outgoing-message.ts";
import { metadataOf } from "../../src/store/event.ts";

const Do = command("work.Do", { to: "work" })<{ n: number }>();
const Done = event("work.Done")<{ n: number }>();
const Answer = reply("work.Answer")<{ n: number }>();
const ID = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
const NOW = Date.UTC(2026, 0, 1, 12);
const sending = {
  source: "sales",
  sentAt: new Date(NOW),
  handling: { messageId: ID, type: "T", correlationId: ID, replyTo: "sales", headers: {} },
};
const eventOf = (message: OutgoingMessage) => toEvent(message, { source: "sales", now: new Date(NOW) }).event;
const headersOf = (timing: object) => metadataOf(eventOf(compose(Do, { n: 1 }, ID, sending, timing)));

test("time – 39. a deferred command carries when it is due, and its minute; into the past it is sent at once", () => {
  const headers = headersOf({ delayFor: 90_000 });
  assert.equal(headers["sluice.deliverAt"], "2026-01-01T12:01:30.000Z");
  assert.equal(headers["sluice.later"], "202601011201");
  fc.assert(
    fc.property(fc.integer({ min: -100_000, max: 100_000 }), (delayFor) => {
      const said = [{ delayFor }, { deliverAt: new Date(NOW + delayFor) }].map(headersOf);
      assert.deepEqual(said[0], said[1]);
      assert.equal(said[0]!["sluice.later"] !== undefined, delayFor > 0);
    }),
  );
});

test("time – 40. a time to be received counts from when it is sent, or is due", () => {
  assert.equal(headersOf({ timeToBeReceived: 1_000 })["sluice.discardAfter"], "2026-01-01T12:00:01.000Z");
  assert.equal(
    headersOf({ timeToBeReceived: 1_000, delayFor: 60_000 })["sluice.discardAfter"],
    "2026-01-01T12:01:01.000Z",
  );
  assert.equal(headersOf({ timeToBeReceived: Infinity })["sluice.discardAfter"], undefined);
  const published = eventOf(compose(Done, { n: 1 }, ID, sending, { timeToBeReceived: 1_000 }));
  assert.ok(Buffer.from(published.metadata).toString().includes("sluice.discardAfter"));
});

test("time – what cannot be kept is refused at the call with what to do: a deferred event or reply, both forms, no time at all", () => {
  const refuse = (definition: typeof Do | typeof Done | typeof Answer, timing: object): void =>
    void assert.throws(
      () => compose(definition, { n: 1 }, ID, sending, timing),
      (error) => error instanceof InvalidTiming && /delayFor/.test(error.message),
    );
  refuse(Done, { delayFor: 1 });
  refuse(Answer, { deliverAt: new Date(NOW + 1) });
  refuse(Do, { delayFor: 1, deliverAt: new Date() });
  refuse(Do, { delayFor: Number.NaN });
  refuse(Do, { delayFor: Infinity });
  refuse(Do, { deliverAt: new Date(Number.NaN) });
  for (const timeToBeReceived of [0, -1, Number.NaN]) refuse(Do, { timeToBeReceived });
});

test("time – 51. a message of a pure function is deferred, and stays what it is", () => {
  const message = defer(Do({ n: 1 }), { delayFor: 5 });
  assert.deepEqual(message, { definition: Do, body: { n: 1 }, timing: { delayFor: 5 } });
  assert.deepEqual(defer(message, { timeToBeReceived: 7 }).timing, { delayFor: 5, timeToBeReceived: 7 });
});
