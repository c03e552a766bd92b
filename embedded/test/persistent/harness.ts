import type { TestContext } from "node:test";
import {
  EventStoreDBClient,
  jsonEvent,
  type PersistentSubscriptionToAll,
  type PersistentSubscriptionToStream,
  type PersistentSubscriptionToStreamSettings,
  persistentSubscriptionToStreamSettingsFromDefaults,
  type ResolvedEvent,
  START,
} from "@eventstore/db-client";
import { type Embedded, startEmbedded } from "../../src/index.ts";
import { until } from "../until.ts";

export type Delivered = ResolvedEvent & { readonly retryCount: number };

const endings = new WeakMap<TestContext, (() => unknown)[]>();

/** Runs `end` when the test is over; what began last ends first. */
export function atEnd(t: TestContext, end: () => unknown): void {
  const ends = endings.get(t);
  if (ends !== undefined) return void ends.push(end);
  const own = [end];
  endings.set(t, own);
  t.after(async () => {
    for (const one of own.toReversed()) await one();
  });
}

/** A server in memory and a client of it, both gone when the test is over. */
export async function serverInMemory(t: TestContext): Promise<{ server: Embedded; client: EventStoreDBClient }> {
  const server = await startEmbedded({ memory: true, port: 0 });
  atEnd(t, () => server.stop());
  return { server, client: clientOf(t, server) };
}

export function clientOf(t: TestContext, { connectionString }: Pick<Embedded, "connectionString">): EventStoreDBClient {
  const client = EventStoreDBClient.connectionString(connectionString);
  // A read that was left half way keeps a client from ending: it is not waited for.
  atEnd(t, () => void client.dispose());
  return client;
}

export const settings = (
  changes: Partial<PersistentSubscriptionToStreamSettings> = {},
): PersistentSubscriptionToStreamSettings =>
  persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START, ...changes });

/** Appends `count` events, numbered on in their data from `from`. */
export async function append(client: EventStoreDBClient, stream: string, count: number, from = 0): Promise<void> {
  const events = Array.from({ length: count }, (_, i) => jsonEvent({ type: "Step", data: { n: from + i } }));
  await client.appendToStream(stream, events);
}

/** Consumes, and keeps what came. */
export class Follower {
  readonly subscription: PersistentSubscriptionToStream | PersistentSubscriptionToAll;
  readonly got: Delivered[] = [];
  isConfirmed = false;
  /** The type of the error it ended with, or "ended". */
  end: string | undefined;

  constructor(
    subscription: PersistentSubscriptionToStream | PersistentSubscriptionToAll,
    onEvent: (event: Delivered, follower: Follower) => void = () => {},
  ) {
    this.subscription = subscription;
    subscription.on("confirmation", () => {
      this.isConfirmed = true;
    });
    subscription.on("error", (error) => {
      this.end ??= "type" in error ? String(error.type) : error.message;
    });
    subscription.on("end", () => {
      this.end ??= "ended";
    });
    subscription.on("data", (event: Delivered) => {
      this.got.push(event);
      onEvent(event, this);
    });
  }

  /** Revisions of the events as they came, with the retry count where there is one. */
  get revisions(): string[] {
    return this.got.map(({ event, retryCount }) =>
      retryCount === 0 ? `${event?.revision}` : `${event?.revision} retry ${retryCount}`,
    );
  }

  async receive(count: number): Promise<void> {
    await until(`${count} deliveries came`, () => this.got.length >= count);
  }

  async ack(...events: readonly ResolvedEvent[]): Promise<void> {
    await this.subscription.ack(...events);
  }
}

/** A consumer of a stream's group, once it is confirmed or refused. */
export async function follow(
  client: EventStoreDBClient,
  stream: string,
  group: string,
  bufferSize = 10,
  onEvent?: (event: Delivered, follower: Follower) => void,
): Promise<Follower> {
  const subscription = client.subscribeToPersistentSubscriptionToStream(stream, group, { bufferSize });
  const follower = new Follower(subscription, onEvent);
  await until("the consumer is confirmed or refused", () => follower.isConfirmed || follower.end !== undefined);
  return follower;
}

export const ackAll = (event: Delivered, follower: Follower): void => {
  void follower.ack(event).catch(() => {}); // A consumer that was dropped cannot ack; the event comes again.
};

export async function statsOf(client: EventStoreDBClient, stream: string, group: string) {
  const info = await client.getPersistentSubscriptionToStreamInfo(stream, group);
  return { ...info.stats, status: info.status, connections: info.connections.length };
}

/** Waits until nothing of a group waits, is out or is to come again. */
export async function settled(client: EventStoreDBClient, stream: string, group: string): Promise<void> {
  await until(`${group} has settled everything`, async () => {
    const stats = await statsOf(client, stream, group);
    const open = stats.totalInFlightMessages + stats.readBufferCount + stats.retryBufferCount;
    return open + stats.outstandingMessagesCount === 0 && stats.status === "Live";
  });
}

/** Data of the events in a stream, as texts; empty where there is none. */
export async function read(client: EventStoreDBClient, stream: string): Promise<string[]> {
  const data: string[] = [];
  try {
    for await (const { event } of client.readStream(stream)) {
      const body = event?.data;
      data.push(body instanceof Uint8Array ? Buffer.from(body).toString() : JSON.stringify(body));
    }
  } catch (error) {
    if ((error as { type?: string }).type !== "stream-not-found") throw error;
  }
  return data;
}

export const parkedStream = (stream: string, group: string): string =>
  `$persistentsubscription-${stream}::${group}-parked`;
export const checkpointStream = (stream: string, group: string): string =>
  `$persistentsubscription-${stream}::${group}-checkpoint`;
