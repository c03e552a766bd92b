import { EventStoreDBClient } from "@eventstore/db-client";
import { type Embedded, startEmbedded } from "@sluice/embedded";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";

/** A server in memory, a proxy before it, a client of the proxy and one of the server itself; all end with it. */
export interface Bench extends AsyncDisposable {
  readonly server: Embedded;
  readonly proxy: FaultProxy;
  /** Goes through the proxy. */
  readonly client: EventStoreDBClient;
  /** Sees what really is stored. */
  readonly direct: EventStoreDBClient;
}

/** @param parameters of the connection string, such as `defaultDeadline=500`. */
export async function bench(...parameters: readonly string[]): Promise<Bench> {
  const server = await startEmbedded({ memory: true, port: 0 });
  const proxy = await startFaultProxy({ target: server.port });
  const client = EventStoreDBClient.connectionString([proxy.connectionString, ...parameters].join("&"));
  const direct = EventStoreDBClient.connectionString(server.connectionString);
  return {
    server,
    proxy,
    client,
    direct,
    async [Symbol.asyncDispose]() {
      await client.dispose();
      await proxy[Symbol.asyncDispose]();
      await direct.dispose();
      await server.stop();
    },
  };
}
