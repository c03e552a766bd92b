import type { TransportMessage } from "../../seam/index.ts";
import { caseOf } from "../case-of.ts";
import { expectEqual, expectSame } from "../expect.ts";
import type { Stage } from "../stage.ts";
import { idsOf, testMessage, testMessages } from "../test-message.ts";

/** Publishes these types in turn until it is stopped, and remembers what. */
function traffic(stage: Stage, types: readonly string[]) {
  const published: TransportMessage[] = [];
  const flow = { on: true };
  const publishing = (async () => {
    while (flow.on && !stage.isOver)
      for (const type of types) {
        const message = testMessage({ type });
        await stage.publish([message]);
        published.push(message);
        await stage.breathe();
      }
  })();
  // Whoever stops it hears of it.
  publishing.catch(() => {});
  return {
    published,
    /** Settles when so many more have been published. */
    async more(count: number): Promise<void> {
      const enough = published.length + count;
      await stage.until("publishing to go on", () => published.length >= enough);
    },
    async stop(): Promise<void> {
      flow.on = false;
      await publishing;
    },
  };
}

const ofType = (messages: readonly TransportMessage[], type: string) =>
  idsOf(messages.filter((message) => message.type === type));

export const subscribingCases = [
  caseOf(
    [34],
    "unsubscribed under traffic: no more of that type; the others go on without gap or repeat",
    ["publishSubscribe"],
    async (stage) => {
      const namespace = stage.address();
      const [kept, left] = [`${namespace}.Kept`, `${namespace}.Left`];
      const listener = await stage.listen(stage.address(), { types: { [kept]: "now", [left]: "now" } });
      const events = traffic(stage, [kept, left]);
      await events.more(20);
      await stage.settled("unsubscribing to settle", listener.subscriptions.unsubscribe(left));
      const until = events.published.length;
      await events.more(20);
      await events.stop();
      await stage.fence(listener, kept);
      const received = listener.begun.map(({ message }) => message);
      expectSame(ofType(received, kept), ofType(events.published, kept), "each event of the other type once");
      // One was perhaps on its way when the unsubscribing settled.
      const after = new Set(ofType(events.published.slice(until + 1), left));
      expectEqual(
        ofType(received, left).filter((id) => after.has(id)),
        [],
        "nothing of that type that came later",
      );
    },
  ),
  caseOf(
    [35],
    "subscribed while traffic flows: no event of other types is lost or repeated, and the new type comes from then on",
    ["publishSubscribe"],
    async (stage) => {
      const namespace = stage.address();
      const [had, added] = [`${namespace}.Had`, `${namespace}.Added`];
      const listener = await stage.listen(stage.address(), { types: { [had]: "now" } });
      const events = traffic(stage, [had, added]);
      await events.more(20);
      await stage.settled("subscribing to settle", listener.subscriptions.subscribe(new Map([[added, "now"]])));
      const since = events.published.length;
      await events.more(20);
      await events.stop();
      await stage.fence(listener, added);
      const received = listener.begun.map(({ message }) => message);
      expectSame(ofType(received, had), ofType(events.published, had), "each event of the other type once");
      const later = ofType(events.published.slice(since), added);
      const got = ofType(received, added);
      expectEqual(
        later.filter((id) => !got.includes(id)),
        [],
        "no event of the new type to be missing from then on",
      );
      expectEqual(got.length, new Set(got).size, "none of them twice");
    },
  ),
  caseOf(
    [36],
    "from the start: all of history once, then on without gap, also under traffic",
    ["publishSubscribe", "publishedHistory"],
    async (stage) => {
      const type = `${stage.address()}.Placed`;
      const events = traffic(stage, [type]);
      await events.more(20);
      const listener = await stage.listen(stage.address(), { types: { [type]: "start" } });
      await events.more(20);
      await events.stop();
      await stage.until("all of history to come", () => listener.handled.length >= events.published.length);
      await stage.fence(listener, type);
      expectSame(listener.handled, idsOf(events.published), "each event once, from the first one on");
    },
  ),
  caseOf([37], "from now: nothing of history, after a new start either", ["publishSubscribe"], async (stage) => {
    const type = `${stage.address()}.Placed`;
    const address = stage.address();
    const types = { [type]: "now" } as const;
    await stage.publish(testMessages(10, { type }));
    const first = await stage.listen(address, { types });
    await stage.fence(first, type);
    expectEqual(first.begun.length, 0, "nothing of what was published before");
    await stage.end(first);
    const second = await stage.listen(address, { types });
    const event = testMessage({ type });
    await stage.publish([event]);
    await stage.until("what is published from now on to come", () => second.handled.length > 0);
    await stage.fence(second, type);
    expectEqual(second.handled, idsOf([event]), "what was published since, and nothing before it");
  }),
  caseOf(
    [37],
    "what is subscribed to stays while nobody runs, and subscribing again changes nothing",
    ["publishSubscribe"],
    async (stage) => {
      const type = `${stage.address()}.Placed`;
      const address = stage.address();
      const first = await stage.listen(address, { types: { [type]: "now" } });
      const events = testMessages(3, { type });
      await stage.publish(events.slice(0, 1));
      await stage.until("the first event to come", () => first.handled.length > 0);
      await stage.end(first);
      await stage.publish(events.slice(1, 2));
      const second = await stage.listen(address, { types: { [type]: "now" } });
      await stage.publish(events.slice(2));
      await stage.until("what was published meanwhile, and since, to come", () => second.handled.length >= 2);
      await stage.fence(second, type);
      expectEqual(second.handled, idsOf(events.slice(1)), "each event once");
    },
  ),
];
