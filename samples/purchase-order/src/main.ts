import { setTimeout as sleep } from "node:timers/promises";
import { EventStoreDBClient } from "@eventstore/db-client";
import { startEmbedded } from "@sluice/embedded";
import { openSender, startEndpoint } from "@sluice/transport";
import { accounting } from "./accounting.ts";
import { fees } from "./fees.ts";
import { fulfilment } from "./fulfilment.ts";
import { matching } from "./matching.ts";
import { PlaceOrder } from "./messages.ts";
import { type Options, parseOptions, USAGE, UsageError } from "./options.ts";
import { orderOf, placeOrders, sentOrders, SHOP } from "./orders.ts";
import { progress } from "./progress.ts";
import { showing, summaryLine } from "./summary.ts";
import { holds, verify } from "./verify.ts";

const FAILED = 1;
const MISUSED = 2;
const ORDERS_A_SECOND = 20;

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options === "help") {
    process.stdout.write(USAGE);
    return 0;
  }
  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      // Who asks twice does not want to wait.
      if (interruption.signal.aborted) process.exit(FAILED);
      interruption.abort();
    });
  }
  await using cleanup = new AsyncDisposableStack();
  const { server } = options;
  let connectionString: string;
  if ("connection" in server) {
    connectionString = server.connection;
  } else {
    const embedded = await startEmbedded(server);
    cleanup.defer(() => embedded.stop());
    connectionString = embedded.connectionString;
    say(`Events are kept in ${server.data}; other tools find the server at ${connectionString}`);
  }
  return await runSystem(options, connectionString, cleanup, interruption.signal);
}

async function runSystem(
  { orders, run, json }: Options,
  connectionString: string,
  cleanup: AsyncDisposableStack,
  interrupted: AbortSignal,
): Promise<number> {
  let parked = 0;
  const endpoint = await startEndpoint([matching, fulfilment, fees, accounting], {
    connectionString,
    observe: (happened) => {
      if (happened.kind !== "parked") return;
      parked += 1;
      const why = happened.error instanceof Error ? happened.error.message : String(happened.error);
      say(`${happened.component} has put a ${happened.type} aside: ${why}`);
    },
  });
  cleanup.defer(() => endpoint.stop());
  const sender = await openSender(SHOP, { connectionString });
  cleanup.defer(() => sender.close());
  const client = EventStoreDBClient.connectionString(connectionString);
  cleanup.defer(() => client.dispose());

  const sent = await sentOrders(client, run);
  const view = endpoint.view(progress);
  const begun = performance.now();
  const before = view.state.get(run)?.booked ?? 0;
  const perSecond = () =>
    (((view.state.get(run)?.booked ?? 0) - before) * 1000) / Math.max(1, performance.now() - begun);
  const total = () => Math.max(orders ?? 0, sent.size);
  const stopShowing = showing(() => summaryLine(total(), view.state.get(run), parked, perSecond()), process.stderr);
  cleanup.defer(stopShowing);

  if (orders === undefined) {
    say("Orders are placed until Ctrl-C.");
    for (let n = Math.max(0, ...sent) + 1; !interrupted.aborted; n++) {
      await sender.send(PlaceOrder, orderOf(run, n));
      sent.add(n);
      await sleep(1000 / ORDERS_A_SECOND, undefined, { signal: interrupted }).catch(() => {});
    }
    return 0;
  }
  await placeOrders(sender, run, orders, sent);
  try {
    await view.until((runs) => (runs.get(run)?.booked ?? 0) >= orders, { signal: interrupted });
  } catch (error) {
    if (!interrupted.aborted) throw error;
    say("Interrupted. The same command goes on where this one stopped.");
    return FAILED;
  }
  const orderIds = Array.from({ length: orders }, (_, i) => orderOf(run, i + 1).orderId);
  const verdict = await verify(client, orderIds);
  process.stdout.write(
    json
      ? `${JSON.stringify(verdict)}\n`
      : `${Object.entries(verdict)
          .map(([what, number]) => `${what} ${number}`)
          .join(", ")}\n`,
  );
  return holds(verdict) ? 0 : FAILED;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

try {
  process.exitCode = await main();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof UsageError ? MISUSED : FAILED;
}
