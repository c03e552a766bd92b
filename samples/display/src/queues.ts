import type { EventStoreDBClient } from "@eventstore/db-client";
import type { Reading } from "./reading.ts";

/** The queue of one component, as the server tells of it. */
export interface QueueState {
  readonly component: string;
  /** Messages handed to the component that it has not settled yet. */
  readonly inHand: number;
  /** Messages that could not be handled, put aside for a person. */
  readonly parked: number;
}

/** Asks the server how the queues of these components stand; a server that does not answer now is asked again later. */
export async function queuesOf(
  reading: Reading,
  components: readonly string[],
): Promise<readonly QueueState[] | undefined> {
  try {
    return await reading.ask(async (client, heard) => {
      const queues: QueueState[] = [];
      for (const component of components) {
        queues.push(await queueOf(client, component));
        heard();
      }
      return queues;
    });
  } catch {
    return undefined;
  }
}

async function queueOf(client: EventStoreDBClient, component: string): Promise<QueueState> {
  const { stats } = await client.getPersistentSubscriptionToStreamInfo(`$ce-in.${component}`, component);
  return { component, inHand: stats.outstandingMessagesCount, parked: Number(stats.parkedMessageCount) };
}
