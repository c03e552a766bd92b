import { type Deployed, namesOf, NOTHING_DEPLOYED } from "./deployed.ts";
import { type Statuses, statusesOf } from "./deploy-component.ts";
import { change, type DeploymentOptions } from "./deployment.ts";
import type { DeployHost } from "./host.ts";
import { readJournal } from "./journal.ts";
import { type Problem, problemsOf } from "./problem.ts";

/** Milliseconds between two looks at least, and of that as much again by chance, so that not all instances look at once. */
const PAUSE = 2_000;
/** Milliseconds more for each projection watched: what one look costs grows with how many there are. */
const PAUSE_EACH = 2;

/** What a watch tells of. */
export interface WatchListener {
  /** A projection does not run any more, and nobody is deploying. Told once. */
  failed(problem: Problem): void;
  /** One that was told of runs again, or another has taken its place. */
  recovered(problem: Problem): void;
}

/**
 * Watches the projections of the components of a process, by one call for all of them every few seconds, until the signal is
 * aborted. Only where one does not run it looks closer: a deployment that was begun and whose process died is completed, so that
 * what it had stopped runs again; all else is told.
 */
export async function watch(
  host: DeployHost,
  components: readonly string[],
  options: Omit<DeploymentOptions, "done"> & { readonly signal: AbortSignal },
  listener: WatchListener,
): Promise<void> {
  const { environment, signal } = options;
  const deployed = new Map<string, Deployed>();
  const told = new Map<string, Problem>();
  const completing = new Map<string, Promise<unknown>>();
  const isOver = (): boolean => signal.aborted;

  const lookAt = async (component: string, statuses: Statuses): Promise<void> => {
    const known = deployed.get(component);
    const isTold = [...told.values()].some((problem) => problem.component === component);
    if (known !== undefined && !isTold && problemsOf(component, known, statuses).length === 0) return;
    const journal = await readJournal(host, component);
    deployed.set(component, journal.deployed ?? NOTHING_DEPLOYED);
    const problems = problemsOf(component, journal.deployed ?? NOTHING_DEPLOYED, statuses);
    if (journal.open !== undefined && problems.length > 0) return complete(component);
    for (const [key, problem] of told) {
      if (problem.component !== component || problems.some((other) => keyOf(other) === key)) continue;
      told.delete(key);
      listener.recovered(problem);
    }
    for (const problem of problems) {
      if (told.has(keyOf(problem))) continue;
      told.set(keyOf(problem), problem);
      listener.failed(problem);
    }
  };

  /** Waits for whoever deploys, and goes on in its place when it is silent. What fails is met again at the next look. */
  const complete = (component: string): void => {
    if (completing.has(component)) return;
    completing.set(component, completed(component));
  };
  const completed = async (component: string): Promise<void> => {
    try {
      await change(host, component, { ...options, done: () => {} }, async () => undefined);
    } catch {
      // It stays begun, or is recorded as failed.
    } finally {
      completing.delete(component);
    }
  };

  while (!isOver()) {
    try {
      const statuses = await statusesOf(host);
      // Who may not see what runs cannot watch it.
      if (statuses === undefined) return;
      for (const component of components) await lookAt(component, statuses);
    } catch {
      // The server is away; the queues of the components tell of that.
    }
    const watched = [...deployed].reduce((sum, [component, its]) => sum + namesOf(component, its).length, 0);
    const pause = PAUSE * (1 + environment.random()) + PAUSE_EACH * watched;
    await environment.sleep(pause, signal).catch(() => {});
  }
  await Promise.all(completing.values());
}

const keyOf = ({ projection, why }: Problem): string => `${projection} ${why}`;
