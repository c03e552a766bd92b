import { monitorEventLoopDelay } from "node:perf_hooks";
import { type Component, startEndpoint, startSender } from "@sluice/transport";
import { PriceOrder } from "../messages.ts";
import type { Shop } from "../rules.ts";

/** What a component costs that prices orders. */
export interface Cost {
  /** Orders a second, of those that wait. */
  readonly throughput: number;
  /** Milliseconds that the process has worked for one of these, in all of its threads: no matter what else the machine does. */
  readonly work: number;
  /** Milliseconds from sending to handled, one order after the other: of half of them, and of 99 of 100, at most. */
  readonly median: number;
  readonly slow: number;
  /** Milliseconds for which the process answered nobody while an order took 200 to be computed. */
  readonly pause: number;
  /** What the last of the orders found of those before it, and bytes that the process had grown by. */
  readonly remembered: number;
  readonly grown: number;
}

const ONE_BY_ONE = 200;
const AT_ONCE = 1000;
/** What costs only the first time: threads, the optimizing compiler, the server's projections. */
const WARMING = 300;
const lines = [{ goods: "tea", pieces: 2, price: 350 }];

/** Measures in this process, whose garbage collector must be exposed. */
export async function costOf(component: Component, connectionString: string): Promise<Cost> {
  let total = 0;
  let missing = 0;
  let handled = Promise.withResolvers<void>();
  const endpoint = await startEndpoint([component], {
    connectionString,
    on: ({ kind }) => {
      if (kind === "handled" && --missing === 0) handled.resolve();
    },
    outgoing: [
      async ({ body }, proceed) => {
        ({ total } = body as { total: number });
        await proceed();
      },
    ],
  });
  const sender = await startSender("shop", { connectionString });
  const send = (shop: Shop, n: number) => sender.send(PriceOrder, { orderId: `${shop}.${n}`, shop, lines });
  const price = async (shop: Shop, orders: number): Promise<void> => {
    missing = orders;
    handled = Promise.withResolvers();
    await Promise.all([handled.promise, ...Array.from({ length: orders }, (_, n) => send(shop, n))]);
  };

  await price("honest", WARMING);
  const times: number[] = [];
  for (let n = 0; n < ONE_BY_ONE; n++) {
    const sent = performance.now();
    await price("honest", 1);
    times.push(performance.now() - sent);
  }
  times.sort((one, other) => one - other);
  const began = performance.now();
  const before = process.cpuUsage();
  await price("honest", AT_ONCE);
  const throughput = (AT_ONCE * 1000) / (performance.now() - began);
  const { user, system } = process.cpuUsage(before);

  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await price("thorough", 1);
  delay.disable();

  const small = bytesNow();
  await price("remembering", AT_ONCE);
  const grown = bytesNow() - small;
  await sender.stop();
  await endpoint.stop();
  const share = (of: number): number => times[Math.floor(of * ONE_BY_ONE)] ?? 0;
  return {
    throughput,
    work: (user + system) / 1000 / AT_ONCE,
    median: share(0.5),
    slow: share(0.99),
    pause: delay.max / 1e6,
    remembered: total - 1,
    grown,
  };
}

/** Of this process as the system sees it, threads and engines included. */
function bytesNow(): number {
  globalThis.gc?.();
  return process.memoryUsage.rss();
}
