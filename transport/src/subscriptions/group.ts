import type { Groups, GroupSettings } from "../store/groups.ts";
import type { QueueAddress } from "../store/queue-address.ts";

/** What a component says of its group. */
export type GroupOptions = Pick<GroupSettings, "messageTimeout">;

/**
 * The server parks by itself what it has handed out oftener than this, without a reason and also while it is being handled. So it
 * never does: receivers park what comes too often, with all that is known of it.
 */
const WITHOUT_LIMIT = 2 ** 31 - 1;

/** Makes the group that the instances of a component share, or gives it the settings it should have. */
export async function ensureGroup(
  groups: Groups,
  address: QueueAddress,
  { messageTimeout }: GroupOptions,
): Promise<"created" | "updated" | "unchanged"> {
  const settings = { messageTimeout, maxRetryCount: WITHOUT_LIMIT };
  const found = await groups.find(address);
  if (found === undefined && (await groups.create(address, settings))) return "created";
  if (found?.resolvesLinks && found.messageTimeout === messageTimeout && found.maxRetryCount === WITHOUT_LIMIT) {
    return "unchanged";
  }
  await groups.update(address, settings);
  return "updated";
}
