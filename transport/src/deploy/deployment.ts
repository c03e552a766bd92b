import { AccessRefused } from "../store/access-refused.ts";
import { ServerUnreachable } from "../store/server-unreachable.ts";
import type { Change, DeployStep } from "./change.ts";
import { deployAcls } from "./deploy-acls.ts";
import { deployFilter } from "./deploy-filter.ts";
import { deployRouters } from "./deploy-routers.ts";
import { type Deployed, GENERATOR, NOTHING_DEPLOYED } from "./deployed.ts";
import { deployGroup } from "./group.ts";
import type { DeployEnvironment, DeployHost } from "./host.ts";
import { inTurn } from "./in-turn.ts";
import type { Journal } from "./journal.ts";
import { type Lease, LeaseLost } from "./lease.ts";
import { ProjectionDeployer } from "./projection-deployer.ts";
import { repair } from "./repair.ts";
import { prune, retire } from "./take-away.ts";
import type { Work } from "./work.ts";

/** How a deployment is done, whatever it does. */
export interface DeploymentOptions {
  readonly environment: DeployEnvironment;
  /** Who deploys, for the journal's readers. */
  readonly by: string;
  readonly signal?: AbortSignal | undefined;
  /** Told of each step when it is done. */
  readonly done: (step: DeployStep) => void;
}

/**
 * Changes what is deployed for a component, in its turn.
 * @param decide what there is to do, given what is deployed; undefined for nothing.
 * @returns what is deployed then.
 * @throws ProjectionRefused, ServerUnreachable, AccessRefused, what `decide` throws, the reason of the signal
 */
export async function change(
  host: DeployHost,
  component: string,
  options: DeploymentOptions,
  decide: (deployed: Deployed | undefined) => Promise<Change | undefined>,
): Promise<Deployed> {
  const { environment, by, signal } = options;
  let isDone = false;
  const journal = await inTurn(host, component, environment, {
    by,
    signal,
    decide: async ({ deployed }) => (isDone ? undefined : decide(deployed)),
    execute: async (wanted, journal, lease, isResumed) => {
      try {
        await execute(host, component, options, { change: wanted, journal, lease, isResumed });
        isDone ||= !isResumed;
      } catch (error) {
        // What another one had begun and cannot be done is recorded as failed, and none of this one's business.
        if (!isResumed || mayBeCompletedByOthers(error)) throw error;
      }
    },
  });
  return journal.deployed ?? NOTHING_DEPLOYED;
}

interface Begun {
  readonly change: Change;
  readonly journal: Journal;
  readonly lease: Lease;
  readonly isResumed: boolean;
}

/** Does what was begun. What it cannot do is written down, so that others need not wait, and what it has stopped runs again. */
async function execute(
  host: DeployHost,
  component: string,
  { environment, done }: DeploymentOptions,
  { change, journal, lease, isResumed }: Begun,
): Promise<void> {
  const steps: DeployStep[] = [];
  const record = (step: DeployStep): void => {
    steps.push(step);
    done(step);
  };
  const { deployment } = lease;
  const projections = new ProjectionDeployer(host, lease, environment, record);
  const pause = async (): Promise<void> => {
    await lease.hold();
    await environment.sleep(20);
  };
  const work: Work = {
    host: holding(host, lease),
    projections,
    component,
    deployed: journal.deployed ?? NOTHING_DEPLOYED,
    isResumed,
    done: record,
    pause,
    newId: () => environment.newId(),
  };
  try {
    const deployed = withOldest(await perform(change, work), steps, isResumed);
    await lease.end({ kind: "completed", deployment, deployed, steps });
  } catch (error) {
    // Where the caller has no rights nothing was done, unless somebody else had begun it.
    const isLeftOpen = error instanceof AccessRefused ? isResumed : mayBeCompletedByOthers(error);
    if (isLeftOpen) throw error;
    await projections.restore().catch(() => {});
    const reason = error instanceof Error ? error.message : String(error);
    await lease.end({ kind: "failed", deployment, reason }).catch(() => {});
    throw error;
  }
}

/**
 * Texts that a newer version had generated and this one has written again are this one's now: told so, the newer version brings
 * them up to date when it starts next. What somebody else had begun may have written some without a trace.
 */
function withOldest(deployed: Deployed, steps: readonly DeployStep[], isResumed: boolean): Deployed {
  const isWritten = ({ kind, action }: DeployStep): boolean =>
    kind === "projection" && (action === "created" || action === "updated");
  const isNewest = deployed.generator <= GENERATOR || !(isResumed || steps.some(isWritten));
  return isNewest ? deployed : { ...deployed, generator: GENERATOR };
}

/** Says before each read that the work goes on: reading back a long stream takes longer than others wait. */
const holding = (host: DeployHost, lease: Lease): DeployHost => ({
  address: host.address,
  append: (...given) => host.append(...given),
  read: async (...given) => {
    await lease.hold();
    return host.read(...given);
  },
  logEnd: () => host.logEnd(),
  projections: host.projections,
  groups: host.groups,
});

/** The deployment stays begun: whoever finds it so goes on with it. */
const mayBeCompletedByOthers = (error: unknown): boolean =>
  error instanceof LeaseLost || error instanceof ServerUnreachable || error instanceof AccessRefused;

async function perform(wanted: Change, work: Work): Promise<Deployed> {
  switch (wanted.kind) {
    case "deploy":
      return deploy(wanted, work);
    case "prune":
      return prune(work, wanted.shape);
    case "repair":
      return repair(work, wanted.projections);
    case "retire":
      return retire(work);
  }
}

/**
 * The group first, then the filter, then the routers: what anyone sends has a way before the component can send anything. Rights
 * come last: they are given to streams that all of these have made.
 */
async function deploy(
  { shape, exactly, access: wanted }: Extract<Change, { kind: "deploy" }>,
  work: Work,
): Promise<Deployed> {
  const access = wanted ?? work.deployed.access;
  const group = await deployGroup(work, shape.messageTimeout, exactly);
  const filtered = await deployFilter(work, shape.events);
  const routers = await deployRouters(work, shape);
  const deployed = {
    generator: Math.max(GENERATOR, work.deployed.generator),
    group,
    ...(filtered.filter === undefined ? {} : { filter: filtered.filter }),
    backfills: filtered.backfills,
    routers,
    ...(access === undefined ? {} : { access }),
  };
  if (access !== undefined) await deployAcls(work, deployed, access);
  return deployed;
}
