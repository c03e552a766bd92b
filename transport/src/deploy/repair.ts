import { generateBackfill, generateFilter, readBackfill, readFilter } from "../topology/filter.ts";
import { readRouter } from "../topology/router.ts";
import { backfillName, backfillStream, filterName, routerName, subscriptionsStream } from "../topology/stream-names.ts";
import { type Deployed, type DeployedFilter, type DeployedRouter, routerOf, sinceOf } from "./deployed.ts";
import { continueFilter, continueRouter } from "./handover.ts";
import { refusalOf } from "./projection-plan.ts";
import { findSlot } from "./slot.ts";
import type { Work } from "./work.ts";

/**
 * Puts a new generation in the place of projections that have faulted or were edited: what has faulted is never enabled, edited or
 * made again in place, where it would lose, repeat or fault again. The new one writes streams of its own and begins where the old
 * one has got to, as that one's last links tell; then the old one is removed. A deployment cut off anywhere is completed by
 * looking which generations there are.
 */
export async function repair(work: Work, names: readonly string[]): Promise<Deployed> {
  const { component, deployed } = work;
  let result = deployed;
  const isNamed = (name: string): boolean => names.includes(name);
  const { filter } = deployed;
  if (filter !== undefined && isNamed(filterName(component, filter.generation))) {
    const repaired = await repairFilter(work, filter);
    result = { ...result, filter: repaired };
  }
  for (const number of deployed.backfills) {
    if (!isNamed(backfillName(component, number))) continue;
    const next = await repairBackfill(work, number);
    result = { ...result, backfills: [...result.backfills.filter((other) => other !== number), next] };
  }
  for (const [owner, router] of Object.entries(deployed.routers)) {
    if (!isNamed(routerName(owner, router.generation))) continue;
    result = { ...result, routers: { ...result.routers, [owner]: await repairRouter(work, owner, router) } };
  }
  return result;
}

async function repairFilter(work: Work, filter: DeployedFilter): Promise<DeployedFilter> {
  const { component, host, projections } = work;
  const { generation } = filter;
  const old = filterName(component, generation);
  const slot = await findSlot(host, (n) => filterName(component, n), generation);
  let since = slot.found === undefined ? undefined : readFilter(slot.found.text);
  if (since === undefined || slot.generation === generation) {
    await projections.stop(old);
    const text = slot.found?.text ?? "";
    const isIntact = refusalOf(text, { kind: "filter", component }) === undefined && isSame(readFilter(text), filter);
    const stream = subscriptionsStream(component, generation);
    since = await continueFilter(host, stream, sinceOf(filter.subscriptions), isIntact);
    await projections.ensure(generateFilter(component, since, slot.generation + 1), true);
  }
  await projections.remove(old);
  const next = slot.found !== undefined && slot.generation > generation ? slot.generation : slot.generation + 1;
  const subscriptions = Object.entries(filter.subscriptions).map(([pattern, subscription]) => [
    pattern,
    { ...subscription, since: since.get(pattern) ?? subscription.since },
  ]);
  return { generation: next, subscriptions: Object.fromEntries(subscriptions) };
}

/** The text passes on exactly what the journal says; otherwise an older one was put back. */
const isSame = (since: ReadonlyMap<string, number>, { subscriptions }: DeployedFilter): boolean =>
  Object.keys(subscriptions).every((pattern) => since.has(pattern));

/** What is left of a backfill is brought by another one. */
async function repairBackfill({ component, host, projections }: Work, number: number): Promise<number> {
  const old = backfillName(component, number);
  const text = (await host.projections.lastText(old)) ?? "";
  const spans = readBackfill(text);
  const ends = (of: string): string =>
    JSON.stringify([...readBackfill(of)].map(([pattern, { until }]) => [pattern, until]));
  let next = number + 1;
  for (; ; next += 1) {
    const later = await host.projections.lastText(backfillName(component, next));
    if (later === undefined) break;
    if (ends(later) !== ends(text)) continue;
    // It was made before this repair was cut off.
    await projections.remove(old);
    return next;
  }
  await projections.stop(old);
  const from = new Map([...spans].map(([pattern, span]) => [pattern, span.from]));
  const since = await continueFilter(host, backfillStream(component, number), from, false);
  const left = [...spans].map(
    ([pattern, { from, until }]) => [pattern, { from: since.get(pattern) ?? from, until }] as const,
  );
  await projections.ensure(generateBackfill(component, next, new Map(left)), true);
  await projections.remove(old);
  return next;
}

async function repairRouter(
  { component, host, projections }: Work,
  owner: string,
  { kind, generation, since }: DeployedRouter,
): Promise<DeployedRouter> {
  const old = routerName(owner, generation);
  const slot = await findSlot(host, (n) => routerName(owner, n), generation);
  if (slot.found !== undefined && slot.generation > generation) {
    await projections.remove(old);
    return { kind, generation: slot.generation, since: readRouter(slot.found.text) };
  }
  await projections.stop(old);
  const begin = await continueRouter(host, { kind, owner, generation, since });
  const next = { kind, generation: generation + 1, since: begin };
  await projections.ensure(routerOf(component, owner, next), true);
  await projections.remove(old);
  return next;
}
