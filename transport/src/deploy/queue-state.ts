import type { GroupState } from "../store/groups.ts";
import type { Store } from "../store/store.ts";
import { queueOf } from "../topology/queue-address.ts";
import { ifRefused } from "./if-refused.ts";

/** What waits for a component: for all of its instances together, as the server tells it. */
export interface QueueState {
  /** Messages in the queue from the oldest that nobody has settled on; the server records what is settled about once a second. */
  readonly length: number;
  /** Milliseconds that the oldest of them has been in the queue, by two clocks that may differ; 0 where none waits. */
  readonly lag: number;
  /** Messages put aside for a person. */
  readonly parked: number;
  /** Connections by which instances receive. */
  readonly consumers: number;
}

/**
 * Asks what waits for a component, by one call, and one read of one event where something does.
 * @param now milliseconds since 1970.
 * @returns undefined where there is no such queue, or the caller may not see it.
 * @throws ServerUnreachable
 */
export async function queueState(
  store: Pick<Store, "groups" | "read">,
  component: string,
  now: () => number,
): Promise<QueueState | undefined> {
  const group = await store.groups.find(queueOf(component)).catch(ifRefused(undefined));
  if (group === undefined) return undefined;
  const { parked, consumers } = group;
  const oldest = await oldestWaiting(store, component, group);
  return {
    length: waitingIn(group),
    lag: oldest === undefined ? 0 : Math.max(0, now() - oldest.getTime()),
    parked,
    consumers,
  };
}

/** When the oldest message that nobody has settled came into the queue; undefined where none waits. */
export async function oldestWaiting(
  store: Pick<Store, "read">,
  component: string,
  group: GroupState,
): Promise<Date | undefined> {
  if (waitingIn(group) === 0) return undefined;
  const { stream } = queueOf(component);
  const from = (group.checkpoint ?? -1n) + 1n;
  const first = await store.read(stream, { from, limit: 1 }).catch(ifRefused(undefined));
  return first?.[0]?.event?.created;
}

const waitingIn = ({ checkpoint = -1n, lastKnown = -1n }: GroupState): number =>
  Math.max(0, Number(lastKnown - checkpoint));
