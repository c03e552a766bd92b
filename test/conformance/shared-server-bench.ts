import { EventStoreDBClient } from "@eventstore/db-client";
import { eventStoreTransport, type SendMode } from "@sluice/transport";
import { PATIENCE, serverUnderTest } from "../../transport/test/server-under-test.ts";
import { type EventStoreBench, loseMessage, MESSAGE_TIMEOUT, parkedOf, TOO_LARGE } from "./event-store-bench.ts";

/** Runs the transport against the server that tests share. It cannot be restarted, and no network before it can be cut. */
export async function sharedServerBench(mode: SendMode): Promise<EventStoreBench> {
  const server = await serverUnderTest();
  const { connectionString, name } = server;
  const client = EventStoreDBClient.connectionString(connectionString);
  const createTransport = () =>
    eventStoreTransport({ connectionString, sends: mode, messageTimeout: MESSAGE_TIMEOUT, process: {} });
  let addresses = 0;
  return {
    capabilities: createTransport().capabilities,
    createTransport,
    patience: PATIENCE,
    tooLarge: TOO_LARGE,
    address: () => name(`place${(addresses += 1)}`),
    loseMessage: (address, id) => loseMessage(client, address, id),
    parked: (address) => parkedOf(connectionString, address),
    async [Symbol.asyncDispose]() {
      await client.dispose();
      await server[Symbol.asyncDispose]();
    },
  };
}
