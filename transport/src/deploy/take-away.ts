import { generateFilter, readFilter } from "../topology/filter.ts";
import { routerSource } from "../topology/router.ts";
import { queueOf } from "../topology/queue-address.ts";
import type { ComponentShape } from "../topology/shape.ts";
import { backfillName, filterName, PUBLISHED, routerName } from "../topology/stream-names.ts";
import { type Deployed, NOTHING_DEPLOYED } from "./deployed.ts";
import { deployGroup } from "./group.ts";
import { refusalOf } from "./projection-plan.ts";
import { ProjectionRefused } from "./projection-refused.ts";
import { findSlot } from "./slot.ts";
import type { Work } from "./work.ts";

/** Times that a projection is looked at until it has handled all that is before it. */
const PATIENCE = 500;

/**
 * Takes away what a component needs no more: routers of categories it does not own, backfills that have ended, generations that
 * were superseded, and last its subscriptions, of which the others go on without gap or repeat.
 */
export async function prune(work: Work, shape: ComponentShape): Promise<Deployed> {
  const { component, deployed, host, projections, isResumed } = work;
  const routers = { ...deployed.routers };
  for (const [owner, { generation }] of Object.entries(deployed.routers)) {
    await removeEarlier(work, (n) => routerName(owner, n), generation);
    if (owner === component || owner in shape.categories) continue;
    await removeRouter(work, owner, generation);
    delete routers[owner];
  }
  const backfills: number[] = [];
  for (const number of deployed.backfills) {
    const name = backfillName(component, number);
    if (await hasEnded(work, name, PUBLISHED)) await projections.remove(name);
    else backfills.push(number);
  }
  const group = await deployGroup(work, shape.messageTimeout, true);
  const { generation = 1, subscriptions = {} } = deployed.filter ?? {};
  await removeEarlier(work, (n) => filterName(component, n), generation);
  const slot = await findSlot(host, (n) => filterName(component, n), generation);
  if (deployed.filter === undefined || slot.found === undefined) return { ...deployed, group, routers, backfills };
  const refused = refusalOf(slot.found.text, { kind: "filter", component })?.refused;
  if (refused !== undefined) {
    throw new ProjectionRefused(filterName(component, generation), refused, slot.found.status, slot.found.reason);
  }
  const kept = new Map([...readFilter(slot.found.text)].filter(([pattern]) => pattern in shape.events));
  const starts = slot.found.state !== "stopped" || isResumed;
  await projections.ensure(generateFilter(component, kept, slot.generation), starts);
  const filter = {
    generation: slot.generation,
    subscriptions: Object.fromEntries(Object.entries(subscriptions).filter(([pattern]) => kept.has(pattern))),
  };
  return { ...deployed, group, routers, backfills, filter };
}

/**
 * Takes a component away: filter and backfills first, so that nothing more comes, then the routers when all it has sent has left,
 * then the group. Its streams stay. Deployed again it goes on in new generations, behind what it had settled.
 */
export async function retire(work: Work): Promise<Deployed> {
  const { component, deployed, host, projections, done } = work;
  const { generation = 1 } = deployed.filter ?? {};
  const slot = await findSlot(host, (n) => filterName(component, n), generation);
  for (let n = generation; n <= slot.generation; n += 1) await projections.remove(filterName(component, n));
  for (const number of deployed.backfills) await projections.remove(backfillName(component, number));
  for (const [owner, router] of Object.entries(deployed.routers)) await removeRouter(work, owner, router.generation);
  const queue = queueOf(component);
  const found = await host.groups.find(queue);
  const checkpoint = found?.checkpoint ?? (deployed.settled === undefined ? undefined : BigInt(deployed.settled));
  const removed = await host.groups.remove(queue);
  done({ kind: "group", name: `${queue.stream}::${queue.group}`, action: removed ? "removed" : "unchanged" });
  return {
    ...NOTHING_DEPLOYED,
    generator: deployed.generator,
    // Its streams stay, and whose they are.
    ...(deployed.access === undefined ? {} : { access: deployed.access }),
    ...(deployed.filter === undefined ? {} : { filter: { generation: slot.generation, subscriptions: {} } }),
    ...(checkpoint === undefined ? {} : { settled: Number(checkpoint) }),
  };
}

/** A router is removed when it has linked all that there is, so that nothing stays behind. */
async function removeRouter(work: Work, owner: string, generation: number): Promise<void> {
  const { deployed, projections } = work;
  const name = routerName(owner, generation);
  const kind = deployed.routers[owner]?.kind ?? "router";
  if ((await projections.find(name)) === undefined) return;
  for (let tries = 0; !(await hasEnded(work, name, routerSource(kind, owner))); tries += 1) {
    const found = await projections.find(name);
    if (found === undefined) return;
    if (tries >= PATIENCE || found.state !== "running")
      throw new ProjectionRefused(name, "behind", found.status, found.position);
    await work.pause();
  }
  await projections.remove(name);
}

async function removeEarlier(
  { projections }: Work,
  nameOf: (generation: number) => string,
  latest: number,
): Promise<void> {
  for (let generation = 1; generation < latest; generation += 1) {
    if ((await projections.find(nameOf(generation))) !== undefined) await projections.remove(nameOf(generation));
  }
}

/** Whether a projection has handled all that its source holds. */
async function hasEnded({ host, projections }: Work, name: string, source: string): Promise<boolean> {
  const [last] = await host.read(source, { direction: "backwards", limit: 1 });
  const end = Number(last?.event?.revision ?? -1n);
  const found = await projections.find(name);
  if (found === undefined) return true;
  // The server writes it as `stream: number`, and nothing but that: a projection of the transport reads one stream.
  const reached = Number(/: (-?\d+)$/.exec(found.position)?.[1] ?? -1);
  return reached >= end || (found.state === "running" && found.progress >= 100);
}
