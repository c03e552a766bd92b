import { caseOf } from "../case-of.ts";
import { expectEqual, expectThat } from "../expect.ts";
import { idsOf, testMessage } from "../test-message.ts";

/** By so many milliseconds a message may come before its time: clocks differ. */
const TOLERANCE = 100;

export const timeCases = [
  caseOf([39], "a deferred message comes not before its time, and soon after", ["delayedDelivery"], async (stage) => {
    const address = stage.address();
    const later = testMessage();
    const atOnce = testMessage();
    let came = 0;
    const listener = await stage.listen(address, {
      onMessage({ message }) {
        if (message.id === later.id) came = stage.now();
      },
    });
    const deliverAt = stage.soon(2_000);
    await stage.send(address, [later], { deliverAt });
    await stage.send(address, [atOnce]);
    await stage.until("both messages to be handled", () => listener.handled.length >= 2);
    expectThat(came >= deliverAt.getTime() - TOLERANCE, "a deferred message not to come before its time");
    expectEqual(listener.handled, idsOf([atOnce, later]), "what is not deferred first");
  }),
  caseOf([39], "a message deferred into the past comes at once", ["delayedDelivery"], async (stage) => {
    const address = stage.address();
    const listener = await stage.listen(address);
    const message = testMessage();
    await stage.send(address, [message], { deliverAt: stage.soon(-3_600_000) });
    await stage.until("the message to be handled", () => listener.handled.includes(message.id));
  }),
  caseOf([39], "a deferred message survives the end of all processes", ["delayedDelivery"], async (stage) => {
    const address = stage.address();
    const first = await stage.listen(address);
    const message = testMessage();
    await first.dispatcher.dispatch({ unicast: [{ message, destination: address, deliverAt: stage.soon(1_000) }] });
    await stage.end(first);
    const second = await stage.listen(address);
    await stage.until("the deferred message to be handled", () => first.handled.length + second.handled.length > 0);
    await stage.fence(second);
    expectEqual([...first.handled, ...second.handled], idsOf([message]), "the deferred message, once");
  }),
  caseOf(
    [39],
    "a message deferred by a handler leaves with the others, or not at all",
    ["delayedDelivery", "atomicDispatch"],
    async (stage) => {
      const [address, destination] = [stage.address(), stage.address()];
      const deferred = testMessage();
      await stage.listen(address, {
        async onMessage({ dispatcher, attempt }) {
          const message = attempt === 1 ? testMessage() : deferred;
          await dispatcher.dispatch({ unicast: [{ message, destination, deliverAt: stage.soon(500) }] });
          if (attempt === 1) throw new Error("fails");
        },
        onError: () => ({ action: "retry" }),
      });
      const receiver = await stage.listen(destination);
      await stage.send(address, [testMessage()]);
      await stage.until("the deferred message to be handled", () => receiver.handled.includes(deferred.id));
      await stage.fence(receiver);
      expectEqual(receiver.handled, idsOf([deferred]), "the message of the attempt that ended well, and no other");
    },
  ),
  caseOf(
    [41],
    "a delayed retry survives the end of all processes, with its count",
    ["delayedDelivery"],
    async (stage) => {
      const address = stage.address();
      const first = await stage.listen(address, {
        onMessage() {
          throw new Error("fails");
        },
        onError: () => ({ action: "retry after", milliseconds: 1_000 }),
      });
      const message = testMessage({ headers: { color: "blue" } });
      await stage.send(address, [message]);
      await stage.until("the failure to reach the error policy", () => first.failed.length > 0);
      await stage.end(first);
      const failed = first.failed.length;
      const second = await stage.listen(address);
      await stage.until("the delayed retry to be handled", () => second.handled.includes(message.id));
      expectEqual(second.begun[0]?.delayedRetries, failed, "the number of delayed retries to be kept");
      expectEqual(second.begun[0]?.message.headers["color"], "blue", "the headers to be kept");
    },
  ),
  caseOf([40], "an expired message is dropped, and the next one is handled", ["timeToBeReceived"], async (stage) => {
    const address = stage.address();
    const [expired, alive] = [testMessage(), testMessage()];
    await stage.send(address, [expired], { discardAfter: stage.soon(-1_000) });
    await stage.send(address, [alive], { discardAfter: stage.soon(3_600_000) });
    const listener = await stage.listen(address);
    await stage.until("the message that has not expired to be handled", () => listener.handled.includes(alive.id));
    await stage.fence(listener);
    expectEqual(listener.handled, idsOf([alive]), "the expired message to be dropped");
  }),
  caseOf(
    [40],
    "a message that has expired when it is to be retried is dropped",
    ["timeToBeReceived"],
    async (stage) => {
      const address = stage.address();
      const discardAfter = stage.soon(3_000);
      const listener = await stage.listen(address, {
        async onMessage({ attempt }) {
          if (attempt > 1) return;
          await stage.until("time to pass", () => stage.now() > discardAfter.getTime());
          throw new Error("fails too late");
        },
        onError: () => ({ action: "retry" }),
      });
      await stage.send(address, [testMessage()], { discardAfter });
      await stage.until("the failure to reach the error policy", () => listener.failed.length > 0);
      await stage.fence(listener);
      expectEqual(listener.begun.length, 1, "no attempt after the message has expired");
      expectEqual(listener.critical.length, 0, "no critical error");
    },
  ),
  caseOf([40], "a parked message does not expire", ["timeToBeReceived", "parking", "parked"], async (stage) => {
    const address = stage.address();
    const discardAfter = stage.soon(3_000);
    const listener = await stage.listen(address, {
      onMessage() {
        throw new Error("fails");
      },
      onError: () => ({ action: "park" }),
    });
    const message = testMessage();
    await stage.send(address, [message], { discardAfter });
    await stage.until("the failure to reach the error policy", () => listener.failed.length > 0);
    await stage.until("its time to pass", () => stage.now() > discardAfter.getTime());
    await stage.fence(listener);
    expectEqual(idsOf((await stage.bench.parked?.(address)) ?? []), idsOf([message]), "it to be parked still");
  }),
];
