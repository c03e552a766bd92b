import { readRouter, type RouterKind } from "../topology/router.ts";
import type { ComponentShape, From } from "../topology/shape.ts";
import { categoryStream, routerName } from "../topology/stream-names.ts";
import { type Deployed, type DeployedRouter, GENERATOR, routerOf } from "./deployed.ts";
import { continueRouter } from "./handover.ts";
import { refusalOf } from "./projection-plan.ts";
import { ProjectionRefused } from "./projection-refused.ts";
import { findSlot } from "./slot.ts";
import { logEnd, type Work } from "./work.ts";

/** Makes the routers that a component needs; those of categories that it needs no more stay. */
export async function deployRouters(work: Work, { name, categories }: ComponentShape): Promise<Deployed["routers"]> {
  const routers: Record<string, DeployedRouter> = { ...work.deployed.routers };
  routers[name] = await deployRouter(work, "router", name, "start");
  for (const [category, from] of Object.entries(categories).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    routers[category] = await deployRouter(work, "category router", category, from);
  }
  return routers;
}

async function deployRouter(work: Work, kind: RouterKind, owner: string, from: From): Promise<DeployedRouter> {
  const { component, deployed, host, projections, isResumed } = work;
  const recorded = deployed.routers[owner];
  const { generation, found, gone } = await findSlot(host, (n) => routerName(owner, n), recorded?.generation);
  if (found !== undefined) {
    const router = { kind, generation, since: readRouter(found.text) };
    const generated = routerOf(component, owner, router);
    const refused = refusalOf(found.text, { kind, component })?.refused;
    if (refused === "foreign") throw new ProjectionRefused(generated.name, refused, found.status, found.reason);
    const isStanding = found.state === "faulted" || (found.state === "aborted" && !isResumed);
    // What cannot be changed is left alone, and told: there is nothing to add to a router.
    if (refused === "edited" || isStanding) return recorded ?? router;
    const wanted = deployed.generator > GENERATOR ? { ...generated, text: found.text } : generated;
    await projections.ensure(wanted, found.state !== "stopped" || isResumed);
    return router;
  }
  if (gone !== undefined) {
    const since = await continueRouter(host, { kind, owner, generation, since: recorded?.since ?? readRouter(gone) });
    const router = { kind, generation: generation + 1, since };
    await projections.ensure(routerOf(component, owner, router), true);
    return router;
  }
  const passesOver = kind === "category router" && from === "now" && (await hasHistory(work, owner));
  const router = { kind, generation, since: passesOver ? await logEnd(host) : 0 };
  await projections.ensure(routerOf(component, owner, router), true);
  return router;
}

/** Whether a category has events that nobody has published: it was there before its router. */
async function hasHistory({ host }: Work, category: string): Promise<boolean> {
  return (await host.read(categoryStream(category), { limit: 1 })).length > 0;
}
