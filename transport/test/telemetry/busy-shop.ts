import { command, component, openParked, startEndpoint, type Endpoint, type Instrumentation } from "../../src/index.ts";
import { type Bench, until } from "../endpoint/harness.ts";

/** The names of a component to which everything has happened that is measured. */
export interface BusyShop {
  readonly billing: string;
  readonly endpoint: Endpoint;
}

/** Runs a component until a message was handled, failed, retried at once and later, parked, dropped; one waits at its end. */
export async function busyShop(b: Bench, instrumentation: readonly Instrumentation[]): Promise<BusyShop> {
  const billing = b.name("billing");
  const Charge = command(`${billing}.Charge`, { to: billing })<{ n: number }>();
  const options = { immediateRetries: 1, delayedRetries: 1, timeIncrease: 20, concurrency: 1 };
  const waiting = Promise.withResolvers<void>();
  const stuck = Promise.withResolvers<void>();
  const charging = component(billing, options, (c) =>
    c.handle(Charge, async ({ n }, ctx) => {
      if (n === 0) throw new RangeError("nothing to charge");
      if (n === 2) await ctx.send(Charge, { n: 1 });
      if (n < 3) return;
      stuck.resolve();
      await Promise.race([waiting.promise, new Promise((end) => ctx.signal.addEventListener("abort", end))]);
    }),
  );
  const { connectionString } = b;
  const endpoint = await startEndpoint([charging], { connectionString, instrumentation, on: () => {} });
  const id = crypto.randomUUID();
  await endpoint.send(Charge, { n: 2 }, { id });
  await until("it is handled", () => endpoint.counts(billing).handled === 2);
  await endpoint.send(Charge, { n: 1 }, { timeToBeReceived: 0.001 });
  await endpoint.send(Charge, { n: 0 });
  await until("one is parked", () => endpoint.counts(billing).parked === 1);
  await until("one is dropped", () => endpoint.counts(billing).expired === 1);
  const parked = openParked(billing, { connectionString });
  await until("it is told to be parked", async () => (await parked.list()).messages.length === 1);
  await parked.close();
  await endpoint.send(Charge, { n: 3 });
  await endpoint.send(Charge, { n: 1 });
  await stuck.promise;
  await until("one waits", async () => ((await endpoint.health()).components[0]?.queue?.length ?? 0) > 0);
  return { billing, endpoint };
}
