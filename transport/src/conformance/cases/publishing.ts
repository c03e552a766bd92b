import { caseOf } from "../case-of.ts";
import { expectEqual, expectSame } from "../expect.ts";
import { idsOf, testMessage, testMessages } from "../test-message.ts";

/** Names of types that nobody else publishes. */
const typesOf = (address: string) =>
  ({
    placed: `${address}.Placed`,
    billed: `${address}.Billed`,
    base: `${address}.Base`,
    other: `${address}.Other`,
  }) as const;

export const publishingCases = [
  caseOf(
    [31],
    "every subscriber gets an event once; its scaled-out instances share the queue, and one of them handles it",
    ["publishSubscribe"],
    async (stage) => {
      const [first, second] = [stage.address(), stage.address()];
      const { placed } = typesOf(stage.address());
      const types = { [placed]: "now" } as const;
      const one = await stage.listen(first, { types });
      const [twoA, twoB] = [await stage.listen(second, { types }), await stage.listen(second, { types })];
      const events = testMessages(20, { type: placed });
      await stage.publish(events);
      await stage.until("the subscriber to get every event", () => one.handled.length >= events.length);
      await stage.until(
        "the instances of the other to get every event between them",
        () => twoA.handled.length + twoB.handled.length >= events.length,
      );
      await stage.fence(one, placed);
      await stage.end(twoA);
      await stage.fence(twoB, placed);
      expectSame(one.handled, idsOf(events), "each event once");
      expectSame([...twoA.handled, ...twoB.handled], idsOf(events), "each event at one of the instances");
    },
  ),
  caseOf([31], "what nobody has subscribed to is delivered to nobody", ["publishSubscribe"], async (stage) => {
    const { placed, billed } = typesOf(stage.address());
    const listener = await stage.listen(stage.address(), { types: { [placed]: "now" } });
    await stage.publish([testMessage({ type: billed }), testMessage({ type: placed })]);
    await stage.until("the event that was subscribed to to come", () => listener.handled.length > 0);
    await stage.fence(listener, placed);
    expectEqual(
      listener.begun.map(({ message }) => message.type),
      [placed],
      "no other types",
    );
  }),
  caseOf([32], "a host that only sends can publish", ["publishSubscribe"], async (stage) => {
    const { placed } = typesOf(stage.address());
    const listener = await stage.listen(stage.address(), { types: { [placed]: "now" } });
    const host = await stage.host(stage.address(), []);
    const event = testMessage({ type: placed });
    await host.dispatcher.dispatch({ multicast: [{ message: event }] });
    await stage.until("the event to be received", () => listener.handled.length > 0);
    expectEqual(listener.handled, idsOf([event]), "the event that was published");
  }),
  caseOf(
    [33],
    "a subscription to a base type gets derived events; one to two unrelated bases gets each once",
    ["publishSubscribe"],
    async (stage) => {
      const { placed, base, other } = typesOf(stage.address());
      const one = await stage.listen(stage.address(), { types: { [base]: "now" } });
      const both = await stage.listen(stage.address(), { types: { [base]: "now", [other]: "now" } });
      const events = testMessages(5, { type: placed });
      await stage.publish(events, { baseTypes: [base, other] });
      await stage.until("the derived events to come to the base's subscriber", () => one.handled.length >= 5);
      await stage.until("the derived events to come to the subscriber of both", () => both.handled.length >= 5);
      await stage.fence(one, base);
      await stage.fence(both, base);
      expectEqual(one.handled, idsOf(events), "each event once");
      expectEqual(both.handled, idsOf(events), "each event once although both bases are subscribed to");
      expectEqual(one.begun[0]?.message.type, placed, "the event to have its own type");
    },
  ),
  caseOf(
    [33],
    "a subscription to a namespace gets all of its types, and no others",
    ["publishSubscribe"],
    async (stage) => {
      const namespace = stage.address();
      const { placed, billed } = typesOf(namespace);
      const listener = await stage.listen(stage.address(), { types: { [`${namespace}.*`]: "now" } });
      const inside = [testMessage({ type: placed }), testMessage({ type: billed })];
      await stage.publish([testMessage({ type: `${namespace}Other.Placed` }), ...inside]);
      await stage.until("both types of the namespace to come", () => listener.handled.length >= 2);
      await stage.fence(listener, placed);
      expectSame(listener.handled, idsOf(inside), "what is in the namespace, once");
    },
  ),
  caseOf(
    [24],
    "an event published before the throw does not leave, and one published by a handler that ends well does",
    ["publishSubscribe", "atomicDispatch"],
    async (stage) => {
      const address = stage.address();
      const { placed } = typesOf(stage.address());
      const published = testMessage({ type: placed });
      const listener = await stage.listen(address, {
        async onMessage({ dispatcher, attempt }) {
          const message = attempt === 1 ? testMessage({ type: placed }) : published;
          await dispatcher.dispatch({ multicast: [{ message }] });
          if (attempt === 1) throw new Error("fails");
        },
        onError: () => ({ action: "retry" }),
      });
      const subscriber = await stage.listen(stage.address(), { types: { [placed]: "now" } });
      await stage.send(address, [testMessage()]);
      await stage.until("the second attempt to end well", () => listener.handled.length > 0);
      await stage.until("what it has published to be received", () => subscriber.handled.length > 0);
      await stage.fence(subscriber, placed);
      expectEqual(subscriber.handled, idsOf([published]), "the event of the attempt that ended well, and no other");
    },
  ),
];
