import type { ErrorContext, ErrorResult } from "../../seam/index.ts";
import { caseOf } from "../case-of.ts";
import type { ParkedMessage } from "../conformance-bench.ts";
import { expectEqual, expectThat } from "../expect.ts";
import type { Stage } from "../stage.ts";
import { testMessage, testMessages } from "../test-message.ts";

/** Whatever a handler can throw. */
const THROWN: readonly unknown[] = [
  undefined,
  null,
  "a text",
  12n,
  Symbol("thrown"),
  Object.create(null),
  Object.defineProperty(new Error("own"), "message", {
    get() {
      throw new Error("no look");
    },
  }),
  new Proxy(new Error("own"), {
    get() {
      throw new Error("no look");
    },
    getPrototypeOf() {
      throw new Error("no look");
    },
  }),
];

async function parkedAt(stage: Stage, address: string, count: number): Promise<readonly ParkedMessage[]> {
  let parked: readonly ParkedMessage[] = [];
  await stage.until(`${count} messages to be parked`, async () => {
    parked = (await stage.bench.parked?.(address)) ?? [];
    return parked.length >= count;
  });
  return parked;
}

/** Immediate retries, then delayed ones, then aside. */
function afterTwoAndTwo({ immediateFailures, delayedRetries }: ErrorContext): ErrorResult {
  if (immediateFailures < 2) return { action: "retry" };
  return delayedRetries < 2 ? { action: "retry after", milliseconds: 100 } : { action: "park" };
}

export const parkingCases = [
  caseOf(
    [43],
    "an unrecoverable error is parked at once, and the next message is handled",
    ["parking", "parked"],
    async (stage) => {
      const address = stage.address();
      const [bad, good] = [testMessage(), testMessage()];
      const listener = await stage.listen(address, {
        onMessage({ message }) {
          if (message.id === bad.id) throw new Error("no retry mends it");
        },
        onError: () => ({ action: "park" }),
      });
      await stage.send(address, [bad, good]);
      const parked = await parkedAt(stage, address, 1);
      await stage.until("the next message to be handled", () => listener.handled.includes(good.id));
      await stage.fence(listener);
      expectEqual(
        parked.map(({ id }) => id),
        [bad.id],
        "the message to be parked",
      );
      expectEqual(listener.begun.length, 2, "it not to be tried again");
    },
  ),
  caseOf(
    [41],
    "a parked message has its own headers and bytes, and besides them what the policy says of the failure",
    ["parking", "parked"],
    async (stage) => {
      const address = stage.address();
      await stage.listen(address, {
        onMessage() {
          throw new Error("it is broken");
        },
        onError: ({ error }) => ({ action: "park", headers: { failure: String(error), attempts: 1 } }),
      });
      const body = '{"n":12345678901234567890, "x": 1.0}';
      await stage.send(address, [testMessage({ body, headers: { color: "blue" } })]);
      const [parked] = await parkedAt(stage, address, 1);
      expectEqual(parked?.headers["color"], "blue", "its own header");
      expectEqual(parked?.headers["failure"], "Error: it is broken", "the header that the policy adds");
      expectEqual(parked?.headers["attempts"], 1, "the header that the policy adds");
      expectEqual(new TextDecoder().decode(parked?.body), body, "exactly its bytes");
    },
  ),
  caseOf(
    [41],
    "immediate retries n, delayed retries m, then parked, and never tried again",
    ["parking", "parked", "delayedDelivery"],
    async (stage) => {
      const address = stage.address();
      const listener = await stage.listen(address, {
        onMessage() {
          throw new Error("fails each time");
        },
        onError: afterTwoAndTwo,
      });
      await stage.send(address, [testMessage()]);
      await parkedAt(stage, address, 1);
      await stage.fence(listener);
      expectEqual(listener.begun.length, 6, "two attempts, and two more after each of two delays");
      expectEqual((await parkedAt(stage, address, 1)).length, 1, "it to be parked once");
    },
  ),
  caseOf(
    [62],
    "whatever a handler throws reaches the policy and can be parked; receiving goes on",
    ["parking", "parked"],
    async (stage) => {
      const address = stage.address();
      const listener = await stage.listen(address, {
        onMessage({ message }) {
          const which = message.headers["which"];
          if (typeof which === "number") throw THROWN[which];
        },
        onError: () => ({ action: "park" }),
      });
      await stage.send(
        address,
        THROWN.map((_, which) => testMessage({ headers: { which } })),
      );
      await parkedAt(stage, address, THROWN.length);
      await stage.fence(listener);
      expectEqual(listener.failed.length, THROWN.length, "each to reach the policy once");
      for (const { error, message } of listener.failed) {
        const which = Number(message.headers["which"]);
        expectThat(Object.is(error, THROWN[which]), `the very value that was thrown, the one at ${which}`);
      }
      expectEqual(listener.critical.length, 0, "no critical error");
    },
  ),
  caseOf(
    [47],
    "a message that fails in delayed retries does not hold up the others",
    ["delayedDelivery"],
    async (stage) => {
      const address = stage.address();
      const poison = testMessage();
      const others = testMessages(6);
      const listener = await stage.listen(address, {
        onMessage({ message }) {
          if (message.id === poison.id) throw new Error("poison");
        },
        onError: () => ({ action: "retry after", milliseconds: 3_600_000 }),
      });
      await stage.send(address, [poison, ...others]);
      await stage.until("the others to be handled while it waits", () => listener.handled.length >= others.length);
      expectEqual(
        listener.begun.filter(({ message }) => message.id === poison.id).length,
        1,
        "it to wait for its time",
      );
    },
  ),
  caseOf([47], "a message that fails in immediate retries takes its own slot only", [], async (stage) => {
    const address = stage.address();
    const poison = testMessage();
    const others = testMessages(6);
    let healed = false;
    const listener = await stage.listen(address, {
      concurrency: 2,
      onMessage({ message }) {
        if (message.id === poison.id && !healed) throw new Error("poison");
      },
      onError: () => ({ action: "retry" }),
    });
    await stage.send(address, [poison, ...others]);
    await stage.until("the others to be handled beside it", () => listener.handled.length >= others.length);
    healed = true;
    await stage.until("it to be handled in the end", () => listener.handled.includes(poison.id));
  }),
];
