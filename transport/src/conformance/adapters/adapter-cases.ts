import { expectEqual, expectThat } from "../expect.ts";
import type { AdapterAbility, AdapterBench } from "./adapter-bench.ts";
import { AdapterStage, handledBy } from "./adapter-stage.ts";

/** One promise that the users of a bus rely on, and the play that shows it. */
export interface AdapterCase {
  /** Of the list of behaviors in test/conformance. */
  readonly numbers: readonly number[];
  readonly name: string;
  readonly needs: readonly AdapterAbility[];
  /** @throws AssertionError with what was expected, in plain words. */
  run(bench: AdapterBench): Promise<void>;
}

const texts = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${index}`.padStart(2, "0"));

function adapterCase(
  numbers: readonly number[],
  name: string,
  needs: readonly AdapterAbility[],
  play: (stage: AdapterStage) => Promise<void>,
): AdapterCase {
  const run = async (bench: AdapterBench): Promise<void> => {
    const stage = new AdapterStage(bench);
    try {
      await play(stage);
    } finally {
      await stage.cleanUp();
    }
  };
  return Object.freeze({ numbers, name, needs, run });
}

/** All cases; a bench that lacks what one needs leaves it out. */
export const ADAPTER_CASES: readonly AdapterCase[] = Object.freeze([
  adapterCase([1], "each message that is sent is handled once, by one of the instances", [], async (stage) => {
    const first = await stage.start();
    const second = await stage.start({ name: first.name });
    await Promise.all(texts(20).map((text) => stage.bench.send(first.name, text)));
    await stage.until("all messages to be handled", () => handledBy(first, second).length >= 20);
    await stage.fence(first, second);
    expectEqual(handledBy(first, second), texts(20), "each message once");
  }),

  adapterCase([3], "as many messages are handled at once as is said, and no more", [], async (stage) => {
    const gate = stage.gate();
    let running = 0;
    let most = 0;
    const application = await stage.start({
      concurrency: 3,
      async handle() {
        running += 1;
        most = Math.max(most, running);
        await gate.pass();
        running -= 1;
      },
    });
    await Promise.all(texts(9).map((text) => stage.bench.send(application.name, text)));
    await stage.until("three messages to be handled at once", () => running === 3);
    for (let n = 1; n <= 9; n += 1) {
      gate.let(1);
      await stage.until(`${n} messages to be handled`, () => handledBy(application).length >= n);
    }
    expectEqual(most, 3, "the most that were handled at once");
  }),

  adapterCase([24, 27], "what a handler sends leaves once, however often it fails after it", [], async (stage) => {
    const receiver = await stage.start();
    let failures = 0;
    const sender = await stage.start({
      async handle(text, { send }) {
        await send(receiver.name, `${text} first`);
        await send(receiver.name, `${text} second`);
        if ((failures += 1) <= 2) throw new Error("fails after it has sent");
      },
    });
    await stage.bench.send(sender.name, "order");
    await stage.until("what was sent to arrive", () => handledBy(receiver).length >= 2);
    await stage.until("the handler to end well", () => handledBy(sender).length > 0);
    await stage.fence(sender, receiver);
    expectEqual(handledBy(receiver), ["order first", "order second"], "each message that the handler sent, once");
    expectEqual(sender.begun.length, 3, "the number of attempts");
  }),

  adapterCase(
    [41],
    "a message that fails each time is put aside with what its handler threw, and holds nobody up",
    [],
    async (stage) => {
      const application = await stage.start({
        concurrency: 1,
        async handle(text) {
          if (text === "bad") throw new RangeError("the printer is out of paper");
        },
      });
      for (const text of ["00", "bad", "01"]) await stage.bench.send(application.name, text);
      await stage.until("the others to be handled", () => handledBy(application).length >= 2);
      await stage.until("the message to be put aside", async () => {
        const aside = await stage.bench.putAside(application.name);
        return aside.length > 0;
      });
      await stage.fence(application);
      const [aside, ...more] = await stage.bench.putAside(application.name);
      expectEqual(more, [], "nothing else that is put aside");
      expectEqual(aside?.text, "bad", "the message that is put aside");
      expectThat(aside?.reason.includes("out of paper") === true, `the reason to be told, not ${aside?.reason}`);
      expectThat(application.begun.filter((text) => text === "bad").length > 1, "it to be tried more than once");
    },
  ),

  adapterCase([44], "what was put aside is handled as new when it is retried", ["retry"], async (stage) => {
    let isMended = false;
    const application = await stage.start({
      async handle() {
        if (!isMended) throw new Error("not yet");
      },
    });
    await stage.bench.send(application.name, "late");
    await stage.until("it to be put aside", async () => (await stage.bench.putAside(application.name)).length > 0);
    isMended = true;
    await stage.bench.retry?.(application.name);
    await stage.until("it to be handled", () => handledBy(application).length > 0);
    await stage.fence(application);
    expectEqual(handledBy(application), ["late"], "the message, handled once");
  }),

  adapterCase(
    [7, 9],
    "a stop waits for what is being handled, and what is sent meanwhile waits for the next start",
    [],
    async (stage) => {
      const gate = stage.gate();
      const first = await stage.start({ concurrency: 1, handle: () => gate.pass() });
      await stage.bench.send(first.name, "00");
      await stage.until("the message to be begun", () => first.begun.length > 0);
      let isStopped = false;
      const stopping = stage.stop(first).then(() => void (isStopped = true));
      await stage.bench.send(first.name, "01");
      expectThat(!isStopped, "the stop to wait");
      gate.open();
      await stopping;
      expectEqual(handledBy(first), ["00"], "what was handled before the stop has ended");
      const second = await stage.start({ name: first.name });
      await stage.until("what was sent meanwhile to be handled", () => handledBy(second).length > 0);
      await stage.fence(second);
      expectEqual(handledBy(second), ["01"], "what was handled after the next start");
    },
  ),

  adapterCase([20], "messages go on after a restart of the server, and none is lost", ["restart"], async (stage) => {
    const application = await stage.start();
    await Promise.all(texts(5).map((text) => stage.bench.send(application.name, text)));
    await stage.bench.restart?.();
    await stage.until("the server to take a message again", () =>
      stage.bench.send(application.name, "after").then(
        () => true,
        () => false,
      ),
    );
    const all = [...texts(5), "after"];
    await stage.until("all messages to be handled", () => all.every((text) => application.handled.includes(text)));
  }),

  adapterCase(
    [21],
    "what is no message of the bus is put aside, and the next is handled",
    ["sendBytes"],
    async (stage) => {
      const application = await stage.start({ concurrency: 1 });
      await stage.bench.sendBytes?.(application.name, new TextEncoder().encode("{ not JSON"));
      await stage.bench.send(application.name, "next");
      await stage.until("the next message to be handled", () => handledBy(application).length > 0);
      await stage.until("it to be put aside", async () => (await stage.bench.putAside(application.name)).length > 0);
      const [aside] = await stage.bench.putAside(application.name);
      expectThat((aside?.reason ?? "") !== "", "a reason why it was put aside");
      expectEqual(application.begun, ["next"], "what the handler was given");
    },
  ),

  adapterCase(
    [31],
    "what is published reaches each application that subscribes once, and no other",
    ["publish"],
    async (stage) => {
      const billing = await stage.start({ subscribes: true });
      const again = await stage.start({ name: billing.name, subscribes: true });
      const shipping = await stage.start({ subscribes: true });
      const mail = await stage.start();
      for (const text of texts(5)) await stage.bench.publish?.(text);
      await stage.until("all events to be handled", () => handledBy(billing, again, shipping).length >= 10);
      await stage.fence(billing, again, shipping, mail);
      expectEqual(handledBy(billing, again), texts(5), "each event once, in one of the two instances");
      expectEqual(handledBy(shipping), texts(5), "each event once, in the other application");
      expectEqual(handledBy(mail), [], "nothing where nobody subscribes");
    },
  ),

  adapterCase(
    [66],
    "a message whose process ends while it is handled comes again, and what it had sent leaves once",
    ["crash"],
    async (stage) => {
      const receiver = stage.bench.name();
      const gate = stage.gate();
      const first = await stage.start({
        async handle(text, { send }) {
          await send(receiver, text);
          await gate.pass();
        },
      });
      await stage.bench.send(first.name, "order");
      await stage.until("the message to be begun", () => first.begun.length > 0);
      await stage.bench.crash?.();
      stage.crashed();
      const heard = await stage.start({ name: receiver });
      const second = await stage.start({ name: first.name, handle: (text, { send }) => send(receiver, text) });
      await stage.until("it to be handled by another process", () => handledBy(second).length > 0);
      await stage.until("what that sends to arrive", () => handledBy(heard).length > 0);
      await stage.fence(second, heard);
      expectEqual(handledBy(heard), ["order"], "what was sent, once");
    },
  ),
]);
