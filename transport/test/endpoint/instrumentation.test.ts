import assert from "node:assert/strict";
import { test } from "node:test";
import { aggregate, command, component, event, type Instrumentation, startEndpoint } from "../../src/index.ts";
import type { Appending } from "../../src/dispatch/appender.ts";
import { combinedInstrumentation, withCreate } from "../../src/endpoint/instrumentation.ts";
import { interceptedAppender } from "../../src/eventstoredb/interceptor.ts";
import { bench, until } from "./harness.ts";

const broken = (): never => {
  throw new Error("the instrumentation is broken");
};
const twice: NonNullable<Instrumentation["process"]> = async (_, run) => {
  await run();
  await run();
};
const swallowing: NonNullable<Instrumentation["process"]> = async (_, run) => {
  await run().catch(() => {});
};

/** Each harms in another way. */
const HARMFUL: Readonly<Record<string, Instrumentation>> = {
  "throws before": { process: broken, create: broken, send: broken, on: broken, watch: broken },
  "throws at its end": { watch: () => broken },
  "never runs it": { process: async () => {}, create: async () => {}, send: async () => {} },
  "runs it twice": { process: twice, create: twice as never, send: twice as never },
  "swallows what it fails by": { process: swallowing, create: swallowing as never, send: swallowing as never },
};

test("instrumentation – whatever it does, each message is handled, retried and sent as without it", async (t) => {
  t.mock.method(process, "emitWarning", () => {});
  for (const [what, instrumentation] of Object.entries(HARMFUL)) {
    await using b = await bench();
    const { connectionString, name } = b;
    const Do = command(`${name("work")}.Do`, { to: name("work") })<{ fails: boolean }>();
    const Count = command(`${name("count")}.Count`, { to: name("work") })<{ n: number }>();
    const Counted = event(`${name("count")}.Counted`)<{ n: number }>();
    const count = aggregate(name("count"), 0, (a) => {
      a.decide(
        Count,
        () => "1",
        (state, { n }) => (state === n ? [Counted({ n })] : []),
      );
      a.evolve(Counted, (state) => state + 1);
    });
    const counted: number[] = [];
    let attempts = 0;
    const work = component(name("work"), { immediateRetries: 2, delayedRetries: 0, concurrency: 1 }, (c) => {
      c.aggregate(count);
      c.handle(Do, async ({ fails }, ctx) => {
        attempts += 1;
        await ctx.send(Count, { n: 0 });
        if (fails) throw new Error("on purpose");
      });
      c.handle(Counted, ({ n }) => void counted.push(n));
    });
    const endpoint = await startEndpoint([work], {
      connectionString,
      instrumentation: [instrumentation, {}],
      on: () => {},
    });
    await endpoint.send(Do, { fails: true });
    await until(`it is parked: ${what}`, () => endpoint.counts(name("work")).parked === 1);
    assert.equal(attempts, 3, what);
    await endpoint.send(Do, { fails: false });
    await until(`it is counted: ${what}`, () => counted.length > 0);
    assert.deepEqual([attempts, counted], [4, [0]], what);
    await endpoint.stop();
    assert.equal(endpoint.counts(name("work")).handled, 3, what);
  }
});

test("instrumentation – where nobody has any, no step stands in between", () => {
  for (const none of [[], [{}], [{ on: () => {} }, {}]]) {
    const { process, create, send } = combinedInstrumentation(none);
    assert.deepEqual([process, create, send], [undefined, undefined, undefined]);
  }
  const appender = {} as Appending;
  assert.equal(interceptedAppender(appender, undefined), appender);
  assert.equal(withCreate({}, undefined), undefined);
});

test("instrumentation – sees each attempt with all that it stores, each message, each append; the first is outermost", async () => {
  await using b = await bench();
  const { connectionString, name } = b;
  const Do = command(`${name("work")}.Do`, { to: name("work") })<{ n: number }>();
  const steps: string[] = [];
  const seeing = (who: string): Instrumentation => ({
    async process({ message, attempt }, run) {
      steps.push(`${who} process ${message.type} ${attempt}`);
      await run();
      steps.push(`${who} processed`);
    },
    async create({ type, mode, headers }, run) {
      steps.push(`${who} create ${type} ${mode}`);
      headers["seen"] = `${String(headers["seen"] ?? "")}${who}`;
      await run();
    },
    async send({ messages }, run) {
      steps.push(`${who} send ${messages.map(({ headers }) => headers["seen"]).join()}`);
      await run();
    },
  });
  const work = component(name("work"), (c) =>
    c.handle(Do, async ({ n }, ctx) => {
      if (n === 0) return;
      await ctx.send(Do, { n: 0 });
    }),
  );
  const endpoint = await startEndpoint([work], { connectionString, instrumentation: [seeing("a"), seeing("b")] });
  await endpoint.send(Do, { n: 1 });
  await until("both are handled", () => endpoint.counts(name("work")).handled === 2);
  await endpoint.stop();
  const { type } = Do;
  const around = [`a process ${type} 1`, `b process ${type} 1`];
  const ends = ["b processed", "a processed"];
  const leaves = (mode: string) => [`a create ${type} ${mode}`, `b create ${type} ${mode}`, "a send ab", "b send ab"];
  assert.deepEqual(steps, [...leaves("direct"), ...around, ...leaves("transactional"), ...ends, ...around, ...ends]);
});
