import type { GroupState } from "../store/groups.ts";
import type { Store } from "../store/store.ts";
import { queueOf } from "../topology/queue-address.ts";
import { ifRefused } from "./if-refused.ts";
import { sideBySide } from "./side-by-side.ts";

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

/** Components whose groups are asked for one by one; of more of them all groups of the server are listed in one call. */
const FEW = 5;

/**
 * Asks what waits for components: by one call for each of a few, or one for all, and one read of one event where something waits.
 * @param now milliseconds since 1970.
 * @returns by component; none for one without a queue, and none at all where the caller may not see them.
 * @throws ServerUnreachable
 */
export async function queueStates(
  store: Pick<Store, "groups" | "read">,
  components: readonly string[],
  now: () => number,
): Promise<ReadonlyMap<string, QueueState>> {
  const groups = await groupsOf(store, components).catch(ifRefused(new Map<string, GroupState>()));
  const states = await sideBySide(components, async (component) => {
    const group = groups.get(component);
    return group === undefined ? [] : [[component, await stateOf(store, component, group, now)] as const];
  });
  return new Map(states.flat());
}

async function stateOf(
  store: Pick<Store, "read">,
  component: string,
  group: GroupState,
  now: () => number,
): Promise<QueueState> {
  const { parked, consumers } = group;
  const oldest = await oldestWaiting(store, component, group);
  return {
    length: waitingIn(group),
    lag: oldest === undefined ? 0 : Math.max(0, now() - oldest.getTime()),
    parked,
    consumers,
  };
}

async function groupsOf(
  store: Pick<Store, "groups">,
  components: readonly string[],
): Promise<ReadonlyMap<string, GroupState>> {
  if (components.length > FEW) return listQueues(store);
  const found = await Promise.all(
    components.map(async (component) => [component, await store.groups.find(queueOf(component))] as const),
  );
  return new Map(found.flatMap(([component, group]) => (group === undefined ? [] : [[component, group] as const])));
}

/** The queues of all components of a server. @throws ServerUnreachable, AccessRefused */
export async function listQueues({ groups }: Pick<Store, "groups">): Promise<ReadonlyMap<string, GroupState>> {
  const all = await groups.list();
  const inQueues = all.filter(({ stream, group }) => queueOf(group).stream === stream);
  return new Map(inQueues.map(({ group, state }) => [group, state]));
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
