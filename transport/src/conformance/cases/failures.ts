import type { ErrorContext, Headers } from "../../seam/index.ts";
import { caseOf } from "../case-of.ts";
import { expectEqual, expectThat } from "../expect.ts";
import { idsOf, testMessage } from "../test-message.ts";

const fail = () => {
  throw new Error("fails");
};

/** The same message, and nothing else different in its headers. */
function expectAsSent(context: ErrorContext, nativeId: string | undefined, headers: Headers): void {
  expectEqual(context.nativeId, nativeId, "the native id that the handler has seen");
  for (const [name, value] of Object.entries(headers))
    expectEqual(context.message.headers[name], value, `the header ${JSON.stringify(name)} in the error policy`);
}

export const failureCases = [
  caseOf(
    [11],
    "a handler that throws reaches the error policy with the exception, headers and number of attempts",
    [],
    async (stage) => {
      const address = stage.address();
      const error = new Error("fails");
      const headers = { of: address, number: 3 };
      const listener = await stage.listen(address, { onMessage: () => Promise.reject(error) });
      const message = testMessage({ headers });
      await stage.send(address, [message]);
      await stage.until("the failure to reach the error policy", () => listener.failed.length > 0);
      const [failed] = listener.failed;
      expectThat(failed !== undefined, "a failure");
      expectThat(failed.error === error, "the very exception that was thrown");
      expectEqual(failed.message.id, message.id, "the message that failed");
      expectAsSent(failed, listener.begun[0]?.nativeId, headers);
      expectEqual(failed.immediateFailures, 1, "the first failure to be counted as 1");
      expectEqual(failed.delayedRetries, 0, "no delayed retries yet");
    },
  ),
  caseOf([12], "the attempt grows 1, 2, 3 over immediate retries", [], async (stage) => {
    const address = stage.address();
    const listener = await stage.listen(address, {
      onMessage: ({ attempt }) => (attempt < 3 ? fail() : undefined),
      onError: () => ({ action: "retry" }),
    });
    await stage.send(address, [testMessage()]);
    await stage.until("the third attempt to end well", () => listener.handled.length > 0);
    expectEqual(
      listener.begun.map(({ attempt }) => attempt),
      [1, 2, 3],
      "the attempts that the handler sees",
    );
    expectEqual(
      listener.failed.map(({ immediateFailures }) => immediateFailures),
      [1, 2],
      "the failures that the error policy sees",
    );
    expectEqual(new Set(listener.begun.map(({ nativeId }) => nativeId)).size, 1, "one native id for all attempts");
  }),
  caseOf(
    [13],
    "a delayed retry starts counting immediate ones anew, and keeps the number of delayed ones and the first failure's time",
    ["delayedDelivery"],
    async (stage) => {
      const address = stage.address();
      const listener = await stage.listen(address, {
        onMessage: ({ delayedRetries }) => (delayedRetries < 2 ? fail() : undefined),
        onError: ({ immediateFailures }) =>
          immediateFailures < 2 ? { action: "retry" } : { action: "retry after", milliseconds: 200 },
      });
      await stage.send(address, [testMessage()]);
      await stage.until("the message to be handled after two delayed retries", () => listener.handled.length > 0);
      expectEqual(
        listener.begun.map(({ attempt, delayedRetries }) => [attempt, delayedRetries]),
        [
          [1, 0],
          [2, 0],
          [1, 1],
          [2, 1],
          [1, 2],
        ],
        "attempt and delayed retries that the handler sees",
      );
      expectEqual(
        listener.failed.map(({ immediateFailures, delayedRetries }) => [immediateFailures, delayedRetries]),
        [
          [1, 0],
          [2, 0],
          [1, 1],
          [2, 1],
        ],
        "immediate failures and delayed retries that the error policy sees",
      );
      expectEqual(
        new Set(listener.failed.map(({ firstFailedAt }) => firstFailedAt.getTime())).size,
        1,
        "one time of the first failure over all retries",
      );
    },
  ),
  caseOf(
    [14],
    "header changes made by a handler are seen neither by the error policy nor by the retry",
    [],
    async (stage) => {
      const address = stage.address();
      const seen: unknown[] = [];
      const listener = await stage.listen(address, {
        onMessage({ message, attempt }) {
          seen.push(message.headers["color"], message.headers["added"]);
          // Those who freeze their headers refuse it, which is as good.
          Reflect.set(message.headers, "color", "red");
          Reflect.set(message.headers, "added", "yes");
          if (attempt === 1) fail();
        },
        onError: ({ message }) => {
          seen.push(message.headers["color"], message.headers["added"]);
          return { action: "retry" };
        },
      });
      await stage.send(address, [testMessage({ headers: { color: "blue" } })]);
      await stage.until("the retry to end well", () => listener.handled.length > 0);
      const asSent = ["blue", undefined];
      expectEqual(
        seen,
        [...asSent, ...asSent, ...asSent],
        "the headers as sent: in the handler, the policy, the retry",
      );
    },
  ),
  caseOf([15], "context items set by a handler are seen by the error policy and by the retry", [], async (stage) => {
    const address = stage.address();
    const seen: unknown[] = [];
    const listener = await stage.listen(address, {
      onMessage({ items, attempt }) {
        seen.push(items.get("note"));
        items.set("note", `of attempt ${attempt}`);
        if (attempt === 1) fail();
      },
      onError: ({ items }) => {
        seen.push(items.get("note"));
        return { action: "retry" };
      },
    });
    await stage.send(address, [testMessage()]);
    await stage.until("the retry to end well", () => listener.handled.length > 0);
    expectEqual(
      seen,
      [undefined, "of attempt 1", "of attempt 1"],
      "no items at first, then what the handler has set: in the policy, in the retry",
    );
  }),
  caseOf(
    [16],
    "an error policy that throws is a critical error with the native id and that exception, and the message comes again",
    [],
    async (stage) => {
      const address = stage.address();
      const error = new Error("the policy fails");
      let failures = 0;
      const listener = await stage.listen(address, {
        onMessage: () => (failures === 0 ? fail() : undefined),
        onError: () => {
          failures += 1;
          throw error;
        },
      });
      await stage.send(address, [testMessage()]);
      await stage.until("the message to be handled when it comes again", () => listener.handled.length > 0);
      const [critical] = listener.critical;
      expectThat(critical !== undefined, "a critical error");
      expectThat(critical.error === error, "the very exception that the policy has thrown");
      expectEqual(critical.nativeId, listener.begun[0]?.nativeId, "the native id on the critical error");
      expectThat(critical.problem !== "", "a sentence about the problem");
      expectEqual(listener.begun.at(-1)?.nativeId, listener.begun[0]?.nativeId, "the same message to come again");
    },
  ),
  caseOf([17], "a message sent by the error policy when it says handled is dispatched", [], async (stage) => {
    const [address, destination] = [stage.address(), stage.address()];
    const note = testMessage();
    const listener = await stage.listen(address, {
      onMessage: fail,
      onError: async ({ dispatcher }) => {
        await dispatcher.dispatch({ unicast: [{ message: note, destination }] });
        return { action: "handled" };
      },
    });
    const receiver = await stage.listen(destination);
    await stage.send(address, [testMessage()]);
    await stage.until("what the error policy has sent to be received", () => receiver.handled.includes(note.id));
    await stage.fence(listener);
    expectEqual(listener.begun.length, 1, "the message to be settled");
  }),
  caseOf(
    [42],
    "the policy decides per exception, and each of its results is done",
    ["delayedDelivery", "parking", "parked"],
    async (stage) => {
      const address = stage.address();
      const actions = ["retry", "retry after", "handled", "discard", "park"] as const;
      const messages = actions.map((action) => testMessage({ headers: { action } }));
      const listener = await stage.listen(address, {
        onMessage({ message, attempt, delayedRetries }) {
          if (attempt + delayedRetries === 1) throw new Error(String(message.headers["action"]));
        },
        onError: ({ error }) => {
          const action = actions.find((action) => error instanceof Error && error.message === action) ?? "handled";
          return action === "retry after" ? { action, milliseconds: 200 } : { action };
        },
      });
      await stage.send(address, messages);
      await stage.until("two messages to be handled when they are tried again", () =>
        idsOf(messages.slice(0, 2)).every((id) => listener.handled.includes(id)),
      );
      await stage.fence(listener);
      for (const [index, message] of messages.entries()) {
        const begun = listener.begun.filter((context) => context.message.id === message.id).length;
        expectEqual(begun, index < 2 ? 2 : 1, `the number of times that it was tried after "${actions[index]}"`);
      }
      const parked = (await stage.bench.parked?.(address)) ?? [];
      expectEqual(
        parked.map(({ id }) => id),
        [messages[4]?.id],
        "the one to be parked that the policy has parked",
      );
    },
  ),
];
