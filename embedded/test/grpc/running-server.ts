import { randomUUID } from "node:crypto";
import type { TestContext } from "node:test";
import { type Client, credentials, makeGenericClientConstructor } from "@grpc/grpc-js";
import { EventStoreDBClient, jsonEvent } from "@eventstore/db-client";
import { type Embedded, startEmbedded } from "../../src/index.ts";
import type { Service } from "../../src/grpc/wire/service.ts";
import { definition } from "../../src/grpc/wire/service.ts";

/** A server in memory on a free port, and an official client of it; both end with the test. */
export async function runningServer(t: TestContext): Promise<{ server: Embedded; client: EventStoreDBClient }> {
  const server = await startEmbedded({ memory: true, port: 0 });
  const client = clientOf(t, server.connectionString);
  t.after(() => server.stop());
  return { server, client };
}

export function clientOf(t: TestContext, connectionString: string): EventStoreDBClient {
  const client = EventStoreDBClient.connectionString(connectionString);
  t.after(() => client.dispose());
  return client;
}

/** A bare gRPC client that speaks through our own codecs, for what the official client never sends. */
export function bareClient(t: TestContext, server: { host: string; port: number }, of: Service<never>): Client {
  const Constructor = makeGenericClientConstructor(definition(of), of.name);
  const client = new Constructor(`${server.host}:${server.port}`, credentials.createInsecure());
  t.after(() => client.close());
  return client;
}

/** An event of type "Counted" that carries `n`. */
export const counted = (n: number, id: string = randomUUID()) => jsonEvent({ id, type: "Counted", data: { n } });

export const countedUpTo = (count: number, from = 0) => Array.from({ length: count }, (_, i) => counted(from + i));

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
