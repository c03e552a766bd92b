import {
  type PersistentSubscriptionToStreamSettings,
  PersistentSubscriptionExistsError,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
} from "@eventstore/db-client";
import type { Connection } from "../connection/connection.ts";
import type { QueueAddress } from "../topology/queue-address.ts";

/** What a component says of its group. */
export interface GroupOptions {
  readonly messageTimeout: number;
}

/** Makes the group that the instances of a component share, or gives it the settings it should have. */
export async function ensureGroup(
  connection: Connection,
  { stream, group }: QueueAddress,
  options: GroupOptions,
): Promise<"created" | "updated" | "unchanged"> {
  const settings = settingsOf(options);
  const { client } = connection;
  try {
    await connection.call(() => client.createPersistentSubscriptionToStream(stream, group, settings));
    return "created";
  } catch (error) {
    if (!(error instanceof PersistentSubscriptionExistsError)) throw error;
  }
  const info = await connection.call(() => client.getPersistentSubscriptionToStreamInfo(stream, group));
  if (COMPARED.every((name) => info.settings[name] === settings[name])) return "unchanged";
  // Drops the clients of the group, which connect again; its checkpoint stays (spec 2.2).
  await connection.call(() => client.updatePersistentSubscriptionToStream(stream, group, settings));
  return "updated";
}

function settingsOf({ messageTimeout }: GroupOptions): PersistentSubscriptionToStreamSettings {
  return persistentSubscriptionToStreamSettingsFromDefaults({
    // A component gets what was sent before it was first deployed, too.
    startFrom: START,
    resolveLinkTos: true,
    messageTimeout,
    maxRetryCount: WITHOUT_LIMIT,
    // From the last checkpoint on everything comes again after a crash: one message is worth a checkpoint, each second.
    checkPointAfter: 1_000,
    checkPointLowerBound: 1,
    checkPointUpperBound: 500,
    readBatchSize: 100,
    historyBufferSize: 1_000,
    liveBufferSize: 1_000,
  });
}

/**
 * The server parks by itself what it has handed out oftener than this, without a reason and also while it is being handled. So it
 * never does: receivers park what comes too often, with all that is known of it.
 */
const WITHOUT_LIMIT = 2 ** 31 - 1;

const COMPARED = ["resolveLinkTos", "messageTimeout", "maxRetryCount"] as const;
