import { startServer } from "@sluice/sample-display";
import { OrderPriced, PriceOrder } from "@sluice/sample-isolation/messages";
import { Heaps } from "@sluice/sample-isolation";
import { pricing } from "@sluice/sample-isolation/pricing";
import { component, deploy, startEndpoint, startSender } from "@sluice/transport";
import { MachineStarted } from "./messages.ts";

type Started = NonNullable<(typeof MachineStarted)["handled"]>;

/** All that is not in the machine: the server, who sends orders, and who counts prices. */
export interface Outside extends AsyncDisposable {
  readonly connectionString: string;
  readonly port: number;
  /** How often each order's price has come. */
  readonly prices: ReadonlyMap<string, number>;
  /** What the machine told of itself when it started last. */
  readonly started: () => Started | undefined;
  /** Sends the orders with these numbers. */
  order(first: number, count: number): Promise<void>;
  /** Resolves when `holds`; asked after each message. */
  until(holds: () => boolean): Promise<void>;
}

const lines = [{ goods: "tea", pieces: 2, price: 350 }];

/** @param data where the server keeps everything; undefined for memory. */
export async function startOutside(say: (text: string) => void, data?: string): Promise<Outside> {
  await using starting = new AsyncDisposableStack();
  const server = starting.use(
    await startServer(data === undefined ? { memory: true, port: 0 } : { data, port: 0 }, say),
  );
  const { connectionString } = server;
  const prices = new Map<string, number>();
  let started: Started | undefined;
  const waiting = new Set<() => void>();
  const changed = (): void => waiting.forEach((look) => look());
  const ledger = component("ledger", (c) => {
    c.handle(OrderPriced, ({ orderId }) => {
      prices.set(orderId, (prices.get(orderId) ?? 0) + 1);
      changed();
    });
    c.handle(MachineStarted, (facts) => {
      started = facts;
      changed();
    });
  });
  // By the declaration that is in the machine, too, which then finds everything as it needs it.
  await deploy([pricing(new Heaps())], { connectionString });
  const endpoint = await startEndpoint([ledger], { connectionString });
  starting.defer(() => endpoint.stop());
  const shop = await startSender("shop", { connectionString });
  starting.defer(() => shop.stop());
  const all = starting.move();
  return {
    connectionString,
    port: Number(new URL(connectionString).port),
    prices,
    started: () => started,
    async order(first, count) {
      for (let n = first; n < first + count; n++) {
        await shop.send(PriceOrder, { orderId: `order.${n}`, shop: "honest", lines });
      }
    },
    until(holds) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const look = (): void => {
        if (holds()) resolve();
      };
      waiting.add(look);
      look();
      return promise.finally(() => waiting.delete(look));
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
