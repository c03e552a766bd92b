import { AccessRefused } from "../store/access-refused.ts";
import { WrongRevision } from "../store/wrong-revision.ts";
import type { Change } from "./change.ts";
import type { DeployEnvironment, DeployHost } from "./host.ts";
import { type Journal, type OpenDeployment, readJournal, record } from "./journal.ts";
import { Lease, LeaseLost } from "./lease.ts";

/**
 * Milliseconds of silence after which whoever has begun a deployment is taken for dead. It speaks each second, so this is some
 * missed beats more than a busy machine needs.
 */
export const TAKE_OVER_AFTER = 5_000;
const LOOK_AGAIN = 50;

export interface TurnOptions {
  /** Who deploys, for the journal's readers. */
  readonly by: string;
  readonly signal?: AbortSignal | undefined;
  /** What there is to do, given what is deployed; undefined for nothing. Asked again after each wait for others. */
  readonly decide: (journal: Journal) => Promise<Change | undefined>;
  /**
   * Does it, whatever of it is done already, and writes that it is completed.
   * @param isResumed it was begun before, so what stands still may have been stopped for it.
   */
  readonly execute: (change: Change, journal: Journal, lease: Lease, isResumed: boolean) => Promise<void>;
}

/**
 * Deploys a component while nobody else does. Of several one wins, by the expected revision of the journal; the others wait, look
 * at what it has made, and mostly find nothing left to do. One whose process died in the middle is completed by whoever finds it
 * silent for {@link TAKE_OVER_AFTER}, by its own clock: no two clocks need agree.
 * @returns the journal as it is when nothing is left to do.
 */
export async function inTurn(
  host: DeployHost,
  component: string,
  environment: DeployEnvironment,
  { by, signal, decide, execute }: TurnOptions,
): Promise<Journal> {
  const mine = new Set<string>();
  let silent = { revision: -1n as Journal["revision"], since: environment.now() };
  for (;;) {
    signal?.throwIfAborted();
    const journal = await readJournal(host, component);
    if (journal.revision !== silent.revision) silent = { revision: journal.revision, since: environment.now() };
    if (journal.open !== undefined) {
      // One of mine whose beginning was stored although its answer was lost is mine to go on with.
      const isDue = mine.has(journal.open.deployment) || environment.now() - silent.since >= TAKE_OVER_AFTER;
      if (isDue) {
        try {
          await attempt(takeOver(journal.open));
        } catch (error) {
          // Who may not complete it, and needs nothing of it, leaves it to others.
          if (error instanceof AccessRefused && (await decide(journal)) === undefined) return journal;
          throw error;
        }
      } else await environment.sleep(LOOK_AGAIN * (1 + environment.random()), signal);
      continue;
    }
    const change = await decide(journal);
    if (change === undefined) return journal;
    const deployment = environment.newId();
    mine.add(deployment);
    await attempt(async () => {
      const entry = { kind: "begun", deployment, by, change } as const;
      const revision = await record(host, component, entry, { expected: journal.revision, id: environment.newId() });
      await execute(change, journal, new Lease(host, component, environment, { deployment, revision, signal }), false);
    });

    function takeOver({ deployment, change }: OpenDeployment): () => Promise<void> {
      return async () => {
        const entry = { kind: "taken over", deployment, by } as const;
        const revision = await record(host, component, entry, { expected: journal.revision, id: environment.newId() });
        mine.add(deployment);
        await execute(change, journal, new Lease(host, component, environment, { deployment, revision, signal }), true);
      };
    }
  }
}

/** Another one was quicker, or goes on in its place: that is looked at, and waited for. */
async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof WrongRevision) && !(error instanceof LeaseLost)) throw error;
  }
}
