import { caseOf } from "../case-of.ts";
import { expectEqual, expectSame } from "../expect.ts";
import { idsOf, testMessage, testMessages } from "../test-message.ts";

export const settlementCases = [
  caseOf(
    [],
    "settlement exactly once: what was handled, discarded or dealt with never comes again, and nothing else is lost",
    [],
    async (stage) => {
      const address = stage.address();
      const messages = testMessages(30).map((message, index) => ({ ...message, headers: { index } }));
      const listener = await stage.listen(address, {
        concurrency: 4,
        onMessage({ message, attempt }) {
          const rest = Number(message.headers["index"]) % 5;
          if ((rest < 3 && rest > 0) || (rest === 3 && attempt < 3)) throw new Error("fails");
        },
        onError: ({ message }) => {
          const rest = Number(message.headers["index"]) % 5;
          return { action: rest === 1 ? "handled" : rest === 2 ? "discard" : "retry" };
        },
      });
      await stage.send(address, messages);
      const handled = messages.filter((_, index) => ![1, 2].includes(index % 5));
      await stage.until("every message to come to its end", () => {
        return listener.handled.length >= handled.length && listener.failed.length >= 24;
      });
      await stage.fence(listener);
      expectSame(listener.handled, idsOf(handled), "each message to be handled once");
      await stage.end(listener);
      const next = await stage.listen(address);
      await stage.fence(next);
      expectSame(
        next.begun.map(({ message }) => message.id),
        [],
        "nothing of it to come again after a new start",
      );
    },
  ),
  caseOf(
    [],
    "a message that the next attempt handles is settled by that, not by the failure before",
    [],
    async (stage) => {
      const address = stage.address();
      const gate = stage.gate();
      const listener = await stage.listen(address, {
        async onMessage({ attempt }) {
          if (attempt === 1) throw new Error("fails");
          await gate.pass();
        },
        onError: () => ({ action: "retry" }),
      });
      const message = testMessage();
      await stage.send(address, [message]);
      await stage.until("the second attempt to begin", () => listener.begun.length >= 2);
      await stage.settled("stop to settle although a handler goes on", listener.receiver.stop(AbortSignal.abort()));
      const next = await stage.listen(address);
      await stage.until("the message to come again, since no attempt has ended well", () => next.begun.length > 0);
      expectEqual(next.begun[0]?.message.id, message.id, "the message that nobody has handled");
    },
  ),
];
