import type { Credentials } from "./credentials.ts";
import { errorOf } from "./error-of.ts";
import type { EventStore } from "./event-store.ts";

/**
 * A client of the server that the connection string leads to. It asks the server nothing yet.
 * `credentials` come before those in the string; where neither has any, calls are made without.
 * @throws ConnectionStringError
 */
export async function openEventStore(connectionString: string, credentials?: Credentials): Promise<EventStore> {
  // The client is large: it is loaded when a connection is opened, not when the extension is activated.
  const { grpcEventStore } = await import("./grpc-event-store.ts");
  return grpcEventStore(connectionString, credentials, errorOf);
}
