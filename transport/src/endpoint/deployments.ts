import { randomUUID } from "node:crypto";
import { accessOf, type AccessOptions } from "../deploy/access-wanted.ts";
import { byThisProcess, type DeployListener } from "../deploy/by-this-process.ts";
import { type DeployReport, deployShapes } from "../deploy/deploy-component.ts";
import { history, type HistoryEntry } from "../deploy/history.ts";
import { observe, type ServerObservation } from "../deploy/observe.ts";
import { type ComponentPlan, planShape } from "../deploy/plan.ts";
import { pruneShapes, repairComponent, retireComponent, type RetireSettings } from "../deploy/requests.ts";
import { requireByCategory } from "../deploy/require-by-category.ts";
import type { ConnectionOptions } from "../eventstoredb/options.ts";
import { startPatience } from "../eventstoredb/start-patience.ts";
import type { StreamTruncation } from "../deploy/truncation.ts";
import { type ParkedMessages, parkedMessagesOf } from "../recoverability/parked.ts";
import { SYSTEM_CLOCK } from "../schedule/clock.ts";
import { SYSTEM_ENVIRONMENT } from "../store/environment.ts";
import { Store } from "../store/store.ts";
import { requireCategoryName, requireComponentName } from "../topology/component-name.ts";
import type { ComponentShape } from "../topology/shape.ts";
import { requireDistinct } from "./shape-of.ts";
import type { Margin } from "./truncation-needs.ts";
import { surveyTruncations, truncate } from "./truncations.ts";

/**
 * The deployments of a server, for tools: the same as `deploy`, `plan`, `prune`, `repair`, `retire` and `history`, for components that
 * are known by their shapes, over one connection. Each call but `observe` waits for a server that restarts or elects a leader
 * (`startWithin`). All throw ServerUnreachable and AccessRefused.
 */
export interface Deployments {
  /**
   * What of the server belongs to components: what is recorded, what runs, what waits, and whom the login lets see none of it.
   * @param names components to look at although nothing of them may be there.
   */
  observe(names?: readonly string[]): Promise<ServerObservation>;
  /**
   * What `deploy` would add, what `prune` would take away, and what does not run as it should.
   * @param options.access whose the streams are to be; absent: as they were deployed.
   */
  plan(shapes: readonly ComponentShape[], options?: WithAccess): Promise<readonly ComponentPlan[]>;
  /**
   * Adds what components need and have not yet.
   * @param options.access whose the streams are to be; absent: as they were deployed.
   * @throws ProjectionsNotRunning, ProjectionRefused, DuplicateDeclaration, InvalidName
   */
  deploy(shapes: readonly ComponentShape[], options?: DeployListener & WithAccess): Promise<DeployReport>;
  /** Takes away what components of these shapes need no more. @throws ProjectionRefused, NotDeployed */
  prune(shapes: readonly ComponentShape[], listener?: DeployListener): Promise<DeployReport>;
  /** Puts new generations in the place of what has faulted, was edited or deleted. @throws ProjectionRefused, NotDeployed */
  repair(component: string, listener?: DeployListener): Promise<DeployReport>;
  /** Takes a component away; its streams stay. @throws NotRetirable, ProjectionRefused, NotDeployed */
  retire(component: string, options?: DeployListener & RetireSettings): Promise<DeployReport>;
  /**
   * What of the streams of all components nobody needs any more, and for each stream why the rest stays. Changes nothing. It takes a
   * member of `$admins`.
   * @param margin what stays in any case; default: 10 000 events, and those of a day.
   */
  truncations(margin?: Margin): Promise<readonly StreamTruncation[]>;
  /** Truncates streams as `truncations` has found that they may be. Repeatable, and safe to stop anywhere. */
  truncate(
    truncations: readonly StreamTruncation[],
    listener?: { readonly signal?: AbortSignal; readonly on?: (truncated: StreamTruncation) => void },
  ): Promise<void>;
  /** The deployments of a component, the last one first. */
  history(component: string, limit?: number): Promise<readonly HistoryEntry[]>;
}

/** Whose the streams of components are to be. */
export interface WithAccess {
  readonly access?: AccessOptions | undefined;
}

/** Deployments by a connection of their own. */
export interface OpenedDeployments extends Deployments {
  /** The parked messages of a component, over the same connection: as `openParked` opens them. @throws InvalidName */
  parked(component: string): ParkedMessages;
  /** Disconnects. */
  close(): Promise<void>;
}

/**
 * Opens the deployments of a server. Nothing is connected before the first call.
 *
 * ```ts
 * const deployments = openDeployments({ connectionString });
 * const { components } = await deployments.observe();
 * for (const { name, group, problems } of components) console.log(name, group?.parked, problems);
 * await deployments.deploy([shapeOf(sales)], { on: (step) => console.log(step.action, step.name) });
 * await deployments.close();
 * ```
 * @throws BadConnectionString
 */
export function openDeployments(options: ConnectionOptions): OpenedDeployments {
  const store = new Store(options.connectionString);
  const reached = async (): Promise<Store> => {
    const patient = store.patient(startPatience(store, options, SYSTEM_ENVIRONMENT));
    await patient.reach();
    return patient;
  };
  return {
    observe: (names = []) => observe(store, names),
    async plan(shapes, { access } = {}) {
      requireShapes(shapes);
      const ofComponent =
        access &&
        accessOf(
          access,
          shapes.map(({ name }) => name),
        );
      const host = await reached();
      const plans: ComponentPlan[] = [];
      for (const shape of shapes) plans.push(await planShape(host, shape, ofComponent));
      return plans;
    },
    async deploy(shapes, { access, ...listener } = {}) {
      requireShapes(shapes);
      const ofComponent =
        access &&
        accessOf(
          access,
          shapes.map(({ name }) => name),
        );
      const host = await reached();
      await requireByCategory(host);
      return deployShapes(host, shapes, { ...byThisProcess(listener), exactly: true, accessOf: ofComponent });
    },
    async prune(shapes, listener) {
      requireShapes(shapes);
      return pruneShapes(await reached(), shapes, byThisProcess(listener));
    },
    async repair(component, listener) {
      requireComponentName(component);
      return repairComponent(await reached(), component, byThisProcess(listener));
    },
    async retire(component, settings = {}) {
      requireComponentName(component);
      return retireComponent(await reached(), component, byThisProcess(settings), settings);
    },
    async truncations(margin) {
      await reached();
      return surveyTruncations(store, () => SYSTEM_CLOCK.now(), margin);
    },
    async truncate(truncations, { signal, on } = {}) {
      await truncate(await reached(), truncations, randomUUID, { signal, done: (one) => on?.(one) });
    },
    async history(component, limit) {
      requireComponentName(component);
      return history(await reached(), component, limit);
    },
    parked(component) {
      requireComponentName(component);
      return parkedMessagesOf(store, component, () => new Date(SYSTEM_CLOCK.now()));
    },
    close: () => store.dispose(),
  };
}

function requireShapes(shapes: readonly ComponentShape[]): void {
  for (const { name, categories } of shapes) {
    requireComponentName(name);
    Object.keys(categories).forEach(requireCategoryName);
  }
  requireDistinct(shapes.flatMap(({ name, categories }) => [name, ...Object.keys(categories)]));
}
