import {
  generateBackfill,
  generateFilter,
  readBackfill,
  readFilter,
  spansOwed,
  type Subscriptions,
  withAdded,
} from "../topology/filter.ts";
import type { Pattern } from "../topology/pattern.ts";
import type { From } from "../topology/shape.ts";
import { backfillName, filterName, subscriptionsStream } from "../topology/stream-names.ts";
import { type Deployed, GENERATOR, sinceOf, type Subscription } from "./deployed.ts";
import { continueFilter } from "./handover.ts";
import { refusalOf } from "./projection-plan.ts";
import { ProjectionRefused } from "./projection-refused.ts";
import { findSlot, type Slot } from "./slot.ts";
import { logEnd, type Work } from "./work.ts";

type Wanted = Readonly<Record<Pattern, From>>;

/**
 * Makes a component's filter pass on what is wanted, besides all that it passes on already, while events flow: a subscription that
 * is there goes on without gap or repeat, with the position it has had from the beginning.
 *
 * One is added while the filter stands still, so that its position is exactly where the filter goes on: everything before is
 * history, everything after is passed on, also when the filter is reset. History that is wanted is brought afterwards, by a
 * projection of its own, so that the filter stands still for three calls only. Interrupted anywhere, a later call goes on.
 */
export async function deployFilter(work: Work, wanted: Wanted): Promise<Pick<Deployed, "filter" | "backfills">> {
  const { component, deployed, host } = work;
  const slot = await findSlot(host, (n) => filterName(component, n), deployed.filter?.generation);
  const filter =
    slot.found === undefined ? await createFilter(work, slot, wanted) : await extendFilter(work, slot, wanted);
  if (filter === undefined) return { ...deployed };
  const backfills = await deployBackfills(work, wanted, filter.subscriptions);
  return { filter, backfills };
}

/** One that was deleted by hand is followed by the next generation, which goes on where it had got to. */
async function createFilter(work: Work, slot: Slot, wanted: Wanted): Promise<Deployed["filter"]> {
  const { component, deployed, host, projections } = work;
  const known =
    deployed.filter === undefined && slot.gone !== undefined
      ? readFilter(slot.gone)
      : sinceOf(deployed.filter?.subscriptions ?? {});
  if (known.size === 0 && Object.keys(wanted).length === 0) return deployed.filter;
  const kept =
    slot.gone === undefined
      ? known
      : await continueFilter(host, subscriptionsStream(component, slot.generation), known, false);
  const end = await logEnd(host);
  const since = withAdded(kept, wanted, (from) => (from === "start" ? 0 : end));
  const generation = slot.gone === undefined ? slot.generation : slot.generation + 1;
  await projections.ensure(generateFilter(component, since, generation), true);
  return { generation, subscriptions: subscriptionsOf(since, wanted, deployed) };
}

async function extendFilter(work: Work, { generation, found }: Slot, wanted: Wanted): Promise<Deployed["filter"]> {
  const { component, deployed, host, projections, isResumed } = work;
  if (found === undefined) return deployed.filter;
  const name = filterName(component, generation);
  let since: Subscriptions = readFilter(found.text);
  const recorded = Object.keys(deployed.filter?.subscriptions ?? {});
  const added = Object.keys(wanted).filter((pattern) => !since.has(pattern));
  const why =
    refusalOf(found.text, { kind: "filter", component })?.refused ??
    // An older text was put back: what it passed over meanwhile is gone for this generation.
    (recorded.some((pattern) => !since.has(pattern)) ? "edited" : undefined) ??
    (found.state === "faulted" ? "faulted" : undefined) ??
    (found.state === "aborted" && !isResumed ? "aborted" : undefined);
  if (why !== undefined) {
    // What cannot be changed is left alone, and told, where no change is needed.
    if (why === "foreign" || added.length > 0) throw new ProjectionRefused(name, why, found.status, found.reason);
    return deployed.filter ?? { generation, subscriptions: subscriptionsOf(since, wanted, deployed) };
  }
  const asItIs = { kind: "filter", component, name, text: found.text } as const;
  const starts = found.state !== "stopped" || isResumed;
  if (added.length === 0 && deployed.generator > GENERATOR) await projections.ensure(asItIs, starts);
  else {
    if (added.length > 0) {
      if (found.state === "aborted") await projections.ensure(asItIs, true);
      await projections.stop(name);
      const end = await logEnd(host);
      since = withAdded(since, wanted, () => end);
    }
    await projections.ensure(generateFilter(component, since, generation), starts);
  }
  return { generation, subscriptions: subscriptionsOf(since, wanted, deployed) };
}

/** Brings the history that was wanted and passed over, and was not brought by an earlier backfill. */
async function deployBackfills(
  { component, deployed, host, projections }: Work,
  wanted: Wanted,
  subscriptions: Readonly<Record<Pattern, Subscription>>,
): Promise<readonly number[]> {
  const recorded = deployed.filter?.subscriptions ?? {};
  const owed = Object.entries(subscriptions).filter(
    ([pattern, { since }]) => since > 0 && wanted[pattern] === "start" && !(pattern in recorded),
  );
  if (owed.length === 0) return deployed.backfills;
  const there: number[] = [];
  const until = new Map<Pattern, number>();
  let next = 1;
  for (; ; next += 1) {
    const found = await projections.find(backfillName(component, next));
    const text = found?.text ?? (await host.projections.lastText(backfillName(component, next)));
    if (text === undefined) break;
    if (found !== undefined) there.push(next);
    for (const [pattern, span] of readBackfill(text)) {
      until.set(pattern, Math.max(span.until, until.get(pattern) ?? 0));
    }
  }
  const spans = spansOwed(new Map(owed.map(([pattern, { since }]) => [pattern, since])), until);
  if (spans.size === 0) return there;
  await projections.ensure(generateBackfill(component, next, spans), true);
  return [...there, next];
}

/** From where each is: as it is recorded, or as it is wanted now that it is made. */
const subscriptionsOf = (
  since: ReadonlyMap<Pattern, number>,
  wanted: Wanted,
  { filter }: Deployed,
): Readonly<Record<Pattern, Subscription>> =>
  Object.fromEntries(
    [...since].map(([pattern, position]) => {
      const from = filter?.subscriptions[pattern]?.from ?? wanted[pattern] ?? (position === 0 ? "start" : "now");
      return [pattern, { from, since: position }];
    }),
  );
