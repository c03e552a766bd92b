import { caseOf } from "../case-of.ts";
import { expectEqual } from "../expect.ts";
import type { Listener } from "../listener.ts";
import type { Stage } from "../stage.ts";
import { idsOf, testMessage, testMessages } from "../test-message.ts";

/** More than any transport should hand out a message that ends its process each time. */
const CRASHES = 30;

/** Lets processes listen one after the other; each is ended as soon as it handles the deadly message, until that is parked. */
async function crashUntilParked(stage: Stage, address: string, deadly: string, concurrency: number) {
  const handled: string[] = [];
  for (let crashes = 0; crashes < CRASHES; crashes += 1) {
    const gate = stage.gate();
    const listener: Listener = await stage.listen(address, {
      concurrency,
      onMessage: ({ message }) => (message.id === deadly ? gate.pass() : undefined),
    });
    let parked = false;
    await stage.until("the message to be handled again, or to be parked", async () => {
      parked = ((await stage.bench.parked?.(address)) ?? []).some(({ id }) => id === deadly);
      return parked || listener.atOnce.now > 0;
    });
    if (parked) return { listener, handled };
    handled.push(...listener.handled);
    await stage.bench.crash?.();
    stage.crashed();
  }
  return { listener: undefined, handled };
}

export const crashCases = [
  caseOf(
    [46],
    "a message whose process ends each time it is handled does not loop for ever: it is parked, and the next is handled",
    ["crash", "parking", "parked"],
    async (stage) => {
      const address = stage.address();
      const [deadly, next] = [testMessage(), testMessage()];
      await stage.send(address, [deadly, next]);
      const { listener, handled } = await crashUntilParked(stage, address, deadly.id, 1);
      expectEqual(listener === undefined, false, `the message to be parked after fewer than ${CRASHES} crashes`);
      await stage.until(
        "the next message to be handled",
        () => handled.includes(next.id) || listener?.handled.includes(next.id) === true,
      );
    },
  ),
  caseOf(
    [61],
    "a message that ends its process each time is parked alone: none of those in flight beside it is",
    ["crash", "parking", "parked"],
    async (stage) => {
      const address = stage.address();
      const deadly = testMessage();
      const slow = testMessages(3);
      await stage.send(address, [deadly, ...slow]);
      for (let crashes = 0; crashes < CRASHES; crashes += 1) {
        const gate = stage.gate();
        const listener = await stage.listen(address, { concurrency: 4, onMessage: () => gate.pass() });
        const isDead = () => listener.begun.some(({ message }) => message.id === deadly.id);
        let parked: readonly string[] = [];
        await stage.until("the messages to be handled again, or parked", async () => {
          parked = idsOf((await stage.bench.parked?.(address)) ?? []);
          return isDead() || parked.includes(deadly.id);
        });
        if (parked.includes(deadly.id)) {
          gate.open();
          await stage.until("those beside it to be handled", () => listener.handled.length >= slow.length);
          expectEqual(
            idsOf((await stage.bench.parked?.(address)) ?? []),
            [deadly.id],
            "it to be parked, and nothing else",
          );
          return;
        }
        await stage.bench.crash?.();
        stage.crashed();
      }
      expectEqual("not parked", "parked", `the message to be parked after fewer than ${CRASHES} crashes`);
    },
  ),
  caseOf(
    [67],
    "an instance frozen for longer than the server waits sends nothing twice when it goes on",
    ["freeze", "atomicDispatch"],
    async (stage) => {
      const [address, destination] = [stage.address(), stage.address()];
      let freezes = 0;
      const handle: NonNullable<Parameters<Stage["listen"]>[1]>["onMessage"] = async ({ dispatcher }) => {
        await dispatcher.dispatch({ unicast: [{ message: testMessage(), destination }] });
        freezes += 1;
        if (freezes === 1) await stage.bench.freeze?.();
      };
      const first = await stage.listen(address, { onMessage: handle });
      const second = await stage.listen(address, { onMessage: handle });
      const receiver = await stage.listen(destination);
      await stage.send(address, [testMessage()]);
      await stage.until(
        "the message to be handled by somebody to its end",
        () => first.handled.length + second.handled.length > 0 && first.atOnce.now + second.atOnce.now === 0,
      );
      await stage.until("what was sent to be received", () => receiver.handled.length > 0);
      await stage.fence([first, second]);
      await stage.fence(receiver);
      expectEqual(receiver.handled.length, 1, "what the message led to, once");
    },
  ),
];
