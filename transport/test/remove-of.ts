import { setTimeout as sleep } from "node:timers/promises";
import type { EventStoreDBClient } from "@eventstore/db-client";

/** How long a projection may take to stop, and be gone. */
const PATIENCE_MS = 20_000;

/**
 * Removes the projections and the groups whose names end in that of a run, since each of them costs a server for ever. Streams stay:
 * they cost only room. What cannot be removed is told and left, since no test is wrong because of it.
 */
export async function removeOf(client: EventStoreDBClient, run: string): Promise<void> {
  const trying = async (what: string, remove: () => Promise<unknown>): Promise<void> => {
    try {
      await remove();
    } catch (error) {
      process.emitWarning(`${what} of a test may be left on the server: ${String(error)}`);
    }
  };
  await trying("projections", async () => {
    const made = (await client.listProjections()).filter(({ name }) => name.includes(run));
    await Promise.all(made.map(({ name, status }) => trying(name, () => removeProjection(client, name, status))));
  });
  await trying("groups", async () => {
    const made = (await client.listAllPersistentSubscriptions()).filter(({ groupName }) => groupName.includes(run));
    const remove = ({ eventSource, groupName }: (typeof made)[number]): Promise<unknown> =>
      trying(groupName, () => client.deletePersistentSubscriptionToStream(eventSource, groupName));
    await Promise.all(made.map(remove));
  });
}

/** A projection has to stand still before it can be deleted. */
async function removeProjection(client: EventStoreDBClient, name: string, status: string): Promise<void> {
  if (status !== "Stopped") await client.disableProjection(name);
  for (const end = Date.now() + PATIENCE_MS; ; await sleep(50)) {
    const { status: now } = await client.getProjectionStatus(name);
    if (/^Stopped|^Faulted/.test(now)) break;
    if (Date.now() > end) throw new Error(`it does not stop, but is ${now}`);
  }
  await client.deleteProjection(name, { deleteCheckpointStream: true, deleteStateStream: true });
}
