import { AccessRefused } from "../store/access-refused.ts";
import type { ProjectionStatus } from "../store/projections.ts";
import type { Access } from "../topology/access.ts";
import { queueOf } from "../topology/queue-address.ts";
import type { ComponentShape } from "../topology/shape.ts";
import type { DeployStep } from "./change.ts";
import { accessWanted, isAccessDeployed } from "./access-wanted.ts";
import { type Deployed, GENERATOR, namesOf, NOTHING_DEPLOYED } from "./deployed.ts";
import { change, type DeploymentOptions } from "./deployment.ts";
import { settingsFor } from "./group.ts";
import type { DeployHost } from "./host.ts";
import { ifRefused } from "./if-refused.ts";
import { type Problem, problemsOf } from "./problem.ts";

/** What a deployment did, in order, and what it found and left alone. */
export interface DeployReport {
  readonly steps: readonly DeployStep[];
  /** Projections that do not run, each with what to do about it. */
  readonly problems: readonly Problem[];
}

export interface DeployShapesOptions extends DeploymentOptions {
  /** Groups get their settings also where these are lower than those they have. */
  readonly exactly: boolean;
  /** Whose the streams of a component are to be; undefined, or absent: as it is. */
  readonly accessOf?: ((component: string) => Access | undefined) | undefined;
}

/** What the server runs, as one look at all of it shows; undefined where the caller may not see it. */
export type Statuses = ReadonlyMap<string, ProjectionStatus> | undefined;

/**
 * Adds what components need and have not yet. Where nothing has to be added nothing is changed, and no rights are asked for but
 * those to receive.
 * @throws ProjectionRefused, ServerUnreachable, AccessRefused
 */
export async function deployShapes(
  host: DeployHost,
  shapes: readonly ComponentShape[],
  options: DeployShapesOptions,
): Promise<DeployReport> {
  const steps: DeployStep[] = [];
  const problems: Problem[] = [];
  let statuses = await statusesOf(host);
  for (const shape of shapes) {
    const own: DeployStep[] = [];
    const done = (step: DeployStep): void => {
      own.push(step);
      options.done(step);
    };
    const deployed = await change(host, shape.name, { ...options, done }, async (journaled) => {
      const names = journaled === undefined ? [] : namesOf(shape.name, journaled);
      // Others may have made what was not there at the last look.
      if (names.some((name) => statuses?.has(name) === false)) statuses = await statusesOf(host);
      const access = accessWanted(options.accessOf?.(shape.name), journaled);
      const isThere =
        (await isDeployed(host, shape, journaled, statuses, options.exactly)) &&
        (await hasItsRights(host, shape.name, journaled, access, options.exactly));
      if (isThere) return undefined;
      return { kind: "deploy", shape, exactly: options.exactly, ...(access === undefined ? {} : { access }) };
    });
    steps.push(...(own.length > 0 ? own : unchanged(shape.name, deployed)));
    statuses = own.length > 0 ? await statusesOf(host) : statuses;
    problems.push(...problemsOf(shape.name, deployed, statuses));
  }
  return { steps, problems };
}

/** Everything that the component needs is recorded, and is there as far as the caller may see. */
async function isDeployed(
  host: Pick<DeployHost, "groups">,
  shape: ComponentShape,
  deployed: Deployed | undefined,
  statuses: Statuses,
  exactly: boolean,
): Promise<boolean> {
  if (deployed === undefined || deployed.generator < GENERATOR || !covers(deployed, shape)) return false;
  if (statuses !== undefined && namesOf(shape.name, deployed).some((name) => !statuses.has(name))) return false;
  try {
    const group = await host.groups.find(queueOf(shape.name));
    return settingsFor(group, shape.messageTimeout, exactly) === undefined;
  } catch (error) {
    if (!(error instanceof AccessRefused)) throw error;
    const recorded = deployed.group?.messageTimeout ?? 0;
    return exactly ? recorded === shape.messageTimeout : recorded >= shape.messageTimeout;
  }
}

/** A start leaves rights alone. A deployment that says nothing of them gives back those that were deployed, where it may see them. */
async function hasItsRights(
  host: Pick<DeployHost, "read">,
  component: string,
  deployed: Deployed | undefined,
  wanted: Access | undefined,
  exactly: boolean,
): Promise<boolean> {
  if (wanted !== undefined) return isAccessDeployed(host, component, deployed, wanted);
  if (!exactly || deployed?.access === undefined) return true;
  return isAccessDeployed(host, component, deployed, deployed.access).catch(ifRefused(true));
}

/** Whether all that a component needs is deployed, as the journal has it. Pure. */
export const covers = (deployed: Deployed, { name, events, categories }: ComponentShape): boolean =>
  deployed.group !== undefined &&
  Object.keys(events).every((pattern) => pattern in (deployed.filter?.subscriptions ?? {})) &&
  [name, ...Object.keys(categories)].every((owner) => owner in deployed.routers);

export const statusesOf = ({ projections }: Pick<DeployHost, "projections">): Promise<Statuses> =>
  projections.list().catch(ifRefused(undefined));

function unchanged(component: string, deployed: Deployed | undefined): readonly DeployStep[] {
  const { stream, group } = queueOf(component);
  return [
    { kind: "group", name: `${stream}::${group}`, action: "unchanged" },
    ...namesOf(component, deployed ?? NOTHING_DEPLOYED).map(
      (name) => ({ kind: "projection", name, action: "unchanged" }) as const,
    ),
  ];
}
