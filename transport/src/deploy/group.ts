import { describeStream } from "../store/describe-stream.ts";
import type { GroupSettings, GroupState } from "../store/groups.ts";
import { queueOf } from "../topology/queue-address.ts";
import type { Work } from "./work.ts";

/**
 * The server parks by itself what it has handed out oftener than this, without a reason and also while it is being handled. So it
 * never does: receivers park what comes too often, with all that is known of it.
 */
const WITHOUT_LIMIT = 2 ** 31 - 1;

/**
 * The settings a group should have; undefined where it has them. A start only raises the time limit, so that instances of two
 * versions that run side by side do not take turns in setting it: each time that drops all consumers.
 */
export function settingsFor(
  found: Pick<GroupState, "messageTimeout" | "maxRetryCount" | "resolvesLinks"> | undefined,
  messageTimeout: number,
  exactly: boolean,
): GroupSettings | undefined {
  const wanted = exactly ? messageTimeout : Math.max(messageTimeout, found?.messageTimeout ?? 0);
  const isWanted = found?.resolvesLinks && found.messageTimeout === wanted && found.maxRetryCount === WITHOUT_LIMIT;
  return isWanted ? undefined : { messageTimeout: wanted, maxRetryCount: WITHOUT_LIMIT };
}

/** Makes the group that the instances of a component share, or gives it the settings it should have. */
export async function deployGroup(
  work: Work,
  messageTimeout: number,
  exactly: boolean,
): Promise<{ readonly messageTimeout: number }> {
  const {
    host: { groups },
    component,
    deployed,
    done,
  } = work;
  const address = queueOf(component);
  const name = `${address.stream}::${address.group}`;
  const found = await groups.find(address);
  const settings = settingsFor(found, messageTimeout, exactly);
  // One that was retired goes on behind what it had settled.
  const from = deployed.settled === undefined ? undefined : BigInt(deployed.settled) + 1n;
  if (found === undefined) await letReceive(work, address.stream);
  if (settings === undefined) done({ kind: "group", name, action: "unchanged" });
  else if (found === undefined && (await groups.create(address, settings, from))) {
    done({ kind: "group", name, action: "created" });
  } else {
    await groups.update(address, settings);
    done({ kind: "group", name, action: "updated" });
  }
  return { messageTimeout: settings?.messageTimeout ?? found?.messageTimeout ?? messageTimeout };
}

/**
 * `$by_category` lets everybody read a queue when it makes the first link there (spec 3.5). Until then it would be the
 * administrators' own, and instances without their rights could not wait for the first message.
 */
const letReceive = ({ host, newId }: Work, queue: string): Promise<void> =>
  describeStream(host, queue, { $acl: { $r: "$all", $mr: "$all" } }, newId());
