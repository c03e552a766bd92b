import { caseOf } from "../case-of.ts";
import { expectEqual, expectThat } from "../expect.ts";
import { idsOf, testMessage } from "../test-message.ts";

export const stoppingCases = [
  caseOf([7], "stop waits for handlers in flight, and their signal is not aborted", [], async (stage) => {
    const address = stage.address();
    const gate = stage.gate();
    const listener = await stage.listen(address, { onMessage: () => gate.pass() });
    const [first, second] = [testMessage(), testMessage()];
    await stage.send(address, [first, second]);
    await stage.until("a message to be handled", () => listener.atOnce.now > 0);
    let stopped = false;
    const stopping = listener.receiver.stop(new AbortController().signal).then(() => (stopped = true));
    // Whoever does not wait has stopped by the time that another host has received something.
    const other = await stage.listen(stage.address());
    await stage.fence(other);
    expectThat(!stopped, "stop to wait for the handler in flight");
    expectThat(listener.begun[0]?.signal.aborted === false, "the signal of the handler not to be aborted");
    gate.open();
    await stage.settled("stop to settle once the handler has ended", stopping);
    expectEqual(listener.handled, idsOf([first]), "the message in flight to be handled, and no other to be begun");
    await listener.receiver.start();
    await stage.until("the other message to be handled after the next start", () => listener.handled.length >= 2);
    await stage.fence(listener);
    expectEqual(listener.handled, idsOf([first, second]), "each message to be handled once");
  }),
  caseOf(
    [8],
    "stop with an expired deadline aborts the signals of handlers in flight; their message comes again later",
    [],
    async (stage) => {
      const address = stage.address();
      const gate = stage.gate();
      const listener = await stage.listen(address, { onMessage: () => gate.pass() });
      const message = testMessage();
      await stage.send(address, [message]);
      await stage.until("a message to be handled", () => listener.atOnce.now > 0);
      await stage.settled("stop to settle although a handler goes on", listener.receiver.stop(AbortSignal.abort()));
      expectThat(listener.begun[0]?.signal.aborted === true, "the signal of the handler to be aborted");
      expectEqual(listener.begun[0]?.isRedelivery, false, "the first delivery not to be called a redelivery");
      const next = await stage.listen(address);
      await stage.until("the message to come again", () => next.begun.length > 0);
      expectEqual(next.begun[0]?.message.id, message.id, "the message that was not handled to its end");
      expectEqual(next.begun[0]?.nativeId, listener.begun[0]?.nativeId, "the same native id");
      expectEqual(next.begun[0]?.isRedelivery, true, "to be told that it may have been handled before");
    },
  ),
  caseOf(
    [8],
    "what a handler has sent before the deadline of a stop does not leave when it ends after it",
    ["atomicDispatch"],
    async (stage) => {
      const [address, destination] = [stage.address(), stage.address()];
      const gate = stage.gate();
      const listener = await stage.listen(address, {
        async onMessage({ dispatcher }) {
          await dispatcher.dispatch({ unicast: [{ message: testMessage(), destination }] });
          await gate.pass();
        },
      });
      const receiver = await stage.listen(destination);
      await stage.send(address, [testMessage()]);
      await stage.until("a message to be handled", () => listener.atOnce.now > 0);
      await stage.settled("stop to settle although a handler goes on", listener.receiver.stop(AbortSignal.abort()));
      gate.open();
      await stage.until("the handler to end", () => listener.atOnce.now === 0);
      await stage.fence(receiver);
      expectEqual(receiver.begun.length, 0, "nothing to leave of a handler that ended after the deadline");
    },
  ),
  caseOf([9], "stop, send, start: the message is received", [], async (stage) => {
    const address = stage.address();
    const listener = await stage.listen(address);
    const [first, second] = [testMessage(), testMessage()];
    await stage.send(address, [first]);
    await stage.until("the first message to be handled", () => listener.handled.length > 0);
    await stage.stop(listener);
    await stage.send(address, [second]);
    const other = await stage.listen(stage.address());
    await stage.fence(other);
    expectEqual(listener.begun.length, 1, "nothing to be received while it is stopped");
    await stage.settled("the receiver to start again", listener.receiver.start());
    await stage.until("the message sent meanwhile to be received", () => listener.handled.length >= 2);
    expectEqual(listener.handled, idsOf([first, second]), "each message once");
  }),
  caseOf([10], "a handler failing during stop is settled, with no critical error", [], async (stage) => {
    const address = stage.address();
    const gate = stage.gate();
    const failing = testMessage();
    const listener = await stage.listen(address, {
      async onMessage({ message }) {
        if (message.id !== failing.id) return;
        await gate.pass();
        throw new Error("fails during stop");
      },
      onError: () => ({ action: "handled" }),
    });
    await stage.send(address, [failing]);
    await stage.until("a message to be handled", () => listener.atOnce.now > 0);
    const stopping = listener.receiver.stop(new AbortController().signal);
    gate.open();
    await stage.settled("stop to settle", stopping);
    expectEqual(listener.failed.length, 1, "the failure to reach the error policy");
    expectEqual(listener.critical.length, 0, "no critical error");
    await stage.settled("the receiver to start again", listener.receiver.start());
    await stage.fence(listener);
    expectEqual(listener.begun.length, 1, "the message to be settled as the policy has said");
  }),
  caseOf([], "shutdown stops the receivers that still run, and waits for their handlers", [], async (stage) => {
    const address = stage.address();
    const gate = stage.gate();
    const listener = await stage.listen(address, { onMessage: () => gate.pass() });
    await stage.send(address, [testMessage()]);
    await stage.until("a message to be handled", () => listener.atOnce.now > 0);
    let down = false;
    const ending = stage.end(listener).then(() => (down = true));
    const other = await stage.listen(stage.address());
    await stage.fence(other);
    expectThat(!down, "shutdown to wait for the handler in flight");
    gate.open();
    await ending;
    expectEqual(listener.handled.length, 1, "the handler to have ended");
    const next = await stage.listen(address);
    await stage.fence(next);
    expectEqual(next.begun.length, 0, "what was handled not to come again");
  }),
];
