import { setTimeout as sleep } from "node:timers/promises";
import { displayOn, type Output, queuesOf, startSystem } from "@sluice/sample-display";
import type { Options } from "./options.ts";
import { orderOf } from "./orders.ts";
import { overview } from "./overview.ts";
import { placeSteadily, sentBefore, SHOP } from "./placing.ts";
import { line, type Snapshot, snapshotOf, table } from "./summary.ts";
import { furtherInstances, system } from "./system.ts";

/** Runs the system and places orders until stopped, going on after the last order there is. */
export async function live(options: Options, stopping: AbortSignal, output: Output): Promise<void> {
  const { say, show } = displayOn(output);
  const [render, every] = output.isTTY === true ? [table, 1000] : [line, 5000];
  await using running = await startSystem(options.server, system, { furtherInstances, sender: SHOP, say });
  const { connectionString, endpoint, sender: shop, reading } = running;
  const view = endpoint.view(overview);
  await view.ready({ signal: stopping }).catch((error: unknown) => {
    if (!stopping.aborted) throw error;
  });
  say(`Purchase orders of ${options.market} on ${connectionString}. Ctrl-C stops; the next start goes on from there.`);

  const sent = await sentBefore(reading);
  let first = 0;
  while (sent.has(orderOf(options.market, first).orderId)) first += 1;
  const failed = new AbortController();
  const ended = AbortSignal.any([stopping, failed.signal]);
  const placing = placeSteadily(shop, options.market, first, options.rate, ended).catch((error: unknown) =>
    failed.abort(error),
  );

  const snapshot = async (): Promise<Snapshot> =>
    snapshotOf(performance.now(), view.state, await queuesOf(reading, endpoint.components));
  let before: Snapshot | undefined;
  while (!ended.aborted) {
    const now = await snapshot();
    show(render(now, before));
    before = now;
    await sleep(every, undefined, { signal: ended }).catch(() => {});
  }
  await placing;
  if (failed.signal.aborted) throw failed.signal.reason;
  show(render(await snapshot(), before));
}
