import { caseOf } from "../case-of.ts";
import type { ConformanceBench } from "../conformance-bench.ts";
import { expectEqual } from "../expect.ts";
import type { Stage } from "../stage.ts";
import { idsOf, testMessage, testMessages } from "../test-message.ts";

/** Interrupts the server's service while messages are sent and handled, and after that. */
async function interrupted(stage: Stage, interrupt: NonNullable<ConformanceBench["restart"]>): Promise<void> {
  const address = stage.address();
  const messages = testMessages(40);
  const gate = stage.gate();
  const listener = await stage.listen(address, { concurrency: 2, onMessage: () => gate.pass() });
  await stage.send(address, messages.slice(0, 20));
  gate.let(5);
  await stage.until("messages to be handled before it", () => listener.handled.length >= 5);
  await interrupt();
  gate.open();
  await stage.sendAnyhow(address, messages.slice(20));
  await stage.until("every message to be handled, without anybody doing anything", () =>
    idsOf(messages).every((id) => listener.handled.includes(id)),
  );
  expectEqual(listener.critical.length, 0, "no critical error");
  await interrupt();
  const last = testMessage();
  await stage.sendAnyhow(address, [last]);
  await stage.until("a message sent after an idle receiver's was cut to be handled", () =>
    listener.handled.includes(last.id),
  );
}

export const connectionCases = [
  caseOf(
    [20],
    "delivery goes on by itself after the connection was cut, and nothing is lost",
    ["cutConnection"],
    (stage) => interrupted(stage, async () => stage.bench.cutConnection?.()),
  ),
  caseOf([20], "delivery goes on by itself after the server was restarted, and nothing is lost", ["restart"], (stage) =>
    interrupted(stage, async () => stage.bench.restart?.()),
  ),
  caseOf(
    [22],
    "an entry of the queue whose message is gone is settled, and holds nobody up",
    ["loseMessage"],
    async (stage) => {
      const address = stage.address();
      const [gone, next] = [testMessage(), testMessage()];
      await stage.send(address, [gone, next]);
      await stage.bench.loseMessage?.(address, gone.id);
      const listener = await stage.listen(address);
      await stage.until("the next message to be handled", () => listener.handled.includes(next.id));
      await stage.fence(listener);
      expectEqual(listener.handled, idsOf([next]), "the next message only");
      expectEqual(listener.failed.length, 0, "no failure, since there is nothing to be retried");
    },
  ),
];
