import type { Credentials } from "../event-store/credentials.ts";
import type { Server } from "./server.ts";
import { serverErrorOf } from "./server-error-of.ts";

/** Opens the way to a server's components. Nothing is sent before the first call. @throws ConnectionStringError */
export type OpenServer = (connectionString: string, credentials: Credentials | undefined) => Promise<Server>;

/** See {@link OpenServer}. The transport is large: it is loaded when it is first used, not when the extension is activated. */
export const openServer: OpenServer = async (connectionString, credentials) => {
  const { transportServer } = await import("./transport-server.ts");
  return transportServer(connectionString, credentials, serverErrorOf);
};
