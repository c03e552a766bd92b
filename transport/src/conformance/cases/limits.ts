import { caseOf } from "../case-of.ts";
import { expectEqual, expectSame, expectThat } from "../expect.ts";
import { idsOf, testMessages } from "../test-message.ts";

export const limitCases = [
  caseOf(
    [3],
    "with limit n, n messages are handled at once when more wait, and no more; all are handled",
    [],
    async (stage) => {
      const address = stage.address();
      const gate = stage.gate();
      const messages = testMessages(12);
      await stage.send(address, messages);
      const listener = await stage.listen(address, { concurrency: 3, onMessage: () => gate.pass() });
      await stage.until("3 messages to be handled at once", () => listener.atOnce.now >= 3);
      for (let handled = 1; handled <= messages.length; handled += 1) {
        gate.let(1);
        await stage.until("one message after the other to be handled", () => listener.handled.length >= handled);
      }
      await stage.fence(listener);
      expectEqual(listener.atOnce.most, 3, "at most as many at once as the limit says");
      expectSame(listener.handled, idsOf(messages), "each message to be handled once");
    },
  ),
  caseOf([4], "a limit raised while running takes effect", [], async (stage) => {
    const address = stage.address();
    const gate = stage.gate();
    await stage.send(address, testMessages(8));
    const listener = await stage.listen(address, { concurrency: 1, onMessage: () => gate.pass() });
    await stage.until("the first message to be handled", () => listener.atOnce.now >= 1);
    listener.receiver.changeLimits({ concurrency: 4 });
    await stage.until("4 messages to be handled at once after the limit was raised", () => listener.atOnce.now >= 4);
    gate.open();
    await stage.until("all messages to be handled", () => listener.handled.length >= 8);
    expectEqual(listener.atOnce.most, 4, "at most as many at once as the raised limit says");
  }),
  caseOf([5], "a limit raised, then lowered: the last value wins", [], async (stage) => {
    const address = stage.address();
    const gate = stage.gate();
    const listener = await stage.listen(address, { concurrency: 1, onMessage: () => gate.pass() });
    listener.receiver.changeLimits({ concurrency: 5 });
    listener.receiver.changeLimits({ concurrency: 2 });
    await stage.send(address, testMessages(8));
    await stage.until("2 messages to be handled at once", () => listener.atOnce.now >= 2);
    for (let handled = 1; handled <= 8; handled += 1) {
      gate.let(1);
      await stage.until("one message after the other to be handled", () => listener.handled.length >= handled);
    }
    expectEqual(listener.atOnce.most, 2, "at most as many at once as the last limit says");
  }),
  caseOf([6], "a limit lowered while running takes effect", [], async (stage) => {
    const address = stage.address();
    const gate = stage.gate();
    await stage.send(address, testMessages(12));
    const listener = await stage.listen(address, { concurrency: 4, onMessage: () => gate.pass() });
    await stage.until("4 messages to be handled at once", () => listener.atOnce.now >= 4);
    listener.receiver.changeLimits({ concurrency: 2 });
    listener.atOnce.most = 0;
    for (let handled = 0; handled < 12; handled += 1) {
      await stage.until("2 messages to be handled at once", () => listener.atOnce.now >= Math.min(2, 12 - handled));
      gate.let(1);
      await stage.until("one message after the other to be handled", () => listener.handled.length > handled);
    }
    expectEqual(listener.atOnce.most, 2, "at most as many at once, of those begun later, as the lowered limit says");
  }),
  caseOf([70], "a lowered limit hoards nothing: an idle second instance gets the messages", [], async (stage) => {
    const address = stage.address();
    const gate = stage.gate();
    const messages = testMessages(12);
    const first = await stage.listen(address, { concurrency: 4, onMessage: () => gate.pass() });
    await stage.send(address, messages);
    await stage.until("4 messages to be handled at once", () => first.atOnce.now >= 4);
    first.receiver.changeLimits({ concurrency: 1 });
    const second = await stage.listen(address);
    await stage.until(
      "the idle second instance to get all messages that the first one has not begun",
      () => second.handled.length >= 8,
    );
    expectEqual(first.begun.length, 4, "the first instance to have begun no more than its limit");
    gate.open();
    await stage.until("the first instance to handle what it had begun", () => first.handled.length >= 4);
    expectSame([...first.handled, ...second.handled], idsOf(messages), "each message to be handled once");
  }),
  caseOf(
    [60],
    "a handler that never settles: its signal is aborted at its limit, the host is told, and its slot goes to others",
    [],
    async (stage) => {
      const address = stage.address();
      const gate = stage.gate();
      const [stuck, ...others] = testMessages(4);
      expectThat(stuck !== undefined, "a message");
      const listener = await stage.listen(address, {
        handlerTimeout: 500,
        onMessage: ({ message }) => (message.id === stuck.id ? gate.pass() : undefined),
      });
      await stage.send(address, [stuck, ...others]);
      await stage.until("the signal of a handler that takes too long to be aborted", () => {
        const context = listener.begun.find(({ message }) => message.id === stuck.id);
        return context?.signal.aborted === true;
      });
      await stage.until("the host to be told of a handler that takes too long", () => listener.critical.length > 0);
      expectEqual(listener.critical[0]?.nativeId, listener.begun[0]?.nativeId, "to be told which message it is at");
      await stage.until("the others to be handled meanwhile", () =>
        others.every(({ id }) => listener.handled.includes(id)),
      );
    },
  ),
];
