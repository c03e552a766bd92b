import { setTimeout as sleep } from "node:timers/promises";
import { EventStoreDBClient, type ResolvedEvent, StreamNotFoundError } from "@eventstore/db-client";
import { type Embedded, startEmbedded } from "@sluice/embedded";
import type { ParkReason } from "../../src/receive/park-reason.ts";
import {
  type Clock,
  type Component,
  type Endpoint,
  startSender,
  type EndpointEvent,
  type Sender,
  startEndpoint,
} from "../../src/index.ts";

/** A server in memory, a sender and a client beside the endpoints of one test; all end with it. */
export interface Bench extends AsyncDisposable {
  readonly server: Embedded;
  readonly client: EventStoreDBClient;
  readonly sender: Sender;
  readonly seen: EndpointEvent[];
  start(...components: Component[]): Promise<Endpoint>;
}

/** @param options.clock what all of it goes by; default: the system's. */
export async function bench(options: { readonly clock?: Clock } = {}): Promise<Bench> {
  const server = await startEmbedded({ memory: true, port: 0 });
  const { connectionString } = server;
  const client = EventStoreDBClient.connectionString(connectionString);
  const sender = await startSender("test", { connectionString, ...options }).catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  const endpoints: Endpoint[] = [];
  const seen: EndpointEvent[] = [];
  return {
    server,
    client,
    sender,
    seen,
    async start(...components) {
      const endpoint = await startEndpoint(components, {
        connectionString,
        ...options,
        on: (event) => void seen.push(event),
      });
      endpoints.push(endpoint);
      return endpoint;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(endpoints.map((endpoint) => endpoint.stop({ deadline: 1_000 })));
      await sender.stop();
      await client.dispose();
      await server.stop();
    },
  };
}

/** Waits until `probe` gives something, for a minute at most. */
export async function until<Value>(
  what: string,
  probe: () => Value | Promise<Value>,
): Promise<Exclude<Value, false | undefined>> {
  for (const end = Date.now() + 60_000; ;) {
    const value = await probe();
    if (value !== false && value !== undefined) return value as Exclude<Value, false | undefined>;
    if (Date.now() > end) throw new Error(`timed out waiting until ${what}`);
    await sleep(10);
  }
}

/** What a stream holds, links resolved; nothing where it does not exist. */
export async function read(client: EventStoreDBClient, stream: string): Promise<ResolvedEvent[]> {
  const events: ResolvedEvent[] = [];
  try {
    for await (const resolved of client.readStream(stream, { resolveLinkTos: true })) events.push(resolved);
  } catch (error) {
    if (!(error instanceof StreamNotFoundError)) throw error;
  }
  return events;
}

/** The reasons beside the parked messages of a component, once there are `count`. */
export async function parked(client: EventStoreDBClient, component: string, count: number): Promise<ParkReason[]> {
  const stream = `$persistentsubscription-$ce-in.${component}::${component}-parked`;
  const links = await until(`${count} parked`, async () => {
    const found: { metadata?: unknown }[] = [];
    try {
      for await (const { event } of client.readStream(stream)) if (event) found.push(event);
    } catch (error) {
      if (!(error instanceof StreamNotFoundError)) throw error;
    }
    return found.length >= count && found;
  });
  return links.map(({ metadata }) => {
    const { reason } = metadata as { reason: string };
    return JSON.parse(reason.slice(reason.indexOf("\n") + 1));
  });
}
