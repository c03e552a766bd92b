import type { Component } from "../declare/component.ts";
import type { AccessOptions } from "../deploy/access-wanted.ts";
import type { DeployStep } from "../deploy/change.ts";
import type { DeployReport } from "../deploy/deploy-component.ts";
import type { HistoryEntry } from "../deploy/history.ts";
import type { ComponentPlan } from "../deploy/plan.ts";
import type { RetireSettings } from "../deploy/requests.ts";
import type { ConnectionOptions } from "../eventstoredb/options.ts";
import { type Deployments, openDeployments } from "./deployments.ts";
import { ownersOf, requireDistinct, shapeOf } from "./shape-of.ts";

/** How something deployed is changed. */
export interface DeployOptions extends ConnectionOptions {
  /** Told of each step when it is done. */
  readonly on?: (step: DeployStep) => void;
  /** Ends it between two steps: what it has stopped runs again, and what it has made stays. */
  readonly signal?: AbortSignal;
}

/** How components are deployed. */
export interface DeployComponentsOptions extends DeployOptions {
  /** Gives each component's login rights on its own streams only. Default: rights are as they were deployed, or nobody's concern. */
  readonly access?: AccessOptions;
}

/** How a component is taken away. */
export interface RetireOptions extends DeployOptions, RetireSettings {}

/**
 * Makes on the server what components need and have not yet. It only adds: what an older or newer version of a component needs
 * stays. `messageTimeout` alone becomes what is declared here, also where that is less; a start only raises it. Repeatable, and
 * several may do it at once: one does, the others wait; one whose process dies is completed by the next, or by an instance that runs.
 * @throws BadConnectionString, ServerUnreachable, AccessRefused, ProjectionsNotRunning, ProjectionRefused, DuplicateDeclaration
 */
export async function deploy(
  components: readonly Component[],
  options: DeployComponentsOptions,
): Promise<DeployReport> {
  requireDistinct(components.flatMap(ownersOf));
  return connected(options, (deployments) => deployments.deploy(components.map(shapeOf), options));
}

/** Says what `deploy` would add, what `prune` would take away, and what does not run as it should. Changes nothing. */
export async function plan(
  components: readonly Component[],
  options: ConnectionOptions & { readonly access?: AccessOptions },
): Promise<readonly ComponentPlan[]> {
  requireDistinct(components.flatMap(ownersOf));
  return connected(options, (deployments) => deployments.plan(components.map(shapeOf), options));
}

/**
 * Takes away what these versions of the components need no more: subscriptions, routers of categories, ended backfills. To be called
 * when no instance of an older version runs any more. The subscriptions that stay go on without gap or repeat.
 * @throws as {@link deploy}; ProjectionRefused, `behind`, where a router has not linked all that there is
 */
export async function prune(components: readonly Component[], options: DeployOptions): Promise<DeployReport> {
  requireDistinct(components.flatMap(ownersOf));
  return connected(options, (deployments) => deployments.prune(components.map(shapeOf), options));
}

/**
 * Puts new generations in the place of a component's projections that have faulted, were edited or were deleted. Each goes on where
 * the one before has got to: nothing is lost, and nothing handled twice.
 * @param component its name.
 * @throws as {@link deploy}
 */
export async function repair(component: string, options: DeployOptions): Promise<DeployReport> {
  return connected(options, (deployments) => deployments.repair(component, options));
}

/**
 * Takes a component away: its group, filter, backfills and routers. Its streams stay, and deployed again it goes on behind what it
 * had handled. It waits for instances that have just stopped, and for the server to record what they have settled.
 * @param component its name.
 * @throws NotRetirable where instances go on to receive for it, or messages to wait; otherwise as {@link deploy}
 */
export async function retire(component: string, options: RetireOptions): Promise<DeployReport> {
  return connected(options, (deployments) => deployments.retire(component, options));
}

/** The deployments of a component, the last one first, as its journal keeps them. @throws ServerUnreachable, AccessRefused */
export async function history(
  component: string,
  options: ConnectionOptions & { readonly limit?: number },
): Promise<readonly HistoryEntry[]> {
  return connected(options, (deployments) => deployments.history(component, options.limit));
}

async function connected<Answer>(
  options: ConnectionOptions,
  use: (deployments: Deployments) => Promise<Answer>,
): Promise<Answer> {
  const deployments = openDeployments(options);
  try {
    return await use(deployments);
  } finally {
    await deployments.close();
  }
}
