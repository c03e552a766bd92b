import { caseOf } from "../case-of.ts";
import { expectEqual, expectSame, expectThat } from "../expect.ts";
import { idsOf, testMessage, testMessages } from "../test-message.ts";

/** No transport takes it for an address. */
const NO_ADDRESS = "";

const refusal = (dispatching: Promise<void>): Promise<unknown> =>
  dispatching.then(
    () => undefined,
    (error: unknown) => error,
  );

export const sendingCases = [
  caseOf([23], "an isolated send leaves although the handler then throws", [], async (stage) => {
    const [address, destination] = [stage.address(), stage.address()];
    const message = testMessage();
    await stage.listen(address, {
      async onMessage({ dispatcher }) {
        await dispatcher.dispatch({ unicast: [{ message, destination, isolated: true }] });
        throw new Error("fails");
      },
    });
    const receiver = await stage.listen(destination);
    await stage.send(address, [testMessage()]);
    await stage.until("the isolated message to be received", () => receiver.handled.includes(message.id));
  }),
  caseOf([23], "an isolated send has left before the handler ends", [], async (stage) => {
    const [address, destination] = [stage.address(), stage.address()];
    const gate = stage.gate();
    await stage.listen(address, {
      async onMessage({ dispatcher }) {
        await dispatcher.dispatch({ unicast: [{ message: testMessage(), destination, isolated: true }] });
        await gate.pass();
      },
    });
    const receiver = await stage.listen(destination);
    await stage.send(address, [testMessage()]);
    await stage.until("it to be received while the handler goes on", () => receiver.handled.length > 0);
  }),
  caseOf([24], "a send before the throw does not leave", ["atomicDispatch"], async (stage) => {
    const [address, destination] = [stage.address(), stage.address()];
    const listener = await stage.listen(address, {
      async onMessage({ dispatcher }) {
        await dispatcher.dispatch({ unicast: [{ message: testMessage(), destination }] });
        throw new Error("fails");
      },
    });
    const receiver = await stage.listen(destination);
    await stage.send(address, [testMessage()]);
    await stage.until("the failure to reach the error policy", () => listener.failed.length > 0);
    await stage.fence(receiver);
    expectEqual(receiver.begun.length, 0, "nothing to leave of a handler that has failed");
  }),
  caseOf(
    [25],
    "nothing of a handler leaves before it has ended, and then all of it, to every destination",
    ["atomicDispatch"],
    async (stage) => {
      const [address, one, two] = [stage.address(), stage.address(), stage.address()];
      const gate = stage.gate();
      const listener = await stage.listen(address, {
        async onMessage({ dispatcher }) {
          for (const destination of [one, two, one])
            await dispatcher.dispatch({ unicast: [{ message: testMessage(), destination }] });
          await gate.pass();
        },
      });
      const [atOne, atTwo] = [await stage.listen(one), await stage.listen(two)];
      await stage.send(address, [testMessage()]);
      await stage.until("the handler to have sent", () => listener.atOnce.now > 0);
      await stage.fence(atOne);
      await stage.fence(atTwo);
      expectEqual(atOne.begun.length + atTwo.begun.length, 0, "nothing to leave while the handler goes on");
      gate.open();
      await stage.until("all of it to be received", () => atOne.handled.length >= 2 && atTwo.handled.length >= 1);
    },
  ),
  caseOf([25], "of a batch that cannot be sent as a whole, nothing is sent", ["atomicDispatch"], async (stage) => {
    const destination = stage.address();
    const receiver = await stage.listen(destination);
    const host = await stage.host(stage.address(), []);
    const refused = await refusal(
      host.dispatcher.dispatch({
        unicast: [
          { message: testMessage(), destination },
          { message: testMessage(), destination: NO_ADDRESS },
          { message: testMessage(), destination },
        ],
      }),
    );
    expectThat(refused instanceof Error, "a batch to be refused in which one message cannot be sent");
    await stage.fence(receiver);
    expectEqual(receiver.begun.length, 0, "nothing of it to be sent");
  }),
  caseOf([26], "the order of the messages of one handler is kept per destination", [], async (stage) => {
    const address = stage.address();
    const destinations = [stage.address(), stage.address()] as const;
    const batches = destinations.map((destination) => ({ destination, messages: testMessages(20) }));
    await stage.listen(address, {
      async onMessage({ dispatcher }) {
        for (let index = 0; index < 20; index += 1) {
          const unicast = batches.flatMap(({ destination, messages }) =>
            messages.slice(index, index + 1).map((message) => ({ message, destination })),
          );
          await dispatcher.dispatch({ unicast });
        }
      },
    });
    const receivers = [await stage.listen(destinations[0]), await stage.listen(destinations[1])];
    await stage.send(address, [testMessage()]);
    for (const [index, receiver] of receivers.entries()) {
      await stage.until("all messages to be received", () => receiver.handled.length >= 20);
      expectEqual(receiver.handled, idsOf(batches[index]?.messages ?? []), "the order in which they were sent");
    }
  }),
  caseOf(
    [27],
    "a message handled twice appends the same ids, and receivers handle each once",
    ["duplicateDetection"],
    async (stage) => {
      const [address, destination] = [stage.address(), stage.address()];
      const messages = testMessages(3);
      const listener = await stage.listen(address, {
        async onMessage({ dispatcher, attempt }) {
          for (const message of messages)
            await dispatcher.dispatch({ unicast: [{ message, destination, isolated: true }] });
          if (attempt === 1) throw new Error("fails after it has sent");
        },
        onError: () => ({ action: "retry" }),
      });
      const receiver = await stage.listen(destination);
      await stage.send(address, [testMessage()]);
      await stage.until("the second attempt to end well", () => listener.handled.length > 0);
      await stage.until("what was sent to be received", () => receiver.handled.length >= messages.length);
      await stage.fence(receiver);
      expectEqual(receiver.handled, idsOf(messages), "each message once");
    },
  ),
  caseOf([66], "the same id sent twice, to two instances: handled once", ["duplicateDetection"], async (stage) => {
    const address = stage.address();
    const messages = testMessages(20);
    const [one, two] = [await stage.listen(address), await stage.listen(address)];
    await stage.send(address, messages);
    await stage.send(address, messages.slice(0, 10));
    await stage.until("all messages to be handled", () => one.handled.length + two.handled.length >= 20);
    await stage.send(address, messages.slice(10));
    await stage.fence([one, two]);
    await stage.end(one);
    await stage.fence(two);
    expectSame([...one.handled, ...two.handled], idsOf(messages), "each id to be handled once");
  }),
  caseOf(
    [28],
    "a batch over the server's size limit is refused with what and how much; nothing is sent",
    ["tooLarge"],
    async (stage) => {
      const destination = stage.address();
      const receiver = await stage.listen(destination);
      const host = await stage.host(stage.address(), []);
      const small = testMessage();
      const large = testMessage({ type: `${destination}.Large`, body: new Uint8Array(stage.bench.tooLarge ?? 0) });
      const unicast = [small, large].map((message) => ({ message, destination }));
      const refused = await stage.settled("it to be refused", refusal(host.dispatcher.dispatch({ unicast })));
      expectThat(refused instanceof Error, "a batch that is too large to be refused");
      expectThat(/\d/.test(refused.message), `to be told how much is too much, and it says: ${refused.message}`);
      await stage.fence(receiver);
      expectEqual(receiver.begun.length, 0, "nothing of it to be sent");
    },
  ),
  caseOf([29], "a send to what is no valid address is refused at the call", [], async (stage) => {
    const host = await stage.host(stage.address(), []);
    const message = testMessage();
    const refused = await stage.settled(
      "the send to be refused",
      refusal(host.dispatcher.dispatch({ unicast: [{ message, destination: NO_ADDRESS }] })),
    );
    expectThat(refused instanceof Error, "a send to what is no valid address to be refused");
  }),
  caseOf(
    [69],
    "a send made after its handler has ended is refused and told; nobody else's handler is cut",
    ["atomicDispatch"],
    async (stage) => {
      const [address, destination] = [stage.address(), stage.address()];
      const gate = stage.gate();
      let late: Promise<unknown> | undefined;
      const other = testMessage();
      const listener = await stage.listen(address, {
        concurrency: 2,
        onMessage({ message, dispatcher }) {
          if (message.id === other.id) return gate.pass();
          late = gate
            .pass()
            .then(() => refusal(dispatcher.dispatch({ unicast: [{ message: testMessage(), destination }] })));
          return undefined;
        },
      });
      const receiver = await stage.listen(destination);
      await stage.send(address, [testMessage(), other]);
      await stage.until("one handler to have ended, the other not", () => {
        return listener.handled.length === 1 && listener.atOnce.now === 1;
      });
      await stage.fence(receiver);
      gate.open();
      await stage.until("the late send to be made", () => late !== undefined);
      expectThat((await late) instanceof Error, "a send after its handler's end to be refused");
      await stage.until("the other handler to end well", () => listener.handled.includes(other.id));
      await stage.fence(receiver);
      expectEqual(receiver.begun.length, 0, "nothing of it to leave");
    },
  ),
  caseOf([], "what the error policy sends leaves at once, whatever it then says", [], async (stage) => {
    const [address, destination] = [stage.address(), stage.address()];
    await stage.listen(address, {
      onMessage({ attempt }) {
        if (attempt === 1) throw new Error("fails");
      },
      onError: async ({ dispatcher }) => {
        await dispatcher.dispatch({ unicast: [{ message: testMessage(), destination }] });
        return { action: "retry" };
      },
    });
    const receiver = await stage.listen(destination);
    await stage.send(address, [testMessage()]);
    await stage.until("what the policy has sent to be received", () => receiver.handled.length > 0);
    await stage.fence(receiver);
    expectEqual(receiver.handled.length, 1, "what the policy has sent, once");
  }),
];
